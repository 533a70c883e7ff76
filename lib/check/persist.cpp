// The rows of the family, and which of them the records at the proof deserve.
#include "check/persist.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "rules/account_forms.h"
#include "rules/requirements.h"

namespace dcv::check::persist {
namespace {

constexpr std::string_view kDraft = "draft-ietf-acme-dns-persist, BR 3.2.2.4.22";
constexpr double kYear = 365 * 86400;

constexpr std::array kPersistKinds = {
    FindingKind{.id = "persist-missing",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "Nothing is published at {name}: no TXT record that lets {ca} validate",
                .reference = kDraft,
                .since = "0.1.0"},
    FindingKind{.id = "persist-malformed",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "The record at {name} {fault}, so no CA can use it: {saw}",
                .reference = "RFC 8659 4.2, draft-ietf-acme-dns-persist",
                .since = "0.1.0"},
    FindingKind{.id = "persist-issuer-differs",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "No record at {name} names {ca} as its issuer: {saw}",
                .reference = kDraft,
                .since = "0.1.0"},
    FindingKind{.id = "persist-account-differs",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "The record at {name} is for the account {account}, not for {told}",
                .reference = kDraft,
                .since = "0.1.0"},
    FindingKind{.id = "persist-policy-missing",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "The record at {name} has no policy=wildcard, and a wildcard name is "
                           "asked for: {saw}",
                .reference = kDraft,
                .since = "0.1.0"},
    FindingKind{.id = "persist-expired",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "The record at {name} counts no more since {until}: {saw}",
                .reference = kDraft,
                .since = "0.1.0"},
    FindingKind{.id = "persist-expires-soon",
                .severity = Severity::warning,
                .affects = Affects::ca,
                .message = "The record at {name} ends on {until}, and a certificate issued now has "
                           "to be renewed by {renewal}",
                .reference = kDraft,
                .since = "0.1.0"},
    FindingKind{.id = "persist-account-unchecked",
                .severity = Severity::notice,
                .affects = Affects::ca,
                .message = "The record at {name} is for the account {account}, {why}",
                .reference = kDraft,
                .since = "0.1.0"},
    FindingKind{.id = "persist-until-milliseconds",
                .severity = Severity::warning,
                .affects = Affects::hygiene,
                .message = "The record at {name} has persistUntil in milliseconds, so it never "
                           "ends: {saw}",
                .reference = kDraft,
                .since = "0.1.0"},
    FindingKind{.id = "persist-duplicate",
                .severity = Severity::notice,
                .affects = Affects::hygiene,
                .message = "{count} records at {name} are for the same CA and account; the one "
                           "that allows most counts: {saw}",
                .reference = kDraft,
                .since = "0.1.0"},
};

const FindingKind& row(std::string_view id) {
  const auto found = std::ranges::find(kPersistKinds, id, &FindingKind::id);
  if (found == kPersistKinds.end()) throw std::logic_error("no finding " + std::string(id));
  return *found;
}

using Records = std::vector<Judged>;
using Arguments = std::map<std::string, std::string>;

// The case with all records that any server gave.
struct Sight {
  const Case& test;
  ProofView view;
  Records records;
  bool accepted = false;

