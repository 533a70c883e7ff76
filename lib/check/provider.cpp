// The provider family: its rows, and who stands behind a delegation.
#include "check/provider.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "check/alias.h"
#include "rules/method.h"

namespace dcv::check {

namespace {

constexpr std::array kProviderKinds = {
    FindingKind{"provider-zone-unclaimed", Severity::error, Affects::ca,
                "All servers of {zone}, where the proof of {name} belongs, refuse it. Takeover "
                "risk: whoever creates the zone there can get certificates",
                "RFC 1034 4.2.2", "0.1.0"},
    FindingKind{"provider-name-unclaimed", Severity::error, Affects::ca,
                "{owner} is an alias for {target}, but at {provider} nobody has {claim}. Takeover "
                "risk: whoever registers it can get certificates",
                "RFC 1034 3.6.2", "0.1.0"},
    FindingKind{"provider-host-differs", Severity::error, Affects::ca,
                "{owner} is an alias for {target}, but {provider} publishes its proof at {wanted}",
                "RFC 8555 8.4", "0.1.0"},
    FindingKind{"provider-suffix-lost", Severity::error, Affects::ca,
                "{owner} is an alias for {target}, which lacks .{suffix}, the end of all targets "
                "of {provider}",
                "RFC 1035 5.1", "0.1.0"},
    FindingKind{"provider-target-malformed", Severity::error, Affects::ca,
                "{owner} is an alias for {target}; targets of {provider} look like {form}",
                "RFC 8555 8.4", "0.1.0"},
    FindingKind{"provider-ids-differ", Severity::warning, Affects::ca,
                "{owner} and {other} lead to different accounts of {provider}: {id} and {other_id}",
                "RFC 8555 8.4", "0.1.0"},
    FindingKind{
        "provider-twin-missing", Severity::error, Affects::ca,
        "{owner} is delegated to {provider}, but the second record that it needs, {wanted}, "
        "is not there: {saw}",
        "RFC 8555 8.4", "0.1.0"},
    FindingKind{"provider-shared-target", Severity::warning, Affects::ca,
                "{owners} are aliases for the same name {target}: orders may overwrite each "
                "other's values",
                "RFC 8555 8.4", "0.1.0"},
    FindingKind{"provider-caa-forbids", Severity::error, Affects::ca,
                "CAA at {name} allows none of the CAs that {provider} uses: {cas}", "RFC 8659 3",
                "0.1.0"},
    FindingKind{
        "provider-ca-differs", Severity::warning, Affects::ca,
        "{owner} is delegated to {provider}, which is not known to order from {ca}, but from "
        "{cas}",
        "RFC 8555 8.4", "0.1.0"},
    FindingKind{"provider-ownership-only", Severity::warning, Affects::ca,
                "The record at {name} is no token of a CA; it is known as: {provider}",
                "BR 3.2.2.4.7", "0.1.0"},
    FindingKind{"provider-denials-kept", Severity::notice, Affects::client,
                "{zone}, where the proof of {name} belongs, lets resolvers keep a denial for "
                "{seconds} s",
                "RFC 2308 5", "0.1.0"},
};

void check(const Case& test, std::vector<Finding>& findings) {
  const rules::Proof proof = rules::proof_of(rules::method_of(test.target.method));
  if (test.target.steps.empty() || proof == rules::Proof::mail) return;
  provider::check_takeover(test, findings);
  if (proof == rules::Proof::web) return;
  if (!provider::explains_end(findings)) provider::check_form(test, findings);
  provider::check_twin(test, findings);
  provider::check_run(test, findings);
  provider::check_caa(test, findings);
  provider::check_ownership(test, findings);
  provider::check_denials(test, findings);
}

}  // namespace

const Family kProviderFamily = {"provider", kProviderKinds, check};

namespace provider {

namespace {

bool takes_delegations(const rules::Match& match) {
  return !match.provider->method.empty();
}

// The row for a CNAME that is itself the proof.
std::optional<Delegated> named_by_token(const Case& test) {
  const observe::Step& last = test.target.steps.back();
  if (test.target.type != dns::RecordType::cname) return {};
  for (const observe::Exchange* exchange : alias::replies(test, last, observe::Purpose::proof)) {
    const auto hop = dns::alias_at(*exchange->reply, last.name);
    if (!hop || hop->dname) continue;
    const auto matches = rules::recognise(last.name, dns::RecordType::cname, hop->target,
                                          test.observation.providers);
    if (!matches.empty() && takes_delegations(matches.front()))
      return Delegated{.step = &last, .match = matches.front()};
  }
  return {};
}

// The rows for the name servers of the zone that the validation name is the apex of.
std::optional<Delegated> delegated_by_ns(const Case& test) {
  const observe::Step& first = test.target.steps.front();
  if (first.zone != test.target.validation_name) return {};
  const observe::Zone* zone = observe::find_zone(test.observation, first.zone);
  if (!zone) return {};
  for (const observe::NameServer& server : zone->servers) {
    const auto matches =
        rules::recognise(first.zone, dns::RecordType::ns, server.name, test.observation.providers);
    if (!matches.empty() && matches.front().target_fits)
      return Delegated{.step = &first, .match = matches.front()};
  }
  return {};
}

}  // namespace

std::optional<Delegated> delegated(const Case& test) {
  if (test.target.steps.empty()) return {};
  for (const observe::Step& step : test.target.steps) {
    if (!step.target || step.through_dname) continue;
    const auto matches = rules::recognise(test.target.validation_name, dns::RecordType::cname,
                                          *step.target, test.observation.providers);
    const auto match = std::ranges::find_if(matches, takes_delegations);
    if (match != matches.end()) return Delegated{.step = &step, .match = *match};
  }
  if (const auto token = named_by_token(test)) return token;
  return delegated_by_ns(test);
}

std::string title(const Case& test) {
  const auto found = delegated(test);
  return found ? found->match.provider->title : title_of_token(test);
}

const observe::Provider* on_demand(const Case& test, const dns::Name& target) {
  for (const rules::Match& match :
       rules::recognise(test.target.validation_name, dns::RecordType::cname, target,
                        test.observation.providers)) {
    if (match.provider->on_demand) return match.provider;
  }
  return nullptr;
}

bool explains_end(const std::vector<Finding>& findings) {
  constexpr std::string_view kIds[] = {"provider-zone-unclaimed", "provider-name-unclaimed",
                                       "provider-host-differs", "provider-suffix-lost",
                                       "provider-target-malformed"};
  return std::ranges::any_of(findings, [&](const Finding& each) {
    return std::ranges::find(kIds, each.id) != std::end(kIds);
  });
}

Finding found(std::string_view id, const dns::Name& subject,
              std::map<std::string, std::string> arguments) {
  const auto kind = std::ranges::find(kProviderKinds, id, &FindingKind::id);
  if (kind == kProviderKinds.end())
    throw std::logic_error("no such provider finding: " + std::string(id));
  return make_finding(*kind, alias::absolute(subject), std::move(arguments));
}

}  // namespace provider

}  // namespace dcv::check
