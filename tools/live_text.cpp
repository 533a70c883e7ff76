// Cursor movements (ECMA-48). Lines are not wrapped while drawing, so that their number is known.
#include "live_text.h"

#include <sstream>

namespace dcv::tools {
namespace {

constexpr std::size_t kUsualRows = 24;

}  // namespace

void LiveText::draw(const std::string& text) {
  const std::size_t room = (rows_ > 2 ? rows_ : kUsualRows) - 1;
  std::istringstream lines(text);
  std::ostringstream screen;
  std::size_t count = 0;
  for (std::string line; count < room && std::getline(lines, line); ++count)
    screen << line << "\x1b[0m\n";
  clear();
  terminal_ << "\x1b[?7l" << screen.str() << "\x1b[?7h" << std::flush;
  drawn_ = count;
}

void LiveText::clear() {
  if (drawn_ == 0) return;
  terminal_ << "\r\x1b[" << drawn_ << "A\x1b[J" << std::flush;
  drawn_ = 0;
}

}  // namespace dcv::tools
