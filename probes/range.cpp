// From the text of a range to its ends.
#include "range.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace dcv::probes {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Digits with or without a sign and a fraction: no exponent, no "inf".
std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, code] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  const bool whole = code == std::errc() && end == text.data() + text.size();
  return whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

}  // namespace

Result<Range> parse_range(std::string_view text) {
  Range range{.text = std::string(text)};
  range.inside = text.starts_with('@');
  if (range.inside) text.remove_prefix(1);
  if (text.empty()) return Error{"it has no number"};
  const std::size_t colon = text.find(':');
  const std::string_view end = colon == std::string_view::npos ? text : text.substr(colon + 1);
  if (colon != std::string_view::npos) {
    const std::string_view start = text.substr(0, colon);
    const std::optional<double> value = start == "~" ? -kInfinity : number(start);
    if (!value) return Error{"its start is no number and no ~"};
    range.start = *value;
  }
  const std::optional<double> value = end.empty() ? kInfinity : number(end);
  if (!value) return Error{"its end is no number"};
  range.end = *value;
  if (range.start > range.end) return Error{"it ends before it starts"};
  return range;
}

bool alerts(const Range& range, double value) {
  const bool within = range.start <= value && value <= range.end;
  return within == range.inside;
}

}  // namespace dcv::probes
