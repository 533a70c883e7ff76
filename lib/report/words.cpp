// How times, shares and hostile text are written. Knows no format.
#include "report/words.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>

namespace dcv::report {
namespace {

// The length of the UTF-8 sequence at the start of `text` and its code point; 0 when it is none.
struct Sequence {
  std::size_t length = 0;
  char32_t point = 0;
};

Sequence decoded(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return {1, first};
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return {};
  auto point = static_cast<char32_t>(first & (0x7f >> length));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    point = point << 6 | (byte(i) & 0x3fU);
  }
  const char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (point < least[length] || point > 0x10ffff) return {};
  if (point >= 0xd800 && point <= 0xdfff) return {};
  return {length, point};
}

bool is_harmless(char32_t point) {
  const bool control = point < 0x20 || (point >= 0x7f && point <= 0x9f);
  const bool line_end = point == 0x2028 || point == 0x2029;
  const bool bidirectional = point == 0x61c || point == 0x200e || point == 0x200f ||
                             (point >= 0x202a && point <= 0x202e) ||
                             (point >= 0x2066 && point <= 0x2069);
  return !control && !line_end && !bidirectional;
}

// Years 1970 to 9999, whatever a file says.
double clamped(double unix_seconds) {
  return std::clamp(unix_seconds, 0.0, 253402300799.0);
}

std::string formatted_time(double unix_seconds, const char* format) {
  const auto whole = static_cast<std::time_t>(std::floor(unix_seconds));
  std::tm parts{};
  gmtime_r(&whole, &parts);
  char text[64];
  return {text, std::strftime(text, sizeof text, format, &parts)};
}

}  // namespace

std::string printable(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const Sequence next = decoded(text);
    const std::size_t length = std::max<std::size_t>(next.length, 1);
    if (next.length > 0 && is_harmless(next.point)) {
      safe += text.substr(0, length);
    } else {
      for (const char letter : text.substr(0, length)) {
        char escape[8];
        std::snprintf(escape, sizeof escape, "\\%03u", static_cast<std::uint8_t>(letter));
        safe += escape;
      }
    }
    text.remove_prefix(length);
  }
  return safe;
}

std::string upper(std::string_view text) {
  std::string changed(text);
  for (char& letter : changed) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  }
  return changed;
}

std::string replaced(std::string text, char old, std::string_view with) {
  for (std::size_t at = 0; (at = text.find(old, at)) != std::string::npos; at += with.size()) {
    text.replace(at, 1, with);
  }
  return text;
}

std::string_view without_dot(std::string_view name) {
  if (name.size() > 1 && name.ends_with('.')) name.remove_suffix(1);
  return name;
}

// Continuation bytes of UTF-8 do not count.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char letter) { return (letter & 0xc0) != 0x80; }));
}

std::string padded(std::string text, std::size_t width) {
  const std::size_t used = columns(text);
  return used < width ? text + std::string(width - used, ' ') : text;
}

std::string folded(std::string_view text, std::size_t width, std::size_t used, std::size_t indent) {
  if (width <= indent) return std::string(text);
  std::string lines;
  bool first = true;
  while (true) {
    const std::size_t blank = text.find(' ');
    const std::string_view word = text.substr(0, blank);
    const std::size_t wanted = columns(word) + (first ? 0 : 1);
    if (!first && used + wanted > width && used > indent) {
      lines += "\n" + std::string(indent, ' ');
      used = indent + wanted - 1;
    } else {
      if (!first) lines += ' ';
      used += wanted;
    }
    lines += word;
    first = false;
    if (blank == std::string_view::npos) return lines;
    text.remove_prefix(blank + 1);
  }
}

double rounded(double number, int decimals) {
  const double scale = std::pow(10, decimals);
  const double scaled = std::round(number * scale);
  return std::isfinite(scaled) ? scaled / scale : number;
}

std::string fixed(double number, int decimals) {
  char text[400];
  std::snprintf(text, sizeof text, "%.*f", decimals, rounded(number, decimals));
  return text;
}

std::string counted(std::size_t count, const std::string& noun) {
  const bool hisses = noun.ends_with("s");  // address
  return std::to_string(count) + " " + noun + (count == 1 ? "" : hisses ? "es" : "s");
}

std::string rfc3339(double unix_seconds) {
  return formatted_time(clamped(unix_seconds), "%Y-%m-%dT%H:%M:%SZ");
}

std::string rfc3339_precise(double unix_seconds) {
  const double rounded = std::round(clamped(unix_seconds) * 1000) / 1000;
  const auto milliseconds =
      static_cast<int>(std::lround((rounded - std::floor(rounded)) * 1000)) % 1000;
  char fraction[16];
  std::snprintf(fraction, sizeof fraction, ".%03dZ", milliseconds);
  return formatted_time(rounded, "%Y-%m-%dT%H:%M:%S") + fraction;
}

std::string percent(double share) {
  double shown = std::round(share * 100);
  if (share > 0) shown = std::max(shown, 1.0);
  if (share < 1) shown = std::min(shown, 99.0);
  return fixed(shown, 0) + " %";
}

std::string duration(double seconds) {
  const auto whole = static_cast<long>(std::ceil(std::clamp(seconds, 0.0, 1e12)));
  const auto two = [](long big, const char* big_unit, long small, const char* small_unit) {
    std::string text = std::to_string(big) + " " + big_unit;
    if (small > 0) text += " " + std::to_string(small) + " " + small_unit;
    return text;
  };
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600) return two(whole / 60, "min", whole % 60, "s");
  if (whole < 86400) return two(whole / 3600, "h", whole % 3600 / 60, "min");
  return two(whole / 86400, "d", whole % 86400 / 3600, "h");
}

std::string chance_text(const check::Judgement& target) {
  // Ready and blocked say it themselves.
  const bool open = target.verdict == check::Verdict::at_risk;
  const bool told = target.chance && *target.chance < 1 && (open || *target.chance > 0);
  return told ? percent(*target.chance) : "";
}

std::string_view affects_note(check::Affects affects, bool explains) {
  switch (affects) {
    case check::Affects::ca:
      return "";
    case check::Affects::client:
      return "concerns clients and this network, not the CA";
    case check::Affects::hygiene:
      return explains ? "" : "does not disturb anybody yet";
  }
  return "";
}

std::string_view seen(const check::Evidence& evidence) {
  std::string_view saw = evidence.saw;
  const std::string type = evidence.question.substr(evidence.question.rfind(' ') + 1) + " ";
  if (type.size() > 1 && saw.starts_with(type)) saw.remove_prefix(type.size());
  return saw;
}

std::string listed(const std::vector<std::string>& words) {
  std::string list;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) list += i + 1 == words.size() ? " and " : ", ";
    list += words[i];
  }
  return list;
}

std::string_view sentence(check::Verdict verdict) {
  switch (verdict) {
    case check::Verdict::ready:
      return "Nothing stands in the way of an order.";
    case check::Verdict::at_risk:
      return "An order may fail.";
    case check::Verdict::blocked:
      return "An order would fail now.";
    case check::Verdict::unknown:
      return "This could not be judged from here.";
  }
  return "";
}

std::string stats_line(const observe::Stats& stats) {
  return counted(static_cast<std::size_t>(stats.queries), "question") + ", " +
         counted(static_cast<std::size_t>(stats.round_trips), "round trip") + ", " +
         fixed(stats.seconds, 2) + " s";
}

}  // namespace dcv::report
