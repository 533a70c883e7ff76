// What kept this machine or this run from seeing: no network, one that answers itself, no IPv6, a
// limit reached.
#include <algorithm>
#include <set>

#include "check/path.h"
#include "check/transport.h"

namespace dcv::check::transport {
namespace {

using observe::Exchange;
using observe::Outcome;

constexpr std::size_t kEvidenceShown = 4;

std::string listed(const std::set<dns::IpAddress>& addresses) {
  std::string text;
  for (const dns::IpAddress& address : addresses)
    text += (text.empty() ? "" : ", ") + address.text();
  return text;
}

void check_network(const Case& test, std::vector<Finding>& findings) {
  std::vector<const Exchange*> unanswered;
  std::set<dns::IpAddress> addresses;
  for (const Exchange& exchange : test.observation.exchanges) {
    if (exchange.outcome == Outcome::reply) return;
    if (exchange.outcome != Outcome::not_asked && exchange.zone.is_root() &&
        addresses.insert(exchange.address).second)
      unanswered.push_back(&exchange);
  }
  if (unanswered.empty()) return;
  Finding finding = make_finding(kind("transport-no-network"), test.target.validation_name.text(),
                                 {{"asked", std::to_string(unanswered.size())}});
  for (std::size_t i = 0; i < unanswered.size() && i < kEvidenceShown; ++i)
    finding.evidence.push_back(evidence_of(test, *unanswered[i]));
  finding.remedy.action =
      "Let this machine reach the Internet on port 53, UDP and TCP, or run it on one that can.";
  findings.push_back(std::move(finding));
}

std::string signs_text(const observe::Interception& signs) {
  std::string text, unused;
  for (const Exchange* exchange : signs.unused)
    unused += (unused.empty() ? "" : " and ") + exchange->address.text();
  if (!signs.roots.empty())
    text = "root servers answer as a resolver does at " + std::to_string(signs.roots.size()) +
           (signs.roots.size() == 1 ? " address" : " addresses") + " (RA set, AA missing)";
  if (!unused.empty())
    text += (text.empty() ? "" : ", and ") + ("an answer came from " + unused) +
            ", where no server can be";
  return text;
}

// Over one family alone the servers may still be heard.
std::string family_left(const observe::Interception& signs) {
  const auto has = [](const std::vector<const Exchange*>& exchanges, bool ipv4) {
    return std::ranges::any_of(exchanges,
                               [&](const Exchange* each) { return each->address.is_v4() == ipv4; });
  };
  for (const bool ipv4 : {true, false}) {
    if (has(signs.genuine, ipv4) && !has(signs.roots, ipv4) && !has(signs.unused, ipv4))
      return std::string(", or with ") + (ipv4 ? "-4" : "-6");
  }
  return "";
}

void check_interception(const Case& test, std::vector<Finding>& findings) {
  const observe::Interception& signs = test.overview.interception;
  if (!signs.is_certain()) return;
  Finding finding = make_finding(kind("transport-intercepted"), test.target.validation_name.text(),
                                 {{"signs", signs_text(signs)}});
  for (const Exchange* exchange : signs.unused) {
    finding.evidence.push_back(evidence_of(test, *exchange));
    finding.evidence.back().server = "no server (" + exchange->address.text() + ")";
  }
  for (std::size_t i = 0; i < signs.roots.size() && i < kEvidenceShown; ++i)
    finding.evidence.push_back(evidence_of(test, *signs.roots[i]));
  finding.remedy.action = "Run it on a network that lets port 53 through to the servers asked" +
                          family_left(signs) + ".";
  findings.push_back(std::move(finding));
}

// More time does not help against what the zones on the way have too much of.
std::string way_around(const std::string& limit) {
  const auto has = [&](std::string_view words) { return limit.find(words) != std::string::npos; };
  if (has("time-out") || has(" a run was reached") || has("CA's resolver"))
    return "Run it again with a longer --timeout, or with fewer names at once.";
  if (has("resolvers: ")) return "Choose fewer resolvers (--resolvers).";
  return "Shorten what leads to the name: fewer aliases, zone cuts, name servers, mail hosts, or "
         "addresses of these.";
}

void check_limits(const Case& test, std::vector<Finding>& findings) {
  for (const std::string& limit : test.observation.stats.limits)
    findings.push_back(limit_reached(test, limit, way_around(limit)));
}

// IPv6 addresses on the path that were asked in vain.
void check_ipv6(const Case& test, std::vector<Finding>& findings) {
  if (test.overview.ipv6_works) return;
  const std::vector<const observe::Zone*> zones = path_zones(test);
  std::set<dns::IpAddress> addresses;
  std::vector<const Exchange*> shown;
  for (const Exchange& exchange : test.observation.exchanges) {
    if (exchange.outcome == Outcome::not_asked || exchange.address.is_v4()) continue;
    const bool on_path = std::any_of(zones.begin(), zones.end(), [&](const observe::Zone* zone) {
      return zone->apex == exchange.zone;
    });
    if (on_path && addresses.insert(exchange.address).second) shown.push_back(&exchange);
  }
  if (addresses.empty()) return;
  Finding finding =
      make_finding(kind("transport-ipv6-unavailable"), test.target.validation_name.text(),
                   {{"addresses", listed(addresses)}});
  for (std::size_t i = 0; i < shown.size() && i < kEvidenceShown; ++i)
    finding.evidence.push_back(evidence_of(test, *shown[i]));
  finding.remedy.action =
      "Run it on a machine with IPv6 as well: a CA may use either family; -4 leaves IPv6 out.";
  findings.push_back(std::move(finding));
}

}  // namespace

bool is_intercepted(const std::vector<Finding>& findings) {
  return std::ranges::any_of(
      findings, [](const Finding& each) { return each.id == "transport-intercepted"; });
}

Finding limit_reached(const Case& test, const std::string& limit, const std::string& action) {
  Finding finding = make_finding(kind("transport-limit-reached"),
                                 test.target.validation_name.text(), {{"limit", limit}});
  finding.remedy.action = action;
  return finding;
}

void check_run(const Case& test, std::vector<Finding>& findings) {
  check_network(test, findings);
  check_interception(test, findings);
  check_limits(test, findings);
  check_ipv6(test, findings);
}

}  // namespace dcv::check::transport
