#pragma once
// Seconds as we keep them (double) for clocks and for people.

#include <chrono>
#include <sstream>
#include <string>

namespace dcv::net {

inline std::chrono::steady_clock::duration to_duration(double seconds) {
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(
      std::chrono::duration<double>(seconds));
}

// "3 s", "0.5 s"
inline std::string seconds_text(double seconds) {
  std::ostringstream text;
  text << seconds << " s";
  return text.str();
}

}  // namespace dcv::net
