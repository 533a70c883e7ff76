#pragma once
// The finished report: all that a renderer may know. Renderers choose nothing.

#include <string>
#include <vector>

#include "check/evaluate.h"
#include "observe/observation.h"

namespace dcv::report {

struct Report {
  std::string tool, tool_version;
  double at = 0;                                     // Unix seconds: when the observation was made
  check::Verdict verdict = check::Verdict::unknown;  // the worst
  std::vector<check::Judgement> targets;
  observe::Stats stats;
};

// Judges every target.
Report make_report(const observe::Observation& observation, const std::string& tool);

}  // namespace dcv::report
