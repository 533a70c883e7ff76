// check_dcv: the same question as dcv-preflight, as a monitoring plug-in.
#include "report/render.h"
#include "run.h"

namespace dcv::tools {

const char* const kToolName = "check_dcv";

int run_tool(Environment& environment) {
  ToolUsage usage;
  usage.synopsis = "NAME...";
  usage.summary =
      "A monitoring plug-in: says whether a certificate authority would find the domain-control\n"
      "proof of each NAME now, in one status line with performance data.";
  usage.examples = "  check_dcv www.example.com\n";
  usage.groups = {
      .network = true, .ca = true, .ca_eye = true, .expect = true, .method = true, .file = true};
  const Parsed parsed = parse_options(usage, environment);
  if (!parsed.options) return parsed.status;
  int status = 0;
  const auto observation = observe_names(*parsed.options, environment, status);
  if (!observation) return status;
  const report::Report report = report::make_report(*observation, environment.tool);
  write_output(*parsed.options, environment, report::render(report, report::Format::nagios, {}));
  return check::exit_status(report.verdict);
}

}  // namespace dcv::tools
