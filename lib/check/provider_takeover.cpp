// Delegations to what nobody holds, and anybody could get hold of.
#include <algorithm>
#include <set>

#include "check/alias.h"
#include "check/provider.h"
#include "rules/method.h"

namespace dcv::check::provider {

using observe::Purpose;
using observe::Step;
using observe::StepEnd;

namespace {

// The proof questions to the zone's servers, when there are some and all of them were refused.
alias::Exchanges refusals(const Case& test, const Step& step) {
  alias::Exchanges refused;
  std::set<dns::IpAddress> seen;
  for (const observe::Exchange* exchange :
       test.select({.zone = &step.zone, .name = &step.name, .purpose = Purpose::proof})) {
    if (!exchange->kind) {
      if (observe::blames_server(*exchange)) return {};
      continue;
    }
    if (*exchange->kind != dns::ReplyKind::refused) return {};
    if (seen.insert(exchange->address).second) refused.push_back(exchange);
  }
  return refused;
}

// The record in the place of the alias; which addresses a host should have only its owner knows.
std::vector<Edit> proof_in_place(const Case& test, const Step& step) {
  if (rules::proof_of(rules::method_of(test.target.method)) == rules::Proof::web) return {};
  return alias::replace_alias(test, step, alias::txt_lines(step.name, alias::proof_values(test)));
}

dns::Name host_of(const observe::Target& target) {
  const std::string& text = target.identifier;
  const auto name = dns::Name::parse(text.starts_with("*.") ? text.substr(2) : text);
  return name ? *name : target.validation_name;
}

// The zone of the name itself is its owner's to mend; what the proof alone depends on is not.
void check_zone(const Case& test, std::vector<Finding>& findings) {
  const Step& last = test.target.steps.back();
  if (last.end != StepEnd::no_usable_reply || host_of(test.target).is_within(last.zone)) return;
  const alias::Exchanges refused = refusals(test, last);
  // Servers that the zone names after itself are its owner's, not a hoster's with other customers.
  const auto is_own = [&](const auto* each) { return each->server.is_within(last.zone); };
  if (std::ranges::all_of(refused, is_own)) return;
  Finding finding = found(
      "provider-zone-unclaimed", last.zone,
      {{"zone", alias::prose(last.zone)}, {"name", alias::prose(test.target.validation_name)}});
  finding.evidence = alias::evidence(test, refused);
  const std::string owner = alias::prose(test.target.validation_name);
  finding.remedy.action = "Create the zone " + alias::prose(last.zone) +
                          " there before somebody else does, or remove the delegation at " + owner +
                          ".";
  if (test.target.steps.size() > 1) {
    const Step& step = test.target.steps[test.target.steps.size() - 2];
    finding.remedy.edits = proof_in_place(test, step);
  }
  findings.push_back(std::move(finding));
}

// Each customer has a zone of its own there, or names without any below them: when the provider's
// own zone denies the target, nobody has the name that customers register.
void check_name(const Case& test, std::vector<Finding>& findings) {
  const auto& steps = test.target.steps;
  const Step& last = steps.back();
  if (steps.size() < 2 || last.end != StepEnd::nxdomain) return;
  const Step& owner = steps[steps.size() - 2];
  for (const rules::Match& match :
       rules::recognise(test.target.validation_name, dns::RecordType::cname, last.name,
                        test.observation.providers)) {
    if (!match.provider->claimable || !match.target_fits) continue;
    const auto claim = dns::Name::parse(match.zone);
    if (!claim || last.zone.is_within(*claim)) continue;
    Finding finding = found("provider-name-unclaimed", last.name,
                            {{"owner", alias::prose(owner.name)},
                             {"target", alias::prose(last.name)},
                             {"provider", match.provider->title},
                             {"claim", match.zone}});
    alias::Exchanges shown = alias::replies(test, last, Purpose::proof);
    if (const observe::Exchange* reply = alias::alias_reply(test, owner))
      shown.insert(shown.begin(), reply);
    finding.evidence = alias::evidence(test, shown);
    finding.remedy = {"Register " + match.zone +
                          " before somebody else does, or remove the alias at " +
                          alias::prose(owner.name) + ".",
                      proof_in_place(test, owner)};
    findings.push_back(std::move(finding));
    return;
  }
}

}  // namespace

void check_takeover(const Case& test, std::vector<Finding>& findings) {
  check_zone(test, findings);
  check_name(test, findings);
}

}  // namespace dcv::check::provider
