#pragma once
// The ranges of the monitoring plug-ins' guidelines, by which a number alerts or does not.

#include <string>
#include <string_view>

#include "dns/result.h"

namespace dcv::probes {

// Both ends belong to the range; an end that is not there is infinite.
struct Range {
  double start = 0, end = 0;
  bool inside = false;  // alert inside of it, not outside
  std::string text;     // as it was given
};

// "[@][start:][end]", where the start ~ is minus infinity. The error goes on after "is no range: ".
Result<Range> parse_range(std::string_view text);

bool alerts(const Range& range, double value);

}  // namespace dcv::probes
