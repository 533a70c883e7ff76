// RFC 3339 to Unix seconds, "10m" to seconds.
#include "time_text.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "dns/name.h"

namespace dcv::tools {
namespace {

// The offset behind the time: "Z", "+02:00"; seconds east of Greenwich.
bool parse_offset(const char* text, int& seconds) {
  if ((text[0] == 'Z' || text[0] == 'z') && text[1] == 0) return seconds = 0, true;
  int hours = 0, minutes = 0, length = 0;
  char sign = 0;
  if (std::sscanf(text, "%c%2d:%2d%n", &sign, &hours, &minutes, &length) != 3) return false;
  if (text[length] != 0 || (sign != '+' && sign != '-')) return false;
  seconds = (sign == '+' ? 1 : -1) * (hours * 3600 + minutes * 60);
  return true;
}

}  // namespace

Result<double> parse_time(const std::string& text) {
  const Error error{"takes a time such as 2026-12-15T00:00:00Z or Unix seconds, not \"" + text +
                    "\""};
  if (!text.empty() && text.find_first_not_of("0123456789.") == std::string::npos) {
    char* end = nullptr;
    const double seconds = std::strtod(text.c_str(), &end);
    if (*end == 0) return seconds;
    return error;
  }
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, length = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2d%*1[Tt ]%2d:%2d:%2d%n", &year, &month, &day, &hour,
                  &minute, &second, &length) != 6)
    return error;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  int offset = 0;
  if (!date.ok() || hour > 23 || minute > 59 || second > 60 ||
      !parse_offset(text.c_str() + length, offset))
    return error;
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  return static_cast<double>(days) * 86400 + hour * 3600 + minute * 60 + second - offset;
}

Result<double> parse_duration(const std::string& text) {
  constexpr double kWeek = 7 * 86400.0;
  const Error error{"takes a duration such as 90s, 10m, 1h or 7d, at most a week, not " +
                    dns::quoted(text)};
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc()) return error;
  const std::string unit(end, text.data() + text.size());
  if (unit == "m") {
    value *= 60;
  } else if (unit == "h") {
    value *= 3600;
  } else if (unit == "d") {
    value *= 86400;
  } else if (!unit.empty() && unit != "s") {
    return error;
  }
  if (!std::isfinite(value) || value <= 0 || value > kWeek) return error;
  return value;
}

}  // namespace dcv::tools
