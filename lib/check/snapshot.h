#pragma once
// What a watcher keeps of one look at a target: facts that stay the same from look to look unless
// somebody changes something, and the judgement. Plain values; knows no earlier look.

#include <compare>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "check/evaluate.h"

namespace dcv::check {

// What a fact tells; the subject is a name in lower case with its final dot.
enum class Aspect {
  alias,           // where the name leads; no value: it is no alias
  parent_servers,  // of a zone, as its parent has them
  zone_servers,    // of a zone, as it says itself
  glue,            // addresses of a name server, as the parent of the zone gives them
  ds,              // of a zone, at its parent; no value: it is not signed
  caa,             // the records that count for the name; no value: none restricts the CA
  soa_minimum,     // of a zone, seconds
  ttl,             // of the records at a name, seconds: the longest that any server gives
  provider,        // who takes the delegation of a name, and the identifier told there
  value,           // at the validation name, or where its aliases lead
};

// A value of a fact, with what only a row of looks can tell.
struct Held {
  double since = 0;       // Unix seconds: first seen, or 0
  int missed = 0;         // looks in a row that did not show it, though something was not heard
  bool may_stay = true;   // false: of use only while an order is open
  bool is_stray = false;  // it was told that it was left behind

  friend bool operator==(const Held&, const Held&) = default;
};

struct FactKey {
  Aspect aspect = Aspect::alias;
  std::string zone;  // of glue: whose servers; else empty
  std::string subject;

  friend auto operator<=>(const FactKey&, const FactKey&) = default;
};

// At most so many values of a fact are told apart; the rest is one, "and 936 more".
constexpr std::size_t kMostValues = 64;

struct Fact {
  std::map<std::string, Held> values;  // safe to print
  bool complete = true;                // false: somebody who may know more values did not answer
  // What each of those asked gives, where others may be asked next time (those of registries);
  // else empty. Of one look only.
  std::set<std::set<std::string>> sides = {};
  // What does not count yet: the values that the last `looks` looks in a row showed instead.
  std::set<std::string> awaited = {};
  int looks = 0;

  friend bool operator==(const Fact&, const Fact&) = default;
};

// A finding without what differs from look to look. Equal by id and subject.
struct Noted {
  std::string id, subject;
  Severity severity = Severity::error;
  Affects affects = Affects::ca;
  std::string message = {};

  friend bool operator==(const Noted& a, const Noted& b) {
    return a.id == b.id && a.subject == b.subject;
  }
  friend auto operator<=>(const Noted& a, const Noted& b) {
    return std::tie(a.id, a.subject) <=> std::tie(b.id, b.subject);
  }
};

struct Opinion {
  Verdict verdict = Verdict::unknown;
  std::set<Noted> findings = {};

  friend bool operator==(const Opinion&, const Opinion&) = default;
};

struct Snapshot {
  std::string name, method, ca;
  std::string validation_name, final_name;
  std::map<FactKey, Fact> facts = {};  // what could not be seen at all is absent
  // Zones, hosts and names on the way; an absent fact about anything else is out of date.
  std::set<std::string> scope = {};
  std::set<std::string> zones = {};  // those of them that are asked in full
  bool arrived = false;              // the walk came to its end, so that the scope is whole
  Opinion opinion = {};              // that counts
  Opinion latest = {};               // of the last look: it counts when the next one says the same

  friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

// One for each judgement, in their order; `judgements` are those of evaluate().
std::vector<Snapshot> snapshots_of(const observe::Observation& observation,
                                   const std::vector<Judgement>& judgements);

std::string_view text(Aspect aspect);  // "alias", "parent-servers"
// Throws std::invalid_argument for any other text.
Aspect aspect_of(std::string_view text);

}  // namespace dcv::check
