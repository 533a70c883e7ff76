// Facts change when servers say so; verdict, findings and a few facts when looks in a row agree.
#include "check/changes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <set>

namespace dcv::check {
namespace {

using Words = std::vector<std::string>;

constexpr std::array<std::string_view, 14> kKinds = {
    "alias-target-changed", "ns-set-changed",
    "glue-changed",         "ds-changed",
    "caa-changed",          "soa-minimum-changed",
    "ttl-changed",          "provider-identifier-changed",
    "value-first-seen",     "value-last-seen",
    "stray-token-left",     "verdict-changed",
    "finding-appeared",     "finding-gone"};

struct FactRow {
  ChangeKind kind;
  Severity severity;
  std::string_view what;  // "the {what} {subject}"
};

FactRow row_of(Aspect aspect) {
  switch (aspect) {
    case Aspect::alias:
      return {ChangeKind::alias_target_changed, Severity::warning, "alias target of"};
    case Aspect::parent_servers:
      return {ChangeKind::ns_set_changed, Severity::warning, "parent's name servers of"};
    case Aspect::zone_servers:
      return {ChangeKind::ns_set_changed, Severity::warning, "name servers of"};
    case Aspect::glue:
      return {ChangeKind::glue_changed, Severity::notice, "glue of"};
    case Aspect::ds:
      return {ChangeKind::ds_changed, Severity::warning, "DS records of"};
    case Aspect::caa:
      return {ChangeKind::caa_changed, Severity::warning, "CAA records that count for"};
    case Aspect::soa_minimum:
      return {ChangeKind::soa_minimum_changed, Severity::notice, "SOA minimum of"};
    case Aspect::ttl:
      return {ChangeKind::ttl_changed, Severity::info, "TTL at"};
    case Aspect::provider:
      return {ChangeKind::provider_identifier_changed, Severity::warning, "provider of"};
    case Aspect::value:
      break;
  }
  return {ChangeKind::value_first_seen, Severity::info, "value at"};
}

std::string side_of(Aspect aspect) {
  if (aspect == Aspect::parent_servers) return "parent";
  return aspect == Aspect::zone_servers ? "zone" : "";
}

Words words(const Fact& fact) {
  Words all;
  for (const auto& [value, held] : fact.values) all.push_back(value);
  return all;
}

std::string listed(const Words& values) {
  std::string text;
  for (const std::string& each : values) text += (text.empty() ? "" : ", ") + each;
  return text.empty() ? "none" : text;
}

void compare_values(const FactKey& key, const Fact& before, const Fact& after,
                    std::vector<Change>& changes) {
  for (const auto& [value, held] : after.values)
    if (!before.values.contains(value))
      changes.push_back({ChangeKind::value_first_seen,
                         Severity::info,
                         key.zone,
                         key.subject,
                         "",
                         {},
                         {value},
                         key.subject + " has the value " + value});
  for (const auto& [value, held] : before.values)
    if (!after.values.contains(value))
      changes.push_back({ChangeKind::value_last_seen,
                         Severity::info,
                         key.zone,
                         key.subject,
                         "",
                         {value},
                         {},
                         key.subject + " has the value " + value + " no more"});
}

void compare(const FactKey& key, const Fact& before, const Fact& after,
             std::vector<Change>& changes) {
  if (key.aspect == Aspect::value) return compare_values(key, before, after, changes);
  const Words old = words(before), now = words(after);
  if (old == now) return;
  const FactRow row = row_of(key.aspect);
  changes.push_back({row.kind, row.severity, key.zone, key.subject, side_of(key.aspect), old, now,
                     "the " + std::string(row.what) + " " + key.subject + " changed from " +
                         listed(old) + " to " + listed(now)});
}

std::set<std::string> values_of(const Fact& fact) {
  std::set<std::string> all;
  for (const auto& [value, held] : fact.values) all.insert(value);
  return all;
}

std::uint64_t longest(const Fact& fact) {
  std::uint64_t most = 0;
  for (const auto& [value, held] : fact.values) {
    std::uint64_t seconds = 0;
    std::from_chars(value.data(), value.data() + value.size(), seconds);
    most = std::max(most, seconds);
  }
  return most;
}

// How many looks in a row have to show the same before it counts. Servers of a registry lag behind
// each other, and there are servers whose TTLs run down.
int looks_needed(const FactKey& key, const Fact& before, const Fact& seen) {
  if (key.aspect == Aspect::ttl) return longest(seen) > longest(before) ? 1 : kLooksUntilGone;
  if (seen.sides.empty()) return 1;
  return seen.complete ? 2 : kLooksUntilGone;
}

// The fact as it was, while what a look shows does not count yet; else nothing. Where not all are
// asked, what is known stays as long as one of those asked gives it: others may be asked next time.
std::optional<Fact> awaiting(const FactKey& key, const Fact& before, const Fact& seen) {
  const std::set<std::string> known = values_of(before), shown = values_of(seen);
  if (shown == known) return std::nullopt;
  Fact still = before;
  still.awaited.clear();
  still.looks = 0;
  if (seen.sides.contains(known)) return still;
  still.awaited = shown;
  still.looks = before.awaited == shown ? before.looks + 1 : 1;
  if (still.looks >= looks_needed(key, before, seen)) return std::nullopt;
  return still;
}

// What is known of a fact after a look.
Fact merged(const FactKey& key, const Fact* before, Fact seen, double now) {
  if (before)
    if (const std::optional<Fact> still = awaiting(key, *before, seen)) return *still;
  const bool is_whole = seen.complete || !seen.sides.empty() || key.aspect == Aspect::ttl;
  seen.sides.clear();
  for (auto& [value, held] : seen.values) {
    held.since = now;
    if (!before || !before->values.contains(value)) continue;
    const Held& old = before->values.at(value);
    held.since = old.since;
    held.is_stray = old.is_stray && !held.may_stay;
  }
  if (!before || is_whole) return seen;
  for (const auto& [value, held] : before->values) {
    Held still = held;
    if (++still.missed < kLooksUntilGone) seen.values.try_emplace(value, still);
  }
  return seen;
}

// A fact that this look did not see is kept unless the way no longer leads there.
bool is_kept(const FactKey& key, const Snapshot& seen) {
  return !seen.arrived ||
         (seen.scope.contains(key.subject) && (key.zone.empty() || seen.scope.contains(key.zone)));
}

// Zones at or above the validation name that only one of the two has: cuts that came or went. Those
// elsewhere come and go with the aliases that lead there.
void compare_cuts(const Snapshot& without, const Snapshot& with, bool came,
                  std::vector<Change>& changes) {
  if (!without.arrived || !with.arrived) return;
  for (const auto& [key, fact] : with.facts) {
    if (key.aspect != Aspect::parent_servers || without.zones.contains(key.subject)) continue;
    if (!("." + with.validation_name).ends_with("." + key.subject)) continue;
    if (came) {
      compare(key, {}, fact, changes);
    } else {
      compare(key, fact, {}, changes);
    }
  }
}

void mark_strays(Snapshot& snapshot, double now, double stray_after, std::vector<Change>& changes) {
  for (auto& [key, fact] : snapshot.facts) {
    if (key.aspect != Aspect::value) continue;
    for (auto& [value, held] : fact.values) {
      if (held.may_stay || held.is_stray || now - held.since < stray_after) continue;
      held.is_stray = true;
      changes.push_back({ChangeKind::stray_token_left,
                         Severity::notice,
                         key.zone,
                         key.subject,
                         "",
                         {},
                         {value},
                         key.subject + " still has the token " + value + " of an earlier order"});
    }
  }
}

Severity severity_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::blocked:
      return Severity::error;
    case Verdict::at_risk:
      return Severity::warning;
    case Verdict::unknown:
      return Severity::notice;
    case Verdict::ready:
      break;
  }
  return Severity::info;
}

