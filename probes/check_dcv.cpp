// check_dcv: the same question as dcv-preflight, as a monitoring plug-in.
#include <exception>

#include "answer.h"
#include "discovery.h"
#include "run.h"
#include "stages.h"

namespace dcv::tools {

const char* const kToolName = "check_dcv";

namespace {

ToolUsage usage() {
  ToolUsage usage;
  usage.synopsis = "-H NAME...";
  usage.summary =
      "A monitoring plug-in: says whether a certificate authority would find the domain-control\n"
      "proof of each NAME now, in one status line with performance data. Metrics for -w and -c:\n";
  for (const report::PluginMetric& metric : report::plugin_metrics())
    usage.summary +=
        std::string(metric.name) + (&metric == &report::plugin_metrics().back() ? "." : ", ");
  usage.examples =
      "  check_dcv -H www.example.com\n"
      "  check_dcv -H www.example.com -H '*.example.com' -t 20 -v\n"
      "  check_dcv -H example.com -w agreement=1: -w signature_days=7: -c signature_days=3:\n"
      "  check_dcv -H example.com --ca letsencrypt --ca sectigo --format checkmk\n";
  usage.groups = {.network = true,
                  .ca = true,
                  .ca_eye = true,
                  .expect = true,
                  .method = true,
                  .file = true,
                  .public_eye = true,
                  .public_wish = true,
                  .plugin = true};
  return usage;
}

int check(Environment& environment) {
  const Parsed parsed = parse_options(usage(), environment);
  if (!parsed.options) return parsed.status;
  const Options& options = *parsed.options;
  const PluginOptions& wanted = options.plugin;
  const Result<probes::Limits> limits =
      probes::parse_limits(wanted.warning, wanted.critical, wanted.require);
  if (!limits) return usage_error(environment, limits.error());
  const Result<resolve::Plan> plan = plan_for(options, environment);
  if (!plan) return usage_error(environment, plan.error());
  if (wanted.format == "zabbix-lld") {
    environment.out << probes::zabbix_discovery(*plan);
    return 0;
  }
  int status = 0;
  const auto observation = observe_plan(options, *plan, environment, status);
  if (!observation) return status;
  const report::Report report = report::make_report(*observation, environment.tool);
  const std::string time_out = probes::time_out_text(*observation);
  if (wanted.format == "checkmk") {
    environment.out << probes::checkmk_text(report, *limits, time_out);
    return 0;
  }
  const probes::Answer answer = probes::answer_of(report, *limits, time_out);
  environment.out << probes::nagios_text(answer, report, *observation, wanted.verbosity);
  return wanted.exit_ok ? 0 : report::exit_status(answer.state);
}

}  // namespace

int run_tool(Environment& environment) {
  environment.cannot_go_on = kExitUnknown;
  try {
    return check(environment);
  } catch (const std::exception& error) {
    return usage_error(environment, error.what());
  }
}

}  // namespace dcv::tools
