// The delegation family: is every zone on the way handed to servers that serve it? The rows of the
// catalogue, the domain that is not there at all, and the order of the checks.
#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "check/delegation.h"
#include "check/path.h"
#include "dns/public_suffix.h"

namespace dcv::check {
namespace {

constexpr auto kError = Severity::error;
constexpr auto kWarning = Severity::warning;
constexpr auto kCa = Affects::ca;

constexpr FindingKind kDelegationKinds[] = {
    {"delegation-domain-missing", kError, kCa,
     "The registry of {registry} says that {domain} {problem}: {reason}", "RFC 1034 4.2.1",
     "0.1.0"},
    {"delegation-server-lame", kWarning, kCa,
     "{server} ({addresses}) is listed as a server of {zone} but does not serve it: {reason}",
     "RFC 1912 2.8", "0.1.0"},
    {"delegation-all-lame", kError, kCa,
     "No server of {zone} serves the zone, asked {servers}: {reasons}", "RFC 1912 2.8", "0.1.0"},
    {"delegation-wrong-zone", kError, kCa, "{servers} should serve {zone} but answered for {other}",
     "RFC 1034 4.2.1", "0.1.0"},
    {"delegation-server-unreachable", kWarning, kCa,
     "{server}, a server of {zone}, does not answer at {addresses}: {reason}", "RFC 2182 3.1",
     "0.1.0"},
    {"delegation-ipv6-dead", kWarning, kCa,
     "{server}, a server of {zone}, answers over IPv4 but not over IPv6 at {addresses}",
     "RFC 3901 4", "0.1.0"},
    {"delegation-all-unreachable", kError, kCa,
     "No server of {zone} gives a usable answer, asked {servers}: {reasons}", "RFC 2182 3.1",
     "0.1.0"},
    {"delegation-ns-sets-differ", kWarning, kCa,
     "The NS sets of {zone} differ: only in the parent zone {parent}: {only_parent}; only in the "
     "zone itself: {only_child}",
     "RFC 1034 4.2.2", "0.1.0"},
    {"delegation-old-provider", kWarning, kCa,
     "The parent zone {parent} still delegates {zone} to {only_parent}, while the zone itself "
     "lists {only_child}",
     "RFC 1034 4.2.2", "0.1.0"},
    {"delegation-parents-differ", kWarning, kCa,
     "The parent's servers delegate {zone} differently: {sets}", "RFC 1034 4.2.2", "0.1.0"},
    {"delegation-glue-differs", kWarning, kCa,
     "The parent zone {parent} gives {glue} as the address of {server}, the host's own zone gives "
     "{addresses}",
     "RFC 1034 4.2.2", "0.1.0"},
    {"delegation-glue-missing", kWarning, kCa,
     "The parent zone {parent} delegates {zone} to {server}, whose name lies within {zone}, and "
     "gives no address "
     "for it",
     "RFC 1034 4.2.1", "0.1.0"},
    {"delegation-server-without-address", kWarning, kCa,
     "{server}, listed as a server of {zone}, has no address: {reason}", "RFC 1034 3.6", "0.1.0"},
    {"delegation-server-is-alias", kWarning, kCa,
     "{server}, listed as a server of {zone}, is an alias of {target}", "RFC 2181 10.3", "0.1.0"},
    {"delegation-private-address", kWarning, kCa,
     "{server}, listed as a server of {zone}, has the address {addresses}, which the Internet "
     "cannot reach ({purpose})",
     "RFC 6890 2.2", "0.1.0"},
    {"delegation-soa-missing", kWarning, kCa,
     "{server} ({addresses}) sends negative answers for {zone} without its SOA record in the "
     "authority section",
     "RFC 2308 3", "0.1.0"},
    {"delegation-not-authoritative", kWarning, kCa,
     "{server} ({addresses}) answers for {zone} without authority (AA is off)", "RFC 2181 6.1",
     "0.1.0"},
};

// A registry denies the domain, or a name above it; no delegation there is a denial as well.
bool denies(const observe::Exchange& exchange, const dns::Name& domain) {
  switch (exchange.kind.value_or(dns::ReplyKind::answer)) {
    case dns::ReplyKind::nxdomain:
    case dns::ReplyKind::nxdomain_without_soa:
      return domain.is_within(exchange.question.name);
    case dns::ReplyKind::nodata:
    case dns::ReplyKind::nodata_without_soa:
      return exchange.question.name == domain && exchange.question.type == dns::RecordType::ns;
    default:
      return false;
  }
}

std::string reason_text(const dns::Name& domain, const dns::Name& registry) {
  if (registry.is_root()) return "there is no top-level domain " + domain.suffix(1).prose();
  return "it is not registered, has expired or is on hold";
}

// Where the root denies it, there is no registrar: the top-level domain does not exist.
std::string domain_remedy(const dns::Name& domain, const dns::Name& registry) {
  if (registry.is_root())
    return "Order for a name below a public top-level domain: " + domain.suffix(1).prose() +
           " is none, so no public CA issues for names below it.";
  return "Register or renew " + domain.prose() +
         ", or have its registrar lift the hold, with name servers set.";
}

// The walk for the validation name ended at a registry, before any zone of the registrant.
void check_domain(const Case& test, std::vector<Finding>& found) {
  if (test.target.steps.empty()) return;
  const observe::Step& first = test.target.steps.front();
  const dns::Name domain = dns::registrable_domain(test.target.validation_name).lower();
  const bool absent =
      first.end == observe::StepEnd::nxdomain || first.end == observe::StepEnd::nodata;
  if (!absent || !domain.is_below(first.zone)) return;
  delegation::Exchanges shown;
  for (const observe::Exchange& exchange : test.observation.exchanges)
    if (exchange.zone == first.zone && denies(exchange, domain)) shown.push_back(&exchange);
  if (shown.empty()) return;
  const bool missing = shown.front()->reply->rcode == dns::Rcode::nxdomain;
  Finding finding =
      make_finding(delegation::kind("delegation-domain-missing"), domain.text(),
                   {{"registry", first.zone.is_root() ? "the root" : first.zone.lower().prose()},
                    {"domain", domain.prose()},
                    {"problem", missing ? "does not exist" : "has no name servers"},
                    {"reason", reason_text(domain, first.zone)}});
  for (const observe::Exchange* exchange : shown)
    finding.evidence.push_back(evidence_of(test, *exchange));
  finding.remedy.action = domain_remedy(domain, first.zone);
  found.push_back(std::move(finding));
}

// What is wrong with a host is wrong in every zone that it is listed for.
bool is_about_host(const Finding& finding) {
  return finding.id == "delegation-server-unreachable" || finding.id == "delegation-ipv6-dead" ||
         finding.id == "delegation-server-without-address" ||
         finding.id == "delegation-server-is-alias" || finding.id == "delegation-private-address";
}

bool tell_the_same(const Finding& a, const Finding& b) {
  auto arguments = a.arguments;
  arguments["zone"] = b.arguments.at("zone");
  return a.id == b.id && a.subject == b.subject && arguments == b.arguments;
}

// Tells it once, with the edits and the evidence of all zones.
void merge_repeated(std::vector<Finding>& found) {
  std::vector<Finding> once;
  for (Finding& finding : found) {
    const auto same = std::find_if(once.begin(), once.end(), [&](const Finding& other) {
      return is_about_host(finding) && tell_the_same(other, finding);
    });
    if (same == once.end()) {
      once.push_back(std::move(finding));
      continue;
    }
    std::move(finding.remedy.edits.begin(), finding.remedy.edits.end(),
              std::back_inserter(same->remedy.edits));
    std::move(finding.evidence.begin(), finding.evidence.end(), std::back_inserter(same->evidence));
  }
  found = std::move(once);
}

void check_delegation(const Case& test, std::vector<Finding>& found) {
  std::vector<Finding> ours;
  check_domain(test, ours);
  for (const observe::Zone* zone : path_zones(test)) {
    const delegation::ZoneView view = delegation::view_of(test, *zone);
    delegation::check_servers(view, ours);
    delegation::check_sets(view, ours);
    delegation::check_addresses(view, ours);
    delegation::check_quality(view, ours);
  }
  merge_repeated(ours);
  std::move(ours.begin(), ours.end(), std::back_inserter(found));
}

}  // namespace

namespace delegation {

const FindingKind& kind(std::string_view id) {
  const auto* found = std::find_if(std::begin(kDelegationKinds), std::end(kDelegationKinds),
                                   [&](const FindingKind& each) { return each.id == id; });
  if (found == std::end(kDelegationKinds)) throw std::logic_error("no finding " + std::string(id));
  return *found;
}

}  // namespace delegation

const Family kDelegationFamily = {"delegation", kDelegationKinds, check_delegation};

}  // namespace dcv::check
