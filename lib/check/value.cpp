// Judges the TXT values at the end of the walk: is the one that the CA looks for among them, and if
// not, what became of it. Servers that disagree are the authority family's.
#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

#include "check/alias.h"
#include "check/copies.h"
#include "check/value.h"
#include "dns/identifier.h"
#include "dns/public_suffix.h"
#include "observe/lookup.h"

namespace dcv::check {
namespace value {
namespace {

constexpr std::string_view kRfc8555 = "RFC 8555 8.4";
constexpr std::uint32_t kNewTtl = 60;  // seconds, of records that are to be published

constexpr std::array kValueKinds = {
    FindingKind{.id = "value-expected-absent",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "No server has the expected value {expected} at {name}: {saw}",
                .reference = kRfc8555,
                .since = "0.1.0"},
    FindingKind{.id = "value-one-of-several",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "{name} holds {present}, but at no server {expected}, which is expected "
                           "there too",
                .reference = kRfc8555,
                .since = "0.1.0"},
    FindingKind{.id = "value-label-lost",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "There is no TXT record at {name}, but {found} itself has the expected "
                           "value",
                .reference = kRfc8555,
                .since = "0.1.0"},
    FindingKind{.id = "value-outdated",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "All servers lack the expected value {expected} at {name} and give "
                           "{saw}, the digest of another order",
                .reference = kRfc8555,
                .since = "0.1.0"},
    FindingKind{.id = "value-extra",
                .severity = Severity::notice,
                .affects = Affects::hygiene,
                .message = "Beside the expected value {name} holds {count} more: {saw}",
                .reference = kRfc8555,
                .since = "0.1.0"},
    FindingKind{.id = "value-none",
                .severity = Severity::info,
                .affects = Affects::hygiene,
                .message = "Nothing is published at {name} yet: no TXT record and no alias",
                .reference = kRfc8555,
                .since = "0.1.0"},
    FindingKind{.id = "value-not-digest",
                .severity = Severity::warning,
                .affects = Affects::ca,
                .message = "{name} holds {saw}, but no digest of 43 base64url characters",
                .reference = kRfc8555,
                .since = "0.1.0"},
    FindingKind{.id = "value-quoted",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "The value at {name} has quotes as part of it: {saw}",
                .reference = kRfc8555,
                .since = "0.1.0"},
    FindingKind{.id = "value-owner-name",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "The value at {name} is a name instead of the digest: {saw}",
                .reference = kRfc8555,
                .since = "0.1.0"},
    FindingKind{.id = "value-empty",
                .severity = Severity::warning,
                .affects = Affects::ca,
                .message = "The value at {name} is the empty string",
                .reference = kRfc8555,
                .since = "0.1.0"},
    FindingKind{.id = "value-blank",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "The value at {name} has blanks or control bytes in it: {saw}",
                .reference = kRfc8555,
                .since = "0.1.0"},
    FindingKind{.id = "value-case-folded",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "The value at {name} has lost its capital letters: {saw} instead of "
                           "{expected}",
                .reference = kRfc8555,
                .since = "0.1.0"},
    FindingKind{.id = "value-key-authorization",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "The value at {name} is a key authorization, not its digest: {saw}",
                .reference = kRfc8555,
                .since = "0.1.0"},
    FindingKind{.id = "value-hex",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "The value at {name} is written in hexadecimal: {saw}",
                .reference = kRfc8555,
                .since = "0.1.0"},
    FindingKind{.id = "value-base64-standard",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "The value at {name} is standard base64 instead of base64url: {saw}",
                .reference = kRfc8555,
                .since = "0.1.0"},
    FindingKind{.id = "value-account-label",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "There is no TXT record at {name}, but one at {found}: {slip}",
                .reference = "draft-ietf-acme-dns-account-label, BR 3.2.2.4.21",
                .since = "0.1.0"},
    FindingKind{.id = "value-wildcard",
                .severity = Severity::warning,
                .affects = Affects::ca,
                .message = "The TXT data at {name} comes from a wildcard: a random name beside it "
                           "gives {saw} too",
                .reference = "RFC 4592 3.3",
                .since = "0.1.0"},
};

const FindingKind& row(std::string_view id) {
  const auto found = std::ranges::find(kValueKinds, id, &FindingKind::id);
  if (found == kValueKinds.end()) throw std::logic_error("no finding " + std::string(id));
  return *found;
}

Sight sight_of(const Case& test) {
  Sight sight{.test = test, .view = proof_view(test), .seen = {}, .missing = {}};
  sight.seen = sight.view.values();
  for (const std::string& value : test.target.expected)
    if (!sight.seen.contains(value)) sight.missing.insert(value);
  return sight;
}

}  // namespace

Finding found(const Sight& sight, std::string_view id, const Values& values,
              std::map<std::string, std::string> more) {
  std::string saw = sight.seen.empty() ? sight.view.addresses.front().data().text() : shown(values);
  more["name"] = sight.prose();
  more["saw"] = std::move(saw);
  more["expected"] = shown(sight.missing);
  more["count"] = std::to_string(values.size());
  Finding finding = make_finding(row(id), sight.name(), std::move(more));
  for (const AddressView& each : sight.view.addresses)
    finding.evidence.push_back(evidence_of(sight.test, *each.samples.front().exchange));
  return finding;
}

Remedy replacing(const Sight& sight, const Values& wrong, std::string action) {
  Values right = sight.missing;
  if (sight.test.target.expected.empty()) {
    for (const std::string& value : wrong) {
      if (auto meant = meant_by(value, shape_of(value, {}))) right.insert(std::move(*meant));
    }
  }
  return {std::move(action), edits_towards(sight.view, wrong, right)};
}

namespace {

// A random name beside the owner gives the same TXT set at every address that was asked for it.
bool is_synthesised(const Sight& sight) {
  const observe::Step& step = *sight.view.step;
  if (sight.test.target.steps.size() != 1 || sight.seen.empty()) return false;
  bool given = false;
  for (const AddressView& each : sight.view.addresses) {
    for (const observe::Exchange* exchange : sight.test.select({.zone = &step.zone,
                                             .purpose = observe::Purpose::control,
                                             .address = &each.address})) {
      if (exchange->question.name.parent() != step.name.parent()) continue;
      const auto data = proof_data(*exchange);
      if (!data) continue;
      if (data->values() != each.data().values()) return false;
      given = given || !data->values().empty();
    }
  }
  return given;
}

// The name servers may all be behind a primary that nobody else asks; `otherwise` is said where
// not.
std::string publish(const Sight& sight, const std::string& otherwise = "") {
  const std::string text = "Publish the expected value at " + sight.prose();
  const dns::Name& apex = sight.view.step->zone;
  const observe::Zone* zone = observe::find_zone(sight.test.observation, apex);
  const std::map<dns::IpAddress, Copy> copies = copies_of(sight.test, apex);
  if (zone == nullptr || copies.empty()) return text + otherwise;
  const dns::Soa& soa = copies.begin()->second.soa;
  const bool listed = std::ranges::any_of(
      zone->servers, [&](const auto& server) { return server.name == soa.primary; });
  if (listed || soa.primary.label_count() < 2) return text + otherwise;
  return text + ", or, if it is at the primary " + soa.primary.lower().prose() +
         " already, let the name servers fetch the zone (they have serial " +
         std::to_string(soa.serial) + ")";
}

// An error of the alias family says better why nothing is where the CA looks.
bool is_explained_by_way(const Sight& sight, Severity least) {
  std::vector<Finding> others;
  kAliasFamily.check(sight.test, others);
  return std::ranges::any_of(others, [&](const Finding& each) { return each.severity <= least; });
}

// Where the way ends at a provider that publishes itself, nobody else can.
Remedy publishing(const Sight& sight, const std::string& more, const std::string& otherwise = "") {
  if (auto by_provider = alias::order_of_ones_own(sight.test)) return std::move(*by_provider);
  return replacing(sight, {}, publish(sight, otherwise) + more);
}

void check_nothing_there(const Sight& sight, std::vector<Finding>& findings) {
  if (check_account_label(sight, findings)) return;
  if (sight.test.target.expected.empty()) {
    if (sight.test.target.steps.size() > 1 || is_explained_by_way(sight, Severity::warning)) return;
    if (sight.test.target.delegation) return;  // to be delegated: nobody orders yet
    findings.push_back(found(sight, "value-none", {}));
    findings.back().remedy.action =
        "Order the certificate; the ACME client publishes the digest at " + sight.prose() + ".";
    return;
  }
  if (is_explained_by_way(sight, Severity::error) || check_label_lost(sight, findings)) return;
  findings.push_back(found(sight, "value-expected-absent", {}));
  findings.back().remedy = publishing(sight, ".", place_text(sight.view));
}

// True if some of the expected values are there. What a wildcard gives does not stand beside a
// record of the name's own, so all need one then.
bool check_part(const Sight& sight, bool from_wildcard, std::vector<Finding>& findings) {
  Values present = sight.seen;
  std::erase_if(present, [&](const std::string& value) { return !sight.is_expected(value); });
  if (present.empty() || sight.missing.empty()) return false;
  findings.push_back(found(sight, "value-one-of-several", present, {{"present", shown(present)}}));
  Remedy& remedy = findings.back().remedy;
  remedy = replacing(sight, {},
                     "Publish " + shown(sight.missing) + " beside " + shown(present) + " at " +
                         sight.prose() +
                         "; where the DNS provider keeps one TXT record for a name, validate one "
                         "challenge after the other, or delegate the name by CNAME to a zone that "
                         "takes several.");
  for (Edit& edit : remedy.edits)
    for (const std::string& value : from_wildcard ? present : Values())
      edit.add.push_back(dns::zone_line(dns::make_txt(sight.view.step->name, kNewTtl, value)));
  return true;
}

// What stands beside all the expected values. An address without those has an old copy, and is the
// authority family's.
void check_extra(const Sight& sight, std::vector<Finding>& findings) {
  const auto& expected = sight.test.target.expected;
  Values extra;
  for (const AddressView& each : sight.view.addresses) {
    const Values values = each.data().values();
    const bool all_there = std::ranges::all_of(
        expected, [&](const std::string& value) { return values.contains(value); });
    if (all_there) extra.insert(values.begin(), values.end());
  }
  std::erase_if(extra, [&](const std::string& value) { return sight.is_expected(value); });
  if (expected.empty() || extra.empty()) return;
  findings.push_back(found(sight, "value-extra", extra));
  findings.back().remedy.action =
      "Nothing has to be done for this order, one match suffices; at leisure, remove the values "
      "at " +
      sight.prose() + " that no open order and no other service needs.";
}

// Fatal while an expected value is missing; harmless when the CA finds what it looks for, or when
// the wildcard is not about challenges at all.
void check_wildcard(const Sight& sight, std::vector<Finding>& findings) {
  if (check_part(sight, true, findings)) return;
  Finding finding = found(sight, "value-wildcard", sight.seen);
  const bool expected = !sight.test.target.expected.empty();
  const bool digest = !sight.of_shape(ValueShape::digest).empty();
  if (!sight.missing.empty()) {
    finding.severity = Severity::error;
  } else if (expected || !digest) {
    finding.severity = Severity::notice;
    finding.affects = Affects::hygiene;
  }
  finding.remedy = replacing(sight, {},
                             "Publish the value at " + sight.prose() +
                                 " itself: an explicit record takes precedence over the wildcard.");
  findings.push_back(std::move(finding));
}

// A challenge name that is an alias into another domain may have been given to a CDN or host.
std::string others_place_text(const Sight& sight) {
  const auto& steps = sight.test.target.steps;
  const dns::Name owner = dns::host_of(steps.front().name);
  if (sight.view.step->name.is_within(dns::registrable_domain(owner))) return "";
  return " If " + sight.prose() + " is somebody else's, one of you can order: they, or you once " +
         "the alias at " + steps.front().name.lower().prose() + " is gone.";
}

void check_unexplained(const Sight& sight, std::vector<Finding>& findings) {
  const Values digests = sight.of_shape(ValueShape::digest);
  if (sight.test.target.expected.empty()) {
    findings.push_back(found(sight, "value-not-digest", sight.seen));
    findings.back().remedy.action =
        "Publish the digest that the ACME client gives at " + sight.prose() + ".";
  } else if (is_explained_by_way(sight, Severity::error)) {
    return;
  } else if (!digests.empty()) {
    findings.push_back(found(sight, "value-outdated", digests));
    findings.back().remedy =
        publishing(sight, "; what is there now may go unless an order elsewhere waits for it." +
                              others_place_text(sight));
  } else {
    findings.push_back(found(sight, "value-expected-absent", sight.seen));
    findings.back().remedy = publishing(sight, ".");
  }
}

void check_values(const Case& test, std::vector<Finding>& findings) {
  const Sight sight = sight_of(test);
  if (sight.view.addresses.empty()) return;
  if (sight.seen.empty()) return check_nothing_there(sight, findings);
  check_extra(sight, findings);
  if (is_synthesised(sight)) return check_wildcard(sight, findings);
  const bool good = test.target.expected.empty() ? !sight.of_shape(ValueShape::digest).empty()
                                                 : sight.missing.empty();
  if (good || check_slips(sight, findings) || check_part(sight, false, findings)) return;
  check_unexplained(sight, findings);
}

constexpr std::array kProofs = {rules::Proof::digest};

}  // namespace
}  // namespace value

const Family kValueFamily = {.name = "value",
                             .kinds = value::kValueKinds,
                             .check = value::check_values,
                             .proofs = value::kProofs};

}  // namespace dcv::check
