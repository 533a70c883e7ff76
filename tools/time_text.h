#pragma once
// Points in time and durations as people write them.

#include <string>

#include "dns/result.h"

namespace dcv::tools {

// "2026-12-15T00:00:00Z" (RFC 3339, with Z or an offset) or Unix seconds, as Unix seconds.
Result<double> parse_time(const std::string& text);

// "600" or "600s", "10m", "1h": seconds, more than 0 and at most a week.
Result<double> parse_duration(const std::string& text);

}  // namespace dcv::tools
