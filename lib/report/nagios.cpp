// The report as a monitoring plug-in prints it: one status line with performance data, then a line
// a finding.
#include "report/formats.h"
#include "report/plugin.h"

namespace dcv::report {

std::string render_nagios(const Report& report) {
  std::string text = "DCV " + std::string(report::text(state_of(report.verdict))) + " - " +
                     summary_of(report) + " | " + performance(report, readings(report)) + "\n";
  for (const FindingLine& line : finding_lines(report)) text += line.text + "\n";
  return text;
}

}  // namespace dcv::report
