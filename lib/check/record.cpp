// The record family: tokens in TXT and CNAME records, of CAs that do not use ACME's digests. Its
// rows, and the order of its checks. Servers that disagree are the authority family's.
#include "check/record.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <stdexcept>

#include "dns/identifier.h"
#include "observe/sight.h"
#include "rules/method.h"
#include "rules/token_shape.h"

namespace dcv::check {
namespace record {
namespace {

constexpr std::string_view kRule = "BR 3.2.2.4.7";
constexpr std::size_t kPlacesNamed = 4;

constexpr std::array kRecordKinds = {
    FindingKind{"record-missing", Severity::error, Affects::ca,
                "No {type} record that {ca} would take is at {places}: {saw}", kRule, "0.1.0"},
    FindingKind{"record-value-differs", Severity::error, Affects::ca,
                "No server has the expected {type} record {expected} at {name}: {saw}", kRule,
                "0.1.0"},
    FindingKind{"record-not-token", Severity::warning, Affects::ca,
                "{name} holds {saw}, which does not look like a token of {ca}", kRule, "0.1.0"},
    FindingKind{"record-form-retired", Severity::error, Affects::ca,
                "{name} is a CNAME for {saw}: {ca} does not take this form any more{since}", kRule,
                "0.1.0"},
    FindingKind{"record-type-wrong", Severity::error, Affects::ca,
                "The token at {name} is in a {other} record: {saw}; {ca} asks for {type}", kRule,
                "0.1.0"},
    FindingKind{"record-underscore-lost", Severity::error, Affects::ca,
                "{name} does not exist, but {found}, without the underscore, is a CNAME for {saw}",
                kRule, "0.1.0"},
    FindingKind{"record-quoted", Severity::error, Affects::ca,
                "The value at {name} has quotes as part of it: {saw}", kRule, "0.1.0"},
    FindingKind{"record-blank", Severity::error, Affects::ca,
                "The value at {name} has blanks or control bytes in it: {saw}", kRule, "0.1.0"},
    FindingKind{"record-case-folded", Severity::error, Affects::ca,
                "The value at {name} differs from {expected} in the case of letters: {saw}", kRule,
                "0.1.0"},
    FindingKind{"record-mixed", Severity::error, Affects::ca,
                "The token at {name} is only a part of the value: {saw}", kRule, "0.1.0"},
    FindingKind{"record-incomplete", Severity::error, Affects::ca,
                "The value at {name} is only a part of what {ca} asks for: {saw} instead of "
                "{expected}",
                kRule, "0.1.0"},
    FindingKind{"record-hash-differs", Severity::error, Affects::ca,
                "The target of {name} has the hash of another certificate request: {saw} instead "
                "of {expected}",
                kRule, "0.1.0"},
    FindingKind{"record-hash-cut", Severity::error, Affects::ca,
                "The hash in the target of {name} is not cut into 32 and 32 digits: {saw}", kRule,
                "0.1.0"},
    FindingKind{"record-unique-value-differs", Severity::error, Affects::ca,
                "The target of {name} has {unique}: {saw} instead of {expected}", kRule, "0.1.0"},
    FindingKind{"record-dot-lost", Severity::error, Affects::ca,
                "The target of {name} has {zone} at its end: {saw} instead of {meant}",
                "RFC 1035 5.1", "0.1.0"},
    FindingKind{"record-covers-from-above", Severity::info, Affects::hygiene,
                "The {type} record at {name} stands for {identifier}: {ca} looks at the names "
                "above too",
                "BR 1.6.1", "0.1.0"},
    FindingKind{"record-left-over", Severity::notice, Affects::hygiene,
                "Beside the expected value {name} holds {count} more that look like tokens of "
                "{ca}: {saw}",
                kRule, "0.1.0"},
    FindingKind{"record-ttl-long", Severity::notice, Affects::client,
                "Caches may keep the TXT record at {name} for {ttl} s", kRule, "0.1.0"},
};

// Where the CA looks for records of this type, the place that counts first.
std::string places(const Sight& sight) {
  std::vector<std::string> names = {sight.test.target.validation_name.lower().prose()};
  for (const observe::Place& place : sight.test.target.others)
    if (place.type == sight.type()) names.push_back(place.name.lower().prose());
  if (names.size() <= kPlacesNamed) return joined(names);
  const std::size_t left_out = names.size() - kPlacesNamed + 1;
  names.resize(kPlacesNamed - 1);
  names.push_back(std::to_string(left_out) + " more names above");
  return joined(names);
}

Sight sight_of(const Case& test) {
  Sight sight{.test = test, .view = proof_view(test), .expected = {}, .seen = {}, .missing = {}};
  sight.seen = sight.view.values();
  for (const std::string& value : test.target.expected)
    sight.expected.insert(observe::value_expected(value, test.target.type));
  std::ranges::set_difference(sight.expected, sight.seen,
                              std::inserter(sight.missing, sight.missing.end()));
  return sight;
}

bool is_explained_by_way(const std::vector<Finding>& findings) {
  return std::ranges::any_of(findings, [](const Finding& each) {
    return each.id.starts_with("alias-") && each.severity == Severity::error;
  });
}

// The delegate family has told which record there was meant, or the provider's what this one is.
bool is_told_already(const Sight& sight, const std::vector<Finding>& findings) {
  return std::ranges::any_of(findings, [&](const Finding& each) {
    return each.id.starts_with("delegate-") ||
           (each.id == "provider-ownership-only" && sight.expected.empty());
  });
}

// The highest name of the run whose record, not there either, would do for this one; else null.
const observe::Target* served_by(const Case& test) {
  const observe::Target* highest = nullptr;
  for (const observe::Target& each : test.observation.targets) {
    const bool above = each.method == test.target.method && each.expected == test.target.expected &&
                       std::ranges::any_of(test.target.others, [&](const observe::Place& place) {
                         return place.type == each.type && place.name == each.validation_name;
                       });
    const auto labels = [](const observe::Target& of) { return of.validation_name.label_count(); };
    if (above && (highest == nullptr || labels(each) < labels(*highest))) highest = &each;
  }
  return highest;
}

// One record, at a name above where the run has one that needs it as well.
Remedy publishing(const Sight& sight) {
  const observe::Target* above = served_by(sight.test);
  const ProofView there =
      above == nullptr
          ? ProofView{}
          : proof_view({sight.test.observation, *above, sight.test.profile, sight.test.overview});
  const std::string what = "Publish the " + dns::text(sight.type()) + " record at ";
  if (there.addresses.empty())
    return replacing(sight, {},
                     what + sight.view.step->name.lower().prose() + place_text(sight.view) + ".");
  return {what + there.step->name.lower().prose() + "; it serves " + sight.test.target.identifier +
              " too.",
          edits_towards(there, {}, sight.missing)};
}

void check_missing(const Sight& sight, std::vector<Finding>& findings) {
  if (is_explained_by_way(findings)) return;
  Finding finding = found(sight, "record-missing", sight.seen, {{"places", places(sight)}});
  const std::string where = sight.view.step->name.lower().prose();
  if (sight.expected.empty()) {
    finding.severity = Severity::info;
    finding.affects = Affects::hygiene;
    finding.remedy.action = "Order the certificate and publish the record that " + sight.ca() +
                            " tells at " + where + ".";
  } else {
    finding.remedy = publishing(sight);
  }
  findings.push_back(std::move(finding));
}

void check_unexplained(const Sight& sight, std::vector<Finding>& findings) {
  const bool any_token = std::ranges::any_of(
      sight.seen, [&](const std::string& value) { return sight.is_token(value); });
  if (!any_token && sight.is_shared()) return check_missing(sight, findings);
  if (!sight.expected.empty()) {
    findings.push_back(found(sight, "record-value-differs", sight.seen));
    findings.back().remedy = replacing(
        sight, {}, "Publish the expected record at " + sight.view.step->name.lower().prose() + ".");
    return;
  }
  findings.push_back(found(sight, "record-not-token", sight.seen));
  findings.back().remedy.action = "Publish the record that " + sight.ca() + " tells at " +
                                  sight.view.step->name.lower().prose() + ".";
}

bool is_good(const Sight& sight) {
  if (!sight.expected.empty()) return sight.missing.empty();
  return std::ranges::any_of(sight.seen,
                             [&](const std::string& value) { return sight.is_token(value); });
}

void check_records(const Case& test, std::vector<Finding>& findings) {
  const Sight sight = sight_of(test);
  if (sight.view.step == nullptr || check_type(sight, findings)) return;
  if (sight.view.addresses.empty() || check_form(sight, findings)) return;
  if (check_owner(sight, findings) || is_told_already(sight, findings)) return;
  if (sight.seen.empty()) return check_missing(sight, findings);
  if (check_dot(sight, findings) || check_hash(sight, findings)) return;
  if (is_good(sight)) return check_good(sight, findings);
  if (!check_slips(sight, findings)) check_unexplained(sight, findings);
}

constexpr std::array kProofs = {rules::Proof::token};

// What is there when there are no such records.
std::string instead(const Sight& sight) {
  return sight.view.addresses.empty() ? "no usable reply"
                                      : sight.view.addresses.front().data().text();
}

}  // namespace

bool Sight::is_shared() const {
  return type() == dns::RecordType::txt && dns::host_of(view.step->name) == view.step->name;
}

bool Sight::is_token(const std::string& value) const {
  if (!rules::has_token_forms(type(), test.profile.name)) return !is_shared();
  const rules::TokenForm* form = rules::token_form(type(), value, test.profile.name);
  return form != nullptr && !form->retired;
}

Finding found(const Sight& sight, std::string_view id, const Values& values,
              const std::map<std::string, std::string>& more) {
  const auto kind = std::ranges::find(kRecordKinds, id, &FindingKind::id);
  if (kind == kRecordKinds.end()) throw std::logic_error("no finding " + std::string(id));
  const dns::Name name = sight.view.step->name.lower();
  std::map<std::string, std::string> arguments = {
      {"name", name.prose()},
      {"type", dns::text(sight.type())},
      {"ca", sight.ca()},
      {"expected", shown(sight.missing, sight.type())},
      {"saw", values.empty() ? instead(sight) : shown(values, sight.type())},
      {"count", std::to_string(values.size())}};
  for (const auto& [key, value] : more) arguments[key] = value;
  Finding finding = make_finding(*kind, name.text(), std::move(arguments));
  for (const AddressView& each : sight.view.addresses)
    finding.evidence.push_back(evidence_of(sight.test, *each.samples.front().exchange));
  return finding;
}

Remedy replacing(const Sight& sight, const Values& wrong, std::string action) {
  return {std::move(action), edits_towards(sight.view, wrong, sight.missing)};
}

}  // namespace record

const Family kRecordFamily = {.name = "record",
                              .kinds = record::kRecordKinds,
                              .check = record::check_records,
                              .proofs = record::kProofs};

}  // namespace dcv::check
