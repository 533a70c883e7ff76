// The family "dnssec": does the chain of trust hold, at every server. Nothing is said of zones that
// are proven to be outside of it.
#include "check/dnssec.h"

#include <algorithm>

#include "check/refused.h"
#include "check/transport.h"

namespace dcv::check {
namespace dnssec {
namespace {

constexpr FindingKind kDnssecKinds[] = {
    {"dnssec-anchor-outdated", Severity::warning, Affects::client,
     "None of the root's keys ({keys}) is among the trust anchors given ({anchors}); DNSSEC was "
     "{judged}",
     "RFC 5011 1", "0.1.0"},
    {"dnssec-ds-without-key", Severity::error, Affects::ca,
     "{parent} has DS records for {zone} (key tags {tags}), but its servers give no DNSKEY record",
     "RFC 4035 5", "0.1.0"},
    {"dnssec-keys-unanswered", Severity::error, Affects::ca,
     "The servers of {zone} answer, but not the question for its DNSKEY records, asked {servers}: "
     "{reasons}",
     "RFC 4035 5", "0.1.0"},
    {"dnssec-ds-mismatch", Severity::error, Affects::ca,
     "The DS records at {parent} ({ds}) fit no DNSKEY record of {zone} ({keys})", "RFC 4035 5.2",
     "0.1.0"},
    {"dnssec-keys-differ", Severity::warning, Affects::ca,
     "The servers of {zone} give different DNSKEY records, and keys in use are missing at some: "
     "{sets}",
     "RFC 8901 2.1", "0.1.0"},
    {"dnssec-signature-expired", Severity::error, Affects::ca,
     "{servers}: signatures of {records} by key {tags} expired on {date}", "RFC 4035 5.3.1",
     "0.1.0"},
    {"dnssec-signature-not-yet-valid", Severity::error, Affects::ca,
     "{servers}: signatures of {records} by key {tags} are valid only from {date} on",
     "RFC 4035 5.3.1", "0.1.0"},
    {"dnssec-signature-wrong", Severity::error, Affects::ca,
     "{servers}: signatures of {records} by key {tags} do not fit", "RFC 4035 5.3.3", "0.1.0"},
    {"dnssec-signature-missing", Severity::error, Affects::ca,
     "{servers}: {records} without signatures, though the chain of trust says that {zone} is "
     "signed",
     "RFC 4035 5.5", "0.1.0"},
    {"dnssec-denial-missing", Severity::error, Affects::ca,
     "{servers}: no NSEC or NSEC3 record proves the absence of {records}", "RFC 4035 5.4", "0.1.0"},
    {"dnssec-denial-wrong", Severity::error, Affects::ca,
     "{servers}: the NSEC or NSEC3 records do not prove the absence of {records}", "RFC 4035 5.4",
     "0.1.0"},
    {"dnssec-signature-expiring", Severity::warning, Affects::ca,
     "{servers}: signatures of {records} by key {tags} end on {date}, and were not renewed",
     "RFC 6781 4.4.2", "0.1.0"},
    {"dnssec-algorithm-unsupported", Severity::info, Affects::hygiene,
     "The DS records of {zone} ({ds}) have only algorithms or digests that validators do not know: "
     "the zone counts as unsigned",
     "RFC 4035 5.2", "0.1.0"},
    {"dnssec-iterations-high", Severity::warning, Affects::hygiene,
     "The NSEC3 records of {zone} have {iterations} iterations: validators take denials with more "
     "than {most} as unsigned",
     "RFC 9276 3.2", "0.1.0"},
    {"dnssec-signed-without-ds", Severity::info, Affects::hygiene,
     "{zone} is signed with {keys}, but {parent} has no DS record for it: validators take it as "
     "unsigned",
     "RFC 4035 2.4", "0.1.0"},
};

void check(const Case& test, std::vector<Finding>& findings) {
  if (test.observation.trust_anchors.empty()) return;  // nothing is to be validated
  std::set<std::string> limits;
  for (const ZoneView& view : chain_of(test)) {
    check_keys(test, view, findings);
    check_replies(test, view, findings);
    limits.insert(view.limits.begin(), view.limits.end());
  }
  for (const std::string& limit : limits)
    findings.push_back(transport::limit_reached(
        test, limit, "Take keys, DS records and signatures that are no longer in use out."));
}

}  // namespace

Finding found(std::string_view id, const ZoneView& view,
              std::map<std::string, std::string> arguments) {
  const auto* row = std::ranges::find(kDnssecKinds, id, &FindingKind::id);
  arguments.emplace("zone", zone_text(view.zone->apex));
  arguments.emplace("parent", zone_text(view.zone->parent));
  return make_finding(*row, view.zone->apex.lower().text(), std::move(arguments));
}

}  // namespace dnssec

std::set<const observe::Exchange*> refused_replies(const Case& test) {
  std::set<const observe::Exchange*> refused;
  if (test.observation.trust_anchors.empty()) return refused;
  for (const dnssec::ZoneView& view : dnssec::chain_of(test))
    for (const dnssec::Judged& each : view.judged)
      if (!each.sound) refused.insert(each.exchange);
  return refused;
}

const Family kDnssecFamily = {"dnssec", dnssec::kDnssecKinds, dnssec::check};

}  // namespace dcv::check
