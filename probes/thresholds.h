#pragma once
// The limits that a user sets to the numbers of a report, and what they alert of.

#include <string>
#include <vector>

#include "dns/result.h"
#include "range.h"
#include "report/plugin.h"

namespace dcv::probes {

struct Limit {
  std::string metric;
  report::State state = report::State::warning;  // when the range alerts
  Range range;
};

struct Limits {
  std::vector<Limit> ranges;          // at most one a metric and state
  std::vector<std::string> required;  // metrics without which the state is unknown
};

// From "METRIC=RANGE" and, for `required`, "METRIC". An error is one sentence.
Result<Limits> parse_limits(const std::vector<std::string>& warning,
                            const std::vector<std::string>& critical,
                            const std::vector<std::string>& required);

struct Alarm {
  report::State state = report::State::warning;
  const check::Judgement* target = nullptr;  // null: of the run
  std::string text;                          // "longest_ttl 86400s is out of 3600"
};

struct Verdicts {
  std::vector<Alarm> alarms;            // at most one a reading: the worst
  std::vector<std::string> unmeasured;  // metrics with a range but without a value, each once
};
// Writes the ranges into the readings, and says which alert.
Verdicts apply(const Limits& limits, std::vector<report::Reading>& readings);

}  // namespace dcv::probes
