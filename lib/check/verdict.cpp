// From findings to verdict and next step. Reads findings and where the walk ended, no replies.
#include "check/verdict.h"

#include <algorithm>

#include "check/ca.h"
#include "check/caa.h"
#include "check/causes.h"
#include "check/chance.h"
#include "check/mail.h"
#include "check/provider.h"
#include "check/tls.h"
#include "check/transport.h"
#include "check/web.h"
#include "observe/lookup.h"
#include "rules/method.h"

namespace dcv::check {
namespace {

using Findings = std::vector<Finding>;

bool no_network(const Case&, const Findings& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& each) { return each.id == "transport-no-network"; });
}

bool intercepted(const Case&, const Findings& findings) {
  return transport::is_intercepted(findings);
}

const Finding* first_for_ca(const Findings& findings, Severity severity) {
  for (const Finding& each : findings)
    if (each.affects == Affects::ca && each.severity == severity) return &each;
  return nullptr;
}

bool error_for_ca(const Case&, const Findings& findings) {
  return first_for_ca(findings, Severity::error) != nullptr;
}

bool warning_for_ca(const Case&, const Findings& findings) {
  return first_for_ca(findings, Severity::warning) != nullptr;
}

// Some servers are right, but the CA's resolvers come to none of them.
bool no_way_to_the_right(const Case& test, const Findings& findings) {
  return warning_for_ca(test, findings) && chance_of(test) == 0;
}

// A limit left out servers of the last zone, or addresses of one.
bool servers_left_out(const Case& test) {
  const observe::Zone* zone = observe::find_zone(test.observation, test.target.steps.back().zone);
  if (zone == nullptr) return false;
  const auto reached = [&](const std::string& words, std::size_t count) {
    const auto& limits = test.observation.stats.limits;
    return std::ranges::find(limits, words + std::to_string(count)) != limits.end();
  };
  if (reached("name servers of one zone: ", zone->servers.size())) return true;
  return std::ranges::any_of(zone->servers, [&](const observe::NameServer& server) {
    const std::size_t known = std::max(server.glue.size(), server.addresses.size());
    const bool looked_up = server.state != observe::HostState::glue_only &&
                           server.state != observe::HostState::unresolved;
    return known > 0 ? reached("addresses of one name server: ", known) : !looked_up;
  });
}

// A limit or the run's time-out kept an address of the last zone from being asked for the proof.
bool proof_cut_short(const Case& test) {
  if (test.observation.stats.limits.empty()) return false;
  if (servers_left_out(test)) return true;
  const observe::Step& last = test.target.steps.back();
  const auto asked =
      test.select({.zone = &last.zone, .name = &last.name, .purpose = observe::Purpose::proof});
  const observe::Settings& settings = test.observation.settings;
  return std::any_of(asked.begin(), asked.end(), [&](const observe::Exchange* exchange) {
    return exchange->outcome == observe::Outcome::not_asked &&
           (exchange->address.is_v4() ? settings.ipv4 : settings.ipv6) &&
           (settings.allow_private || exchange->address.special_purpose().empty());
  });
}

// Trust anchors were given, but the root, as seen from here, has no keys: no CA sees it so.
bool root_without_keys(const Findings& findings) {
  return std::any_of(findings.begin(), findings.end(), [](const Finding& each) {
    return each.id == "dnssec-anchor-outdated" && each.arguments.at("judged") == "not judged";
  });
}

// Signatures that were too much work to judge may be wrong; a resolver like the CA's validates too.
bool signatures_unjudged(const Case& test, const Findings& findings) {
  return !ca::gets_through(test) && std::ranges::any_of(findings, [](const Finding& each) {
    return each.id == "transport-limit-reached" && each.arguments.at("limit").starts_with("DNSSEC");
  });
}

// "Nothing came back" is never "all is well".
bool undecided(const Case& test, const Findings& findings) {
  if (root_without_keys(findings) || signatures_unjudged(test, findings)) return true;
  if (test.target.steps.empty() || caa::is_undecided(test)) return true;
  if (mail::is_undecided(test) || tls::is_undecided(test)) return true;
  if (web::is_for(test) && web::is_undecided(test)) return true;
  switch (test.target.steps.back().end) {
    case observe::StepEnd::answer:
    case observe::StepEnd::nodata:
    case observe::StepEnd::nxdomain:
      return proof_cut_short(test);
    default:
      return true;
  }
}

