// What the CAA records that count say to this CA.
#include <algorithm>

#include "check/caa.h"
#include "dns/public_suffix.h"

namespace dcv::check::caa {
namespace {

// The records that count, and where they stand.
struct Set {
  const Case& test;
  const Climb& climb;
  const Level& level;
  const View& view;
  Decision decision;

  const dns::Name& owner() const { return level.last->name; }
};

Finding found(const Set& set, std::string_view id, std::map<std::string, std::string> arguments) {
  arguments["found_at"] = prose(set.level.level->name);
  arguments["ca"] = set.test.profile.title;
  arguments["identity"] = suggested_identity(set.test.profile);
  arguments["records"] = text(set.view.records);
  Finding finding =
      make_finding(kind(id), set.level.level->name.lower().text(), std::move(arguments));
  Exchanges shown = alias_replies(set.test, set.level);
  shown.insert(shown.end(), set.view.shown.begin(), set.view.shown.end());
  finding.evidence = evidence(set.test, shown);
  // Other servers let some perspectives pass.
  if (finding.severity == Severity::error && share_from(set.test, set.climb, 0) > 0)
    finding.severity = Severity::warning;
  return finding;
}

// `add` in place of `remove`, where the owner of the identifier decides.
Remedy change(const Set& set, const std::vector<dns::Caa>& remove,
              const std::vector<dns::Caa>& add) {
  Edit edit{set.level.last->zone.lower().text(), "", {}, {}};
  for (const dns::Caa& each : remove) edit.remove.push_back(line(set.owner(), set.view.ttl, each));
  for (const dns::Caa& each : add) edit.add.push_back(line(set.owner(), set.view.ttl, each));
  std::string action;
  if (add.empty())
    action = "remove the record " + edit.remove.front();
  else if (remove.empty())
    action = "add the record " + edit.add.front() + " to the zone " + prose(set.level.last->zone);
  else
    action = "replace the record " + edit.remove.front() + " by " + edit.add.front();
  if (!is_own(set.test, set.level))
    return {"Ask whoever runs " + prose(set.owner()) + " to " + action + ".", {}};
  action.front() = static_cast<char>(action.front() - 'a' + 'A');
  if (!remove.empty() && may_be_wildcard(set.test, set.level))
    return {action + "; if it is made from a wildcard, do so there.", {}};
  return {action + ".", {edit}};
}

Remedy let_in(const Set& set, std::string_view tag) {
  if (is_own(set.test, set.level)) return publish(set.test, set.level, tag, set.view.ttl);
  if (const Level* below = level_to_publish_at(set.test, set.climb, *set.climb.decisive))
    return publish(set.test, *below, tag, kTtl);
  const std::string identity = suggested_identity(set.test.profile);
  if (identity.empty())
    return {"Ask whoever runs " + prose(set.owner()) + " to let your CA in.", {}};
  return change(set, {}, {{0, std::string(tag), identity}});
}

Finding forbids(const Set& set) {
  const bool wild = set.decision.by_issuewild;
  Finding finding = found(set, wild ? "caa-wildcard-forbids" : "caa-forbids", {});
  finding.remedy = let_in(set, wild ? "issuewild" : "issue");
  return finding;
}

Finding misspelt(const Set& set, const Relevant& culprit) {
  const dns::Caa& record = *culprit.record;
  Finding finding = found(set, "caa-value-malformed",
                          {{"record", text(record)}, {"fault", culprit.reading.fault}});
  if (set.decision.permits) {
    // Another record lets this CA in, so nobody is hurt yet.
    finding.severity = Severity::warning;
    finding.affects = Affects::hygiene;
  }
  finding.remedy = change(set, {record}, {{record.flags, record.tag, culprit.reading.mended}});
  return finding;
}

Finding other_account(const Set& set, const Relevant& culprit) {
  const dns::Caa& record = *culprit.record;
  Finding finding = found(set, "caa-account-differs", {{"account", culprit.reading.account}});
  finding.remedy = change(set, {}, {{record.flags, record.tag, culprit.reading.mended}});
  return finding;
}

Finding other_method(const Set& set, const Relevant& culprit) {
  const dns::Caa& record = *culprit.record;
  Finding finding =
      found(set, "caa-method-forbids",
            {{"methods", culprit.reading.methods}, {"method", set.test.target.method}});
  finding.remedy = change(set, {record}, {{record.flags, record.tag, culprit.reading.mended}});
  return finding;
}

Finding one_account(const Set& set, const Relevant& culprit) {
  const std::string& account = culprit.reading.account;
  Finding finding = found(set, "caa-account-restricted", {{"account", account}});
  if (culprit.reading.foreign_account) finding.severity = Severity::warning;
  finding.remedy.action = "Make sure that the ACME account of this order is " + account +
                          "; --account-uri URI compares it.";
  return finding;
}

Finding critical(const Set& set, const dns::Caa& record) {
  Finding finding = found(set, "caa-critical-unknown", {{"record", text(record)}});
  finding.remedy = change(set, {record}, {});
  return finding;
}

const Relevant* first_with(const Set& set, Match match) {
  const auto& relevant = set.decision.relevant;
  const auto culprit = std::find_if(relevant.begin(), relevant.end(), [&](const Relevant& each) {
    return each.reading.match == match;
  });
  return culprit == relevant.end() ? nullptr : &*culprit;
}

void judge(const Set& set, std::vector<Finding>& findings) {
  for (const dns::Caa* record : set.decision.critical) findings.push_back(critical(set, *record));
  bool explained = set.decision.relevant.empty();
  for (const Relevant& each : set.decision.relevant) {
    if (each.reading.match != Match::misspelt) continue;
    findings.push_back(misspelt(set, each));
    explained = true;
  }
  if (first_with(set, Match::yes) != nullptr) return;
  if (const Relevant* restricted = first_with(set, Match::if_account))
    return findings.push_back(one_account(set, *restricted));
  if (const Relevant* culprit = first_with(set, Match::other_account)) {
    findings.push_back(other_account(set, *culprit));
    explained = true;
  }
  if (const Relevant* culprit = first_with(set, Match::other_method)) {
    findings.push_back(other_method(set, *culprit));
    explained = true;
  }
  if (!explained) findings.push_back(forbids(set));
}

void tell_alias(const Set& set, std::vector<Finding>& findings) {
  if (set.level.level->steps.size() == 1 || is_own(set.test, set.level)) return;
  Finding finding = found(set, "caa-from-alias",
                          {{"name", prose(set.level.level->name)}, {"target", prose(set.owner())}});
  finding.remedy.action = "Keep in mind that whoever runs " + prose(set.owner()) +
                          " decides which CAs may issue for " + prose(set.level.level->name) + ".";
  findings.push_back(std::move(finding));
}

}  // namespace

void check_records(const Case& test, const Climb& climb, std::vector<Finding>& findings) {
  if (!climb.decisive) return;
  const Level& level = climb.levels[*climb.decisive];
  if (level.standing != Standing::answered) return;
  const View& view = level.views.front();
  const Set set{test, climb, level, view, decide(view.records, test)};
  judge(set, findings);
  tell_alias(set, findings);
}

}  // namespace dcv::check::caa
