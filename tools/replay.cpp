// dcv-replay: render or judge a saved observation again, offline.
#include <algorithm>

#include "ca.h"
#include "observe/observation_json.h"
#include "report/matrix.h"
#include "report/render.h"
#include "run.h"

namespace dcv::tools {

const char* const kToolName = "dcv-replay";

namespace {

struct Replayed {
  std::string document;
  check::Verdict verdict;
};

// As the tool that made such documents would have written it.
Replayed replay(const Options& options, const observe::Observation& observation) {
  const bool json = options.format == report::Format::json;
  const report::Style style{options.color, options.verbosity, options.width};
  if (options.propagation) {
    const report::Propagations seen = report::propagations_of(observation);
    const report::MatrixStyle matrix{style, options.all, options.only};
    return {json ? report::render_matrix_json(seen, matrix, "dcv-propagation", false)
                 : report::render_matrix_text(seen, matrix),
            seen.verdict};
  }
  const bool delegates = std::ranges::any_of(
      observation.targets, [](const auto& target) { return target.delegation.has_value(); });
  const report::Report report =
      report::make_report(observation, delegates ? "dcv-delegate" : "dcv-preflight");
  if (!options.trace) return {report::render(report, options.format, style), report.verdict};
  return {json ? report::render_trace_json(observation, "dcv-trace")
               : report::render_trace_text(observation, {options.color, options.servers}),
          report.verdict};
}

// A sentence where options do not go together, else empty.
std::string conflict(const Options& options) {
  const bool plain =
      options.format == report::Format::json || options.format == report::Format::text;
  if (options.trace && options.propagation) return "--trace and --propagation exclude each other";
  if (options.servers && !options.trace) return "--servers goes with --trace only";
  if ((options.all || !options.only.empty()) && !options.propagation)
    return "--all and --only go with --propagation only";
  if (options.trace && !plain) return "--trace has no other formats than text and json";
  if (options.propagation && !plain) return "--propagation has no other formats than text and json";
  return "";
}

}  // namespace

int run_tool(Environment& environment) {
  ToolUsage usage;
  usage.synopsis = "FILE";
  usage.summary =
      "Judges an observation that --save wrote, anew and without the network, and shows the\n"
      "report in any format, the walk (--trace) or the matrix (--propagation). FILE may be - for\n"
      "standard input.";
  usage.examples =
      "  dcv-replay seen.json\n"
      "  dcv-replay --format html --output report.html seen.json\n"
      "  dcv-replay --ca sectigo --ca strict seen.json\n"
      "  dcv-replay --trace --servers seen.json\n"
      "  dcv-replay --propagation --all seen.json\n";
  usage.groups = {
      .ca = true, .expect = true, .report = true, .replay = true, .matrix = true, .now = true};
  usage.most = 1;
  const Parsed parsed = parse_options(usage, environment);
  if (!parsed.options) return parsed.status;
  Options options = *parsed.options;
  if (options.trace || options.propagation) options.format = format_of_text_or_json(options);
  const std::string slip = conflict(options);
  if (!slip.empty()) return usage_error(environment, slip);
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
  if (!options.providers.empty()) {
    Result<std::vector<observe::Provider>> providers = own_providers(options.providers);
    if (!providers) return usage_error(environment, providers.error());
    observation.providers = std::move(providers).value();
  }
  if (!options.account_uris.empty()) observation.account_uris = options.account_uris;
  if (options.now) observation.now = *options.now;
  if (!options.expect.empty()) {
    for (observe::Target& target : observation.targets) target.expected = options.expect;
  }
  const Replayed replayed = replay(options, observation);
  write_output(options, environment, replayed.document);
  return check::exit_status(replayed.verdict);
}

}  // namespace dcv::tools
