// dcv-trace: which servers and aliases lead to the validation name?
#include "report/render.h"
#include "run.h"

namespace dcv::tools {

const char* const kToolName = "dcv-trace";

int run_tool(Environment& environment) {
  ToolUsage usage;
  usage.synopsis = "NAME...";
  usage.summary =
      "Shows the way from the root to the domain-control proof of each NAME: zones, servers,\n"
      "aliases, and what stands at the end.";
  usage.examples =
      "  dcv-trace www.example.com\n"
      "  dcv-trace --servers '*.example.com'\n"
      "  dcv-trace --method dns-cname --ca digicert example.com\n";
  usage.groups = {.network = true, .ca = true, .method = true, .trace = true};
  const Parsed parsed = parse_options(usage, environment);
  if (!parsed.options) return parsed.status;
  const Options& options = *parsed.options;
  int status = 0;
  const auto observation = observe_names(options, environment, status);
  if (!observation) return status;
  const bool json = options.format == report::Format::json;
  write_output(options, environment,
               json ? report::render_trace_json(*observation, environment.tool)
                    : report::render_trace_text(*observation, {options.color, options.servers}));
  return check::exit_status(report::make_report(*observation, environment.tool).verdict);
}

}  // namespace dcv::tools
