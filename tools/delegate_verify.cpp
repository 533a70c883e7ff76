// From records that were to be published to the places where a run looks for them.
#include "delegate_verify.h"

#include <algorithm>

#include "delegate_plan.h"
#include "run.h"
#include "shell_word.h"

namespace dcv::tools {
namespace {

using dns::RecordType;

// The records that delegate; those of the new zone and addresses are not looked for.
std::vector<dns::Record> delegating(const rules::Delegation& delegation) {
  std::vector<dns::Record> records = delegation.parts.front().records;
  std::erase_if(records, [](const dns::Record& each) {
    return each.type != RecordType::cname && each.type != RecordType::ns;
  });
  return records;
}

// The walk to the proof from the first record's name, and where the others are to be.
std::vector<dns::Question> places_for(const std::vector<dns::Record>& records) {
  std::vector<dns::Question> places = {{records.front().owner, RecordType::txt}};
  for (const dns::Record& each : records)
    if (each.owner != places.front().name) places.push_back({each.owner, each.type});
  return places;
}

Result<std::vector<resolve::PlannedTarget>> targets_for(const rules::Delegation& delegation) {
  const std::vector<dns::Record> records = delegating(delegation);
  if (records.empty())
    return Error{"--verify is for CNAME and NS records; dcv-preflight --expect tells of tokens"};
  std::vector<resolve::PlannedTarget> targets;
  for (const std::string& text : delegation.identifiers) {
    Result<dns::Identifier> identifier = dns::parse_identifier(text);
    if (!identifier) return Error{identifier.error()};
    resolve::PlannedTarget target{.identifier = std::move(identifier).value()};
    target.places = places_for(records);
    target.delegation = records;
    targets.push_back(std::move(target));
  }
  return targets;
}

// Any delegation will do.
Result<std::vector<resolve::PlannedTarget>> targets_of_names(const Options& options) {
  const auto identifiers = identifiers_of(options);
  if (!identifiers) return Error{identifiers.error()};
  std::vector<resolve::PlannedTarget> targets;
  for (const dns::Identifier& identifier : *identifiers) {
    const bool known = std::ranges::any_of(
        targets, [&](const auto& each) { return each.identifier.text == identifier.text; });
    if (known) continue;
    resolve::PlannedTarget target{.identifier = identifier};
    target.delegation.emplace();
    const auto places = resolve::places_of(target);
    if (!places) return Error{places.error()};
    targets.push_back(std::move(target));
  }
  return targets;
}

}  // namespace

Result<resolve::Plan> verify_plan(const Options& options, const Environment& environment,
                                  const report::DelegationForms& forms) {
  Result<resolve::Plan> walk = plan_without_targets(options, environment);
  if (!walk) return walk;
  resolve::Plan plan = std::move(walk).value();
  if (forms.delegations.empty()) {
    auto targets = targets_of_names(options);
    if (!targets) return Error{targets.error()};
    plan.targets = std::move(targets).value();
    return plan;
  }
  for (const rules::Delegation& each : forms.delegations) {
    auto targets = targets_for(each);
    if (!targets) return Error{targets.error()};
    std::ranges::move(std::move(targets).value(), std::back_inserter(plan.targets));
  }
  return plan;
}

std::string verify_command(const Options& options, const report::DelegationForms& forms) {
  if (std::ranges::any_of(forms.delegations,
                          [](const auto& each) { return delegating(each).empty(); }))
    return "";
  std::string command = "dcv-delegate --verify";
  const auto add = [&](const char* option, const std::string& value) {
    if (!value.empty()) command += std::string(" ") + option + " " + shell_word(value);
  };
  const DelegateOptions& delegate = options.delegate;
  if (delegate.ns) command += " --ns";
  for (const std::string& each : delegate.to) add("--to", each);
  for (const std::string& each : delegate.ids) add("--id", each);
  add("--at", delegate.at);
  add("--target", delegate.target);
  for (const std::string& each : delegate.name_servers) add("--nameserver", each);
  for (const std::string& each : delegate.addresses) add("--address", each);
  add("--zone", delegate.zone);
  add("--providers", options.providers);
  for (const std::string& each : options.positional) command += " " + shell_word(each);
  return command;
}

}  // namespace dcv::tools
