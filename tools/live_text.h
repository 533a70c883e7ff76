#pragma once
// A text on a terminal that is drawn anew in its place.

#include <ostream>
#include <string>

namespace dcv::tools {

class LiveText {
 public:
  // Keeps the reference. `rows` of the terminal; 0: not known.
  LiveText(std::ostream& terminal, std::size_t rows) : terminal_(terminal), rows_(rows) {}

  void draw(const std::string& text);
  void clear();

 private:
  std::ostream& terminal_;
  std::size_t rows_;
  std::size_t drawn_ = 0;  // lines
};

}  // namespace dcv::tools
