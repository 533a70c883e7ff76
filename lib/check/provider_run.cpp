// What the names of one run have in common with each other that they should not, or have not.
#include <algorithm>
#include <set>

#include "check/alias.h"
#include "check/provider.h"

namespace dcv::check::provider {

using observe::Step;
using observe::Target;

namespace {

// Its identifier belongs to a zone in an account; those of others to a host or an application.
constexpr std::string_view kOneIdForAZone = "cloudflare";

// The row and customer that a target's alias leads to, where that customer has one id for a zone.
struct Account {
  const observe::Provider* row = nullptr;
  std::string id;
};

std::optional<Account> account_of(const observe::Observation& observation, const Target& target) {
  if (target.steps.empty() || !target.steps.front().target) return {};
  const Step& step = target.steps.front();
  const auto matches =
      rules::recognise(step.name, dns::RecordType::cname, *step.target, observation.providers);
  if (matches.empty() || !matches.front().target_fits ||
      matches.front().provider->id != kOneIdForAZone)
    return {};
  return Account{matches.front().provider, matches.front().id};
}

void check_ids(const Case& test, std::vector<Finding>& findings) {
  const auto own = account_of(test.observation, test.target);
  if (!own) return;
  const Step& step = test.target.steps.front();
  for (const Target& each : test.observation.targets) {
    if (each.validation_name == test.target.validation_name) continue;
    const auto other = account_of(test.observation, each);
    const bool differs = other && other->row->id == own->row->id && other->id != own->id &&
                         each.steps.front().zone == step.zone;
    if (!differs) continue;
    Finding finding = found("provider-ids-differ", step.name,
                            {{"owner", alias::prose(step.name)},
                             {"other", alias::prose(each.steps.front().name)},
                             {"provider", own->row->title},
                             {"id", own->id},
                             {"other_id", other->id}});
    alias::Exchanges shown;
    if (const auto* reply = alias::alias_reply(test, step)) shown.push_back(reply);
    if (const auto* reply = alias::alias_reply(test, each.steps.front())) shown.push_back(reply);
    finding.evidence = alias::evidence(test, shown);
    finding.remedy.action = "Compare both with the identifier that " + own->row->title +
                            " shows for the zone now, and replace the one that is no longer it.";
    findings.push_back(std::move(finding));
    return;
  }
}

// Where the alias of another name than this one's leads to the very same name.
void check_shared(const Case& test, std::vector<Finding>& findings) {
  const auto& steps = test.target.steps;
  if (steps.size() < 2) return;
  if (!test.target.expected.empty() && alias::holds_proof(test)) return;
  const dns::Name& end = steps.back().name;
  std::set<dns::Name> owners{test.target.validation_name};
  for (const Target& each : test.observation.targets)
    if (each.steps.size() > 1 && each.steps.back().name == end) owners.insert(each.validation_name);
  if (owners.size() < 2) return;
  std::vector<std::string> names;
  for (const dns::Name& owner : owners) names.push_back(alias::prose(owner));
  Finding finding = found("provider-shared-target", end,
                          {{"owners", joined(names)}, {"target", alias::prose(end)}});
  if (const auto* shown = alias::alias_reply(test, steps[steps.size() - 2]))
    finding.evidence = alias::evidence(test, {shown});
  finding.remedy.action = "Give " + alias::prose(test.target.validation_name) +
                          " a target of its own, or order one name after the other.";
  findings.push_back(std::move(finding));
}

}  // namespace

void check_run(const Case& test, std::vector<Finding>& findings) {
  check_ids(test, findings);
  check_shared(test, findings);
}

}  // namespace dcv::check::provider
