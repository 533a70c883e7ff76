// Puts the judgements of an observation together into a report.
#include "report/report.h"

namespace dcv::report {

Report make_report(const observe::Observation& observation, const std::string& tool) {
  Report report{.tool = tool,
                .tool_version = DCV_VERSION,
                .at = observation.started_at,
                .verdict = check::Verdict::unknown,
                .targets = check::evaluate(observation),
                .stats = observation.stats};
  if (report.targets.empty()) return report;
  report.verdict = report.targets.front().verdict;
  for (const check::Judgement& target : report.targets) {
    report.verdict = check::worse(report.verdict, target.verdict);
  }
  return report;
}

}  // namespace dcv::report