void compare_opinions(const Snapshot& before, const Snapshot& after, std::vector<Change>& changes) {
  const Opinion &old = before.opinion, &now = after.opinion;
  if (old.verdict != now.verdict) {
    const std::string was(text(old.verdict)), is(text(now.verdict));
    changes.push_back({ChangeKind::verdict_changed,
                       severity_of(now.verdict),
                       "",
                       after.validation_name,
                       "",
                       {was},
                       {is},
                       "the verdict changed from " + was + " to " + is});
  }
  // What is read from a history has no messages.
  const auto told = [](const Noted& each) {
    return each.message.empty() ? each.id + " at " + each.subject : each.message;
  };
  for (const Noted& each : now.findings)
    if (!old.findings.contains(each))
      changes.push_back({ChangeKind::finding_appeared,
                         each.severity,
                         "",
                         each.subject,
                         "",
                         {},
                         {each.id},
                         told(each)});
  for (const Noted& each : old.findings)
    if (!now.findings.contains(each))
      changes.push_back({ChangeKind::finding_gone,
                         Severity::info,
                         "",
                         each.subject,
                         "",
                         {each.id},
                         {},
                         "no longer: " + told(each)});
}

// What counts after a look: whatever it and the one before it say alike. What could not be judged
// tells of nothing that it is gone.
Opinion confirmed(const Snapshot& before, const Opinion& seen) {
  Opinion opinion = before.opinion;
  if (seen.verdict == before.latest.verdict) opinion.verdict = seen.verdict;
  for (const Noted& each : seen.findings)
    if (opinion.findings.erase(each) > 0 || before.latest.findings.contains(each))
      opinion.findings.insert(each);  // with the words of this look
  if (seen.verdict == Verdict::unknown) return opinion;
  std::erase_if(opinion.findings, [&](const Noted& each) {
    return !seen.findings.contains(each) && !before.latest.findings.contains(each);
  });
  return opinion;
}

