// The colour codes (ECMA-48 SGR) and which colour means what.
#include "report/color.h"

namespace dcv::report {

std::string Painter::paint(std::string_view text, Color color) const {
  switch (color) {
    case Color::bold:
      return coded(text, "1");
    case Color::dim:
      return coded(text, "2");
    case Color::red:
      return coded(text, "31");
    case Color::green:
      return coded(text, "32");
    case Color::yellow:
      return coded(text, "33");
    case Color::blue:
      return coded(text, "34");
    case Color::magenta:
      return coded(text, "35");
    case Color::cyan:
      return coded(text, "36");
  }
  return std::string(text);
}

std::string Painter::paint(std::string_view text, check::Verdict verdict) const {
  switch (verdict) {
    case check::Verdict::ready:
      return coded(text, "1;32");
    case check::Verdict::at_risk:
      return coded(text, "1;33");
    case check::Verdict::blocked:
      return coded(text, "1;31");
    case check::Verdict::unknown:
      return coded(text, "1;35");
  }
  return std::string(text);
}

std::string Painter::paint(std::string_view text, check::Severity severity) const {
  switch (severity) {
    case check::Severity::error:
      return coded(text, "1;31");
    case check::Severity::warning:
      return coded(text, "1;33");
    case check::Severity::notice:
      return coded(text, "1;34");
    case check::Severity::info:
      return coded(text, "1;36");
  }
  return std::string(text);
}

std::string Painter::coded(std::string_view text, std::string_view code) const {
  if (!enabled_ || text.empty()) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

}  // namespace dcv::report
