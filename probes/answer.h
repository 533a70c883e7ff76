#pragma once
// What a plug-in answers: state, why, and numbers; and its outputs.

#include <string>
#include <vector>

#include "observe/observation.h"
#include "report/plugin.h"
#include "thresholds.h"

namespace dcv::probes {

struct Answer {
  report::State state = report::State::unknown;
  std::string summary;                    // one line, after the state
  std::vector<std::string> alarms;        // a line each, the time-out first
  std::vector<report::Reading> readings;  // point into the report
};

// The worst of verdict and limits. A time-out is unknown whatever the two say, since they know only
// a part; `time_out` tells of it; empty: none.
Answer answer_of(const report::Report& report, const Limits& limits, const std::string& time_out);

// Nagios and Icinga. Verbosity 0 is the status line, 1 alarms and findings, 2 evidence and
// remedies, 3 the walk of `observation`.
std::string nagios_text(const Answer& answer, const report::Report& report,
                        const observe::Observation& observation, int verbosity);

// A local check of Checkmk: a line, with its service, for each name and CA.
std::string checkmk_text(const report::Report& report, const Limits& limits,
                         const std::string& time_out);

}  // namespace dcv::probes