bool always(const Case&, const Findings&) {
  return true;
}

// The first row that applies decides.
constexpr struct {
  bool (*applies)(const Case&, const Findings&);
  Verdict verdict;
} kTable[] = {
    {no_network, Verdict::unknown},    // nothing can be told from here
    {intercepted, Verdict::unknown},   // what was heard came from somebody else
    {error_for_ca, Verdict::blocked},  // whatever else was not seen, this stops the CA
    {undecided, Verdict::unknown},     // the walk did not reach the proof
    {no_way_to_the_right, Verdict::blocked},
    {warning_for_ca, Verdict::at_risk},
    {always, Verdict::ready},
};

// What the finding, or what explains it, says to do, or where to read about it.
std::string action_of(const Finding& told, const Findings& findings) {
  const Finding& finding = root_of(told, findings);
  if (finding.remedy.action.empty())
    return "Read what to do about it: dcv-explain " + finding.id + ".";
  return finding.remedy.action;
}

std::string next_step_when_unknown(const Case& test, const Findings& findings) {
  for (const Finding& each : findings)
    if (each.id == "transport-no-network" || each.id == "transport-intercepted" ||
        each.id == "transport-limit-reached" || each.id == "dnssec-anchor-outdated")
      return action_of(each, findings);
  if (web::is_for(test) && web::is_undecided(test))
    return "Run it again with more time (--timeout) or from another network; no web server of the "
           "name was heard.";
  const observe::Settings& settings = test.observation.settings;
  if (settings.ipv4 != settings.ipv6)
    return std::string("Run it again without ") + (settings.ipv4 ? "-4" : "-6") +
           "; over that family alone the walk ended before the proof was reached.";
  return "Run it again from another network; the walk ended before the proof was reached.";
}

std::string next_step_when_ready(const Case& test) {
  const rules::Method method = rules::method_of(test.target.method);
  if (method == rules::Method::email)
    return "Order the certificate, and choose an address that somebody reads among those that "
           "mail-addresses names.";
  if (!test.target.expected.empty() || method == rules::Method::dns_persist_01)
    return "Ask the CA now.";
  if (method == rules::Method::tls_alpn_01)
    return "Order the certificate; the ACME client has to answer acme-tls/1 on port 443 during the "
           "order.";
  if (web::is_for(test))
    return "Order the certificate; the web server answers on port " +
           std::to_string(test.target.web.fetches.front().port) + ".";
  // A record that is the proof itself, and is as it was meant.
  if (test.target.delegation && !dns::follows_aliases(test.target.type))
    return "Order the certificate.";
  if (test.target.steps.back().end == observe::StepEnd::answer)
    return "Order the certificate; --expect VALUE tells whether the value published is the right "
           "one.";
  const std::string where = test.target.steps.back().name.lower().prose() + ".";
  if (rules::proof_of(rules::method_of(test.target.method)) == rules::Proof::token)
    return "Order the certificate; " + test.profile.title + " tells what to publish at " + where;
  const auto delegation = provider::delegated(test);
  const bool by_provider = delegation && delegation->match.provider->on_demand;
  return "Order the certificate; " +
         (by_provider ? delegation->match.provider->title : std::string("the ACME client")) +
         " publishes the digest at " + where;
}

}  // namespace

Verdict verdict_of(const Case& test, const Findings& findings) {
  for (const auto& row : kTable)
    if (row.applies(test, findings)) return row.verdict;
  return Verdict::unknown;
}

std::string next_step(const Case& test, Verdict verdict, const Findings& findings) {
  switch (verdict) {
    case Verdict::blocked:
      if (const Finding* error = first_for_ca(findings, Severity::error))
        return action_of(*error, findings);
      [[fallthrough]];
    case Verdict::at_risk:
      return action_of(*first_for_ca(findings, Severity::warning), findings);
    case Verdict::unknown:
      return next_step_when_unknown(test, findings);
    case Verdict::ready:
      break;
  }
  return next_step_when_ready(test);
}

}  // namespace dcv::check
