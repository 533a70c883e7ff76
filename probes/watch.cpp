// dcv-watch: what has changed at my names, before the CA asks?
#include "watch_options.h"
#include "watch_run.h"
#include "watch_show.h"

namespace dcv::tools {

const char* const kToolName = "dcv-watch";

int run_tool(Environment& environment) {
  const probes::ParsedWatch parsed = probes::parse_watch_options(environment);
  if (!parsed.options) return parsed.status;
  try {
    if (parsed.options->command == probes::Command::run)
      return probes::run_watch(*parsed.options, environment);
    return probes::show(*parsed.options, environment);
  } catch (const probes::Refused& problem) {
    return usage_error(environment, problem.what());
  }
}

}  // namespace dcv::tools
