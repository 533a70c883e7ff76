// From records that were to be published to the places where a run looks for them.
#include "delegate_verify.h"

#include <algorithm>

#include "ca.h"
#include "delegate_plan.h"
#include "rules/method.h"
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

// How the CA behind a delegation looks at it, as the provider's row of the table says.
struct Way {
  rules::Method method = rules::Method::dns_01;
  std::vector<std::string> cas;  // CaProfile::name; empty: all of the run

  bool is_token() const { return rules::proof_of(method) == rules::Proof::token; }
};

bool serves(const observe::Provider& row, const std::string& ca) {
  return row.cas.empty() || std::ranges::find(row.cas, ca) != row.cas.end();
}

// Without --ca it is the default CA, or the row's first where the provider does not use that one.
Result<Way> way_of(const observe::Provider* row, const Options& options,
                   const std::vector<observe::CaProfile>& profiles) {
  Way way;
  if (row != nullptr && !row->method.empty()) way.method = rules::method_of(row->method);
  if (options.cas.empty()) {
    const std::string& usual = profiles.front().name;
    way.cas = {row == nullptr || serves(*row, usual) ? usual : row->cas.front()};
  } else if (row != nullptr && way.is_token()) {
    for (const observe::CaProfile& profile : profiles)
      if (serves(*row, profile.name)) way.cas.push_back(profile.name);
    if (way.cas.empty())
      return Error{row->id + " proves control to " + row->cas.front() + " only; leave out --ca " +
                   profiles.front().name};
  }
  return way;
}

// The walk to the proof from the first record's name, and where the others are to be. A token is
// the record itself; elsewhere the proof stands where the record at _acme-challenge leads.
std::vector<dns::Question> places_for(std::vector<dns::Record> records, const Way& way) {
  std::ranges::stable_partition(records, [](const dns::Record& each) {
    return each.owner.labels().front() == "_acme-challenge";
  });
  const dns::Record& first = records.front();
  std::vector<dns::Question> places = {
      {first.owner, way.is_token() ? first.type : RecordType::txt}};
  for (const dns::Record& each : records)
    if (each.owner != first.owner) places.push_back({each.owner, each.type});
  return places;
}

Result<std::vector<resolve::PlannedTarget>> targets_for(const rules::Delegation& delegation,
                                                        const Way& way) {
  const std::vector<dns::Record> records = delegating(delegation);
  if (records.empty())
    return Error{"--verify is for CNAME and NS records; dcv-preflight --expect tells of tokens"};
  std::vector<resolve::PlannedTarget> targets;
  for (const std::string& text : delegation.identifiers) {
    Result<dns::Identifier> identifier = dns::parse_identifier(text);
    if (!identifier) return Error{identifier.error()};
    resolve::PlannedTarget target{.identifier = std::move(identifier).value()};
    target.places = places_for(records, way);
    target.method = rules::text(way.method);
    target.delegation = records;
    targets.push_back(target);
    for (std::size_t i = 0; i < way.cas.size(); ++i) {
      if (i > 0) targets.push_back(target);
      targets.back().profile = way.cas[i];
    }
  }
  return targets;
}

// Returns what is wrong; empty if nothing is.
std::string add_targets(const report::DelegationForms& forms, const Options& options,
                        resolve::Plan& plan) {
  std::vector<std::string> cas = options.cas;
  for (const rules::Delegation& each : forms.delegations) {
    const auto* row = rules::find_provider(each.provider, plan.providers);
    const Result<Way> way = way_of(row, options, plan.profiles);
    if (!way) return way.error();
    auto targets = targets_for(each, *way);
    if (!targets) return targets.error();
    std::ranges::move(std::move(targets).value(), std::back_inserter(plan.targets));
    if (options.cas.empty()) cas.push_back(way->cas.front());
  }
  auto profiles = choose_profiles(cas, options.ca_profiles);
  if (!profiles) return profiles.error();
  plan.profiles = std::move(profiles).value();
  return "";
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
  const std::string fault = add_targets(forms, options, plan);
  if (!fault.empty()) return Error{fault};
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
  for (const std::string& each : options.cas) add("--ca", each);
  add("--ca-profiles", options.ca_profiles);
  add("--providers", options.providers);
  for (const std::string& each : options.positional) command += " " + shell_word(each);
  return command;
}

}  // namespace dcv::tools