  std::string prose() const { return view.step->name.lower().prose(); }
  std::string ca() const { return test.profile.title; }
  Records with(Standing standing) const {
    Records some;
    std::ranges::copy_if(records, std::back_inserter(some),
                         [&](const Judged& each) { return each.standing == standing; });
    return some;
  }
};

std::set<std::string> values_of(const Records& records) {
  std::set<std::string> values;
  for (const Judged& each : records) values.insert(each.value);
  return values;
}

// One that speaks of records which are in nobody's way when another one is accepted.
Finding found(const Sight& sight, std::string_view id, const Records& records, Arguments more) {
  more["name"] = sight.prose();
  more["ca"] = sight.ca();
  more["saw"] = shown(values_of(records));
  Finding finding = make_finding(row(id), sight.view.step->name.lower().text(), std::move(more));
  if (sight.accepted && finding.severity == Severity::error) {
    finding.severity = Severity::notice;
    finding.affects = Affects::hygiene;
  }
  for (const AddressView& each : sight.view.addresses)
    finding.evidence.push_back(evidence_of(sight.test, *each.samples.front().exchange));
  return finding;
}

// The first told account; else, with one record, that record's.
std::string account_for(const Sight& sight, const Records& records) {
  const std::vector<std::string> told = accounts_of(sight.test);
  if (!told.empty()) return told.front();
  return records.size() == 1 ? records.front().record.account : "";
}

// The value that would do; empty when issuer or account is not known.
std::string wanted(const Sight& sight, const Records& records,
                   std::optional<std::int64_t> until = std::nullopt) {
  const auto& identities = sight.test.profile.identities;
  const std::string known = records.size() == 1 ? records.front().record.issuer : "";
  const std::string issuer = !identities.empty() ? identities.front() : known;
  const std::string account = account_for(sight, records);
  if (issuer.empty() || account.empty()) return "";
  const bool wildcard =
      wants_wildcard(sight.test) ||
      std::ranges::any_of(records, [](const Judged& each) { return each.record.wildcard; });
  return rules::persist_value(issuer, account, wildcard, until);
}

// The form of a value that nobody can fill in for the user.
std::string form(const Sight& sight) {
  const auto& identities = sight.test.profile.identities;
  return rules::persist_value(identities.empty() ? "CA" : identities.front(), "ACCOUNT-URL",
                              wants_wildcard(sight.test));
}

Remedy publishing(const Sight& sight, const std::set<std::string>& wrong,
                  const std::string& right) {
  if (right.empty())
    return {"Publish a TXT record \"" + form(sight) + "\" at " + sight.prose() +
                ", with the account's URL as the ACME client shows it.",
            {}};
  const std::string verb = wrong.empty() ? "Publish" : "Replace the record by";
  return {verb + " the TXT record " + dns::quoted(right) + " at " + sight.prose() + ".",
          edits_towards(sight.view, wrong, {right})};
}

std::string moment_text(std::int64_t until) {
  return rules::day_text(static_cast<double>(until));
}

double renewal(const Sight& sight) {
  return rules::next_renewal(sight.test.observation.now, sight.test.profile.name);
}

// A year beyond the next renewal.
std::int64_t later(const Sight& sight) {
  return static_cast<std::int64_t>(renewal(sight) + kYear);
}

// An error of the alias family says better why nothing is where the CA looks.
bool is_explained_by_way(const Case& test) {
  std::vector<Finding> others;
  kAliasFamily.check(test, others);
  return std::ranges::any_of(others,
                             [](const Finding& each) { return each.severity == Severity::error; });
}

void check_missing(const Sight& sight, std::vector<Finding>& findings) {
  if (is_explained_by_way(sight.test)) return;
  findings.push_back(found(sight, "persist-missing", {}, {}));
  findings.back().remedy = publishing(sight, {}, wanted(sight, {}));
}

void check_malformed(const Sight& sight, std::vector<Finding>& findings) {
  for (const Judged& each : sight.with(Standing::malformed)) {
    findings.push_back(
        found(sight, "persist-malformed", {each}, {{"fault", rules::fault_text(each.record)}}));
    findings.back().remedy = publishing(sight, {each.value}, wanted(sight, {each}));
  }
}

// Nothing there is for this CA: values that name no issuer at all are malformed, others are its.
void check_foreign(const Sight& sight, std::vector<Finding>& findings) {
  const Records foreign = sight.with(Standing::foreign);
  if (sight.records.size() != foreign.size()) return;
  const auto nameless = [](const Judged& each) { return each.record.issuer.empty(); };
  if (std::ranges::all_of(foreign, nameless)) {
    for (const Judged& each : foreign) {
      findings.push_back(
          found(sight, "persist-malformed", {each}, {{"fault", rules::fault_text(each.record)}}));
      findings.back().remedy = publishing(sight, {}, wanted(sight, {}));
    }
    return;
  }
  findings.push_back(found(sight, "persist-issuer-differs", foreign, {}));
  findings.back().remedy = publishing(sight, {}, wanted(sight, {}));
}

// " (the same URL of the staging environment)"
std::string slip_of(const std::string& account, const std::vector<std::string>& told) {
  for (const std::string& each : told)
    for (const rules::AccountForm& form : rules::other_forms(each))
      if (form.uri == account) return " (that is the account's URL " + form.slip + ")";
  return "";
}

void check_account(const Sight& sight, std::vector<Finding>& findings) {
  if (sight.accepted) return;  // records of other accounts are others' business
  const std::vector<std::string> told = accounts_of(sight.test);
  for (const Judged& each : sight.with(Standing::account)) {
    const std::string slip = slip_of(each.record.account, told);
    const std::string account = dns::escape(each.record.account, "");
    findings.push_back(found(sight, "persist-account-differs", {each},
                             {{"account", account + slip}, {"told", told.front()}}));
    const std::set<std::string> wrong =
        slip.empty() ? std::set<std::string>{} : std::set<std::string>{each.value};
    findings.back().remedy = publishing(sight, wrong, wanted(sight, {each}));
  }
}

void check_policy(const Sight& sight, std::vector<Finding>& findings) {
  if (sight.accepted) return;
  for (const Judged& each : sight.with(Standing::policy)) {
    findings.push_back(found(sight, "persist-policy-missing", {each}, {}));
    findings.back().remedy =
        publishing(sight, {each.value}, wanted(sight, {each}, each.record.until));
  }
}

void check_expired(const Sight& sight, std::vector<Finding>& findings) {
  for (const Judged& each : sight.with(Standing::expired)) {
    findings.push_back(
        found(sight, "persist-expired", {each}, {{"until", moment_text(*each.record.until)}}));
    if (sight.accepted)
      findings.back().remedy = {"Remove the record that has ended.",
                                edits_towards(sight.view, {each.value}, {})};
    else
      findings.back().remedy = publishing(sight, {each.value}, wanted(sight, {each}, later(sight)));
  }
}

// The record that lasts longest decides.
void check_end(const Sight& sight, std::vector<Finding>& findings) {
  const Judged* last = nullptr;
  for (const Judged& each : sight.records) {
    if (!each.accepted()) continue;
    if (!each.record.until) return;
    if (last == nullptr || *last->record.until < *each.record.until) last = &each;
  }
  if (last == nullptr) return;
  const std::int64_t until = *last->record.until;
  if (rules::is_surely_milliseconds(until)) {
    findings.push_back(found(sight, "persist-until-milliseconds", {*last}, {}));
    findings.back().remedy = publishing(sight, {last->value}, wanted(sight, {*last}, until / 1000));
  } else if (static_cast<double>(until) < renewal(sight)) {
    findings.push_back(
        found(sight, "persist-expires-soon", {*last},
              {{"until", moment_text(until)}, {"renewal", rules::day_text(renewal(sight))}}));
    findings.back().remedy = publishing(sight, {last->value}, wanted(sight, {*last}, later(sight)));
  }
}

void check_unchecked(const Sight& sight, std::vector<Finding>& findings) {
  if (!sight.with(Standing::good).empty()) return;
  for (const Judged& each : sight.with(Standing::unchecked)) {
    const bool hashed = each.record.grammar == rules::PersistGrammar::draft_02;
    const bool strange = !each.record.account.starts_with(sight.test.profile.account_prefix);
    const std::string why =
        hashed    ? "hashed as in version 02 of the draft, which only the CA can compare"
        : strange ? "which is none of this CA's, going by its URL"
                  : "and no account of this CA was told to compare it with";
    findings.push_back(found(sight, "persist-account-unchecked", {each},
                             {{"account", dns::escape(each.record.account, "")}, {"why", why}}));
    if (hashed || strange) findings.back().severity = Severity::warning;
    findings.back().remedy.action =
        hashed ? "Make sure that the CA has given this value, and that it takes hashed accounts."
               : "Compare the account with that of the ACME client: --account-uri URL does it.";
  }
}

void check_duplicates(const Sight& sight, std::vector<Finding>& findings) {
  std::map<std::pair<std::string, std::string>, Records> groups;
  for (const Judged& each : sight.records)
    if (each.accepted()) groups[{each.record.issuer, each.record.account}].push_back(each);
  for (const auto& [whose, group] : groups) {
    if (group.size() < 2) continue;
    findings.push_back(
        found(sight, "persist-duplicate", group, {{"count", std::to_string(group.size())}}));
    findings.back().remedy.action = "Keep the one that is meant, and remove the others.";
  }
}

void check_persist(const Case& test, std::vector<Finding>& findings) {
  Sight sight{.test = test, .view = proof_view(test), .records = {}, .accepted = false};
  if (sight.view.addresses.empty()) return;
  for (const std::string& value : sight.view.values()) sight.records.push_back(judged(test, value));
  sight.accepted = std::ranges::any_of(sight.records, &Judged::accepted);
  if (sight.records.empty()) return check_missing(sight, findings);
  check_malformed(sight, findings);
  check_foreign(sight, findings);
  check_account(sight, findings);
  check_policy(sight, findings);
  check_expired(sight, findings);
  check_end(sight, findings);
  check_unchecked(sight, findings);
  check_duplicates(sight, findings);
}

}  // namespace
}  // namespace dcv::check::persist

namespace dcv::check {

namespace {
constexpr std::array kProofs = {rules::Proof::persist};
}  // namespace

const Family kPersistFamily = {.name = "persist",
                               .kinds = persist::kPersistKinds,
                               .check = persist::check_persist,
                               .proofs = kProofs};

}  // namespace dcv::check
