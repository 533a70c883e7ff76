// dcv-replay: render or judge a saved observation again, offline.
#include "ca.h"
#include "observe/observation_json.h"
#include "report/render.h"
#include "run.h"

namespace dcv::tools {

const char* const kToolName = "dcv-replay";

int run_tool(Environment& environment) {
  ToolUsage usage;
  usage.synopsis = "FILE";
  usage.summary =
      "Judges an observation that --save wrote, anew and without the network, and shows the\n"
      "report in any format, or the walk (--trace). FILE may be - for standard input.";
  usage.examples =
      "  dcv-replay seen.json\n"
      "  dcv-replay --format html --output report.html seen.json\n"
      "  dcv-replay --ca sectigo --ca strict seen.json\n"
      "  dcv-replay --trace --servers seen.json\n";
  usage.groups = {.ca = true, .expect = true, .report = true, .replay = true, .now = true};
  usage.most = 1;
  const Parsed parsed = parse_options(usage, environment);
  if (!parsed.options) return parsed.status;
  const Options& options = *parsed.options;
  const bool json = options.format == report::Format::json;
  if (options.servers && !options.trace)
    return usage_error(environment, "--servers goes with --trace only");
  if (options.trace && !json && options.format != report::Format::text)
    return usage_error(environment, "--trace has no other formats than text and json");
  const std::string& path = options.positional.front();
  const Result<std::string> text = read_file(path);
  if (!text) return usage_error(environment, text.error());
  Result<observe::Observation> loaded = observe::from_json(*text);
  if (!loaded) return usage_error(environment, path + ": " + loaded.error());
  observe::Observation observation = std::move(loaded).value();
  if (!options.cas.empty()) {
    Result<std::vector<observe::CaProfile>> profiles =
        choose_profiles(options.cas, options.ca_profiles);
    if (!profiles) return usage_error(environment, profiles.error());
    observation.profiles = std::move(profiles).value();
  }
  if (!options.account_uris.empty()) observation.account_uris = options.account_uris;
  if (options.now) observation.now = *options.now;
  if (!options.expect.empty()) {
    for (observe::Target& target : observation.targets) target.expected = options.expect;
  }
  const report::Report report = report::make_report(observation, "dcv-preflight");
  std::string document;
  if (!options.trace) {
    document =
        report::render(report, options.format, {options.color, options.verbosity, options.width});
  } else if (json) {
    document = report::render_trace_json(observation, "dcv-trace");
  } else {
    document = report::render_trace_text(observation, {options.color, options.servers});
  }
  write_output(options, environment, document);
  return check::exit_status(report.verdict);
}

}  // namespace dcv::tools