bool says_otherwise(const Snapshot& snapshot) {
  for (const auto& [key, fact] : snapshot.facts)
    if (fact.looks > 0 && key.aspect != Aspect::ttl) return true;
  const Opinion &counts = snapshot.opinion, &latest = snapshot.latest;
  if (counts.verdict != latest.verdict) return true;
  if (latest.verdict != Verdict::unknown) return counts.findings != latest.findings;
  return !std::ranges::includes(counts.findings, latest.findings);
}

}  // namespace

std::vector<Change> differences(const Snapshot& before, const Snapshot& after) {
  std::vector<Change> changes;
  compare_cuts(before, after, true, changes);
  compare_cuts(after, before, false, changes);
  for (const auto& [key, fact] : after.facts)
    if (const auto old = before.facts.find(key); old != before.facts.end())
      compare(key, old->second, fact, changes);
  compare_opinions(before, after, changes);
  return changes;
}

Advance advance(const Snapshot* before, const Snapshot& seen, double now, double stray_after) {
  Advance next{seen, {}, false};
  for (auto& [key, fact] : next.snapshot.facts) {
    const bool is_known = before && before->facts.contains(key);
    fact = merged(key, is_known ? &before->facts.at(key) : nullptr, fact, now);
  }
  if (before) {
    for (const auto& [key, fact] : before->facts)
      if (is_kept(key, seen)) next.snapshot.facts.try_emplace(key, fact);
    if (!seen.arrived) {  // the way is the one that was known
      next.snapshot.arrived = before->arrived;
      next.snapshot.scope = before->scope;
      next.snapshot.zones = before->zones;
      next.snapshot.final_name = before->final_name;
    }
    next.snapshot.opinion = confirmed(*before, seen.opinion);
    next.changes = differences(*before, next.snapshot);
  }
  mark_strays(next.snapshot, now, stray_after, next.changes);
  next.unsettled = says_otherwise(next.snapshot);
  return next;
}

std::string_view text(ChangeKind kind) {
  return kKinds.at(static_cast<std::size_t>(kind));
}

}  // namespace dcv::check
