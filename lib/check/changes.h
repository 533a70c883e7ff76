#pragma once
// What has changed at a target from look to look. What was not seen is never taken for gone.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "check/snapshot.h"

namespace dcv::check {

enum class ChangeKind {
  alias_target_changed,
  ns_set_changed,
  glue_changed,
  ds_changed,
  caa_changed,
  soa_minimum_changed,
  ttl_changed,
  provider_identifier_changed,
  value_first_seen,
  value_last_seen,
  stray_token_left,
  verdict_changed,
  finding_appeared,
  finding_gone,
};

// Before and after are sorted; of a value or finding that appears, before is empty.
struct Change {
  ChangeKind kind = ChangeKind::verdict_changed;
  Severity severity = Severity::info;
  std::string zone;     // of glue: whose servers; else empty
  std::string subject;  // a name with its final dot, or what the finding is about
  std::string side;     // of an NS set: "parent" or "zone"; else empty
  std::vector<std::string> before, after;
  std::string message;  // one factual sentence

  friend bool operator==(const Change&, const Change&) = default;
};

struct Advance {
  Snapshot snapshot;            // what is known now
  std::vector<Change> changes;  // since `before`
  bool unsettled = false;       // the next look decides: it should come soon
};

// After so many looks in a row that did not show it, a value is gone even if some server never
// answers: one that is dead for good must not keep it alive.
constexpr int kLooksUntilGone = 3;

// Goes on from what was known, which is null at the first look: that has no changes. `now` is Unix
// seconds; a token is stray when it has stood for `stray_after` seconds.
Advance advance(const Snapshot* before, const Snapshot& seen, double now, double stray_after);

// What differs between two points of a target's history, as advance() would tell it.
std::vector<Change> differences(const Snapshot& before, const Snapshot& after);

std::string_view text(ChangeKind kind);  // "alias-target-changed"

}  // namespace dcv::check
