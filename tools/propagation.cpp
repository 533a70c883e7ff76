// dcv-propagation: who sees the records, why not, and when will everyone?
#include "propagation_run.h"
#include "public_plan.h"
#include "run.h"

namespace dcv::tools {

const char* const kToolName = "dcv-propagation";

namespace {

// A NAME stands for its validation name, unless it looks like one or --type asks for the name
// itself.
Result<resolve::PlannedTarget> target_of(const std::string& text, const Options& options) {
  if (!options.type && !text.starts_with('_')) {
    Result<dns::Identifier> identifier = dns::parse_identifier(text);
    if (!identifier) return Error{identifier.error()};
    return resolve::PlannedTarget{.identifier = std::move(identifier).value(),
                                  .expected = options.expect};
  }
  const Result<dns::Name> owner = dns::parse_owner(text);
  if (!owner) return Error{owner.error()};
  dns::Identifier identifier;
  identifier.name = owner->lower();
  identifier.text = identifier.name.prose();
  return resolve::PlannedTarget{.identifier = identifier,
                                .expected = options.expect,
                                .places = {{*owner, options.type.value_or(dns::RecordType::txt)}}};
}

Result<std::vector<resolve::PlannedTarget>> targets_of(const Options& options) {
  std::vector<resolve::PlannedTarget> targets;
  for (const std::string& text : options.positional) {
    Result<resolve::PlannedTarget> target = target_of(text, options);
    if (!target) return Error{target.error()};
    const auto places = resolve::places_of(*target);
    if (!places) return Error{places.error()};
    const auto same = [&](const auto& known) {
      return resolve::places_of(known)->front().name == places->front().name;
    };
    if (std::none_of(targets.begin(), targets.end(), same))
      targets.push_back(std::move(target).value());
  }
  return targets;
}

Result<PropagationPlan> plan_of(const Options& options, const Environment& environment) {
  Result<std::vector<resolve::PlannedTarget>> targets = targets_of(options);
  if (!targets) return Error{targets.error()};
  Result<resolve::Plan> walk = plan_without_targets(options, environment);
  if (!walk) return Error{walk.error()};
  PropagationPlan plan{std::move(walk).value(), std::nullopt};
  plan.walk.targets = std::move(targets).value();
  plan.walk.caa = false;
  Result<resolve::PublicPlan> resolvers = make_public_plan(options);
  if (!resolvers) return Error{resolvers.error()};
  if (!resolvers->resolvers.empty()) plan.resolvers = std::move(resolvers).value();
  if (options.wait && options.wait->with_public && !plan.resolvers)
    return Error{"--public waits for resolvers, but none is left to ask"};
  return plan;
}

}  // namespace

int run_tool(Environment& environment) {
  ToolUsage usage;
  usage.synopsis = "NAME...";
  usage.summary =
      "Shows which authoritative servers and which public resolvers have the TXT records at the\n"
      "validation name of each NAME, why one does not, and when all will. A NAME that begins with\n"
      "an underscore is asked as it is. Resolvers are asked only when the authorities agree.";
  usage.examples =
      "  dcv-propagation --expect VALUE example.com\n"
      "  dcv-propagation --wait 10m --expect VALUE example.com && ...\n"
      "  dcv-propagation --only authority --type NS example.com\n"
      "  dcv-propagation --resolvers google,quad9,192.0.2.53 --via tls example.com\n";
  usage.groups = {.network = true,
                  .expect = true,
                  .public_eye = true,
                  .propagation = true,
                  .matrix = true,
                  .now = true};
  const Parsed parsed = parse_options(usage, environment);
  if (!parsed.options) return parsed.status;
  const Options& options = *parsed.options;
  const Result<PropagationPlan> plan = plan_of(options, environment);
  if (!plan) return usage_error(environment, plan.error());
  require_writable(options);
  return options.wait ? look_until_there(options, *plan, environment)
                      : look_once(options, *plan, environment);
}

}  // namespace dcv::tools
