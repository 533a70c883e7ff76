#pragma once
// ANSI colours for a terminal; without colour the text stays as it is.

#include <string>
#include <string_view>

#include "check/evaluate.h"

namespace dcv::report {

enum class Color { bold, dim, red, green, yellow, blue, magenta, cyan };

class Painter {
 public:
  explicit Painter(bool enabled) : enabled_(enabled) {}

  std::string paint(std::string_view text, Color color) const;
  // Bold in the colour of the verdict or severity.
  std::string paint(std::string_view text, check::Verdict verdict) const;
  std::string paint(std::string_view text, check::Severity severity) const;

 private:
  std::string coded(std::string_view text, std::string_view code) const;

  bool enabled_;
};

}  // namespace dcv::report
