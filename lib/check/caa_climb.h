#pragma once
// The climb for CAA records (RFC 8659 3; Boulder va/caa.go) over what every server said.

#include <optional>
#include <vector>

#include "check/caa_value.h"
#include "check/family.h"

namespace dcv::check::caa {

using Exchanges = std::vector<const observe::Exchange*>;

// What some addresses agree on at one level; without records the climb goes on.
struct View {
  std::vector<dns::Caa> records;  // in one order for all views
  std::uint32_t ttl = 0;          // seconds
  Exchanges shown;                // one an address
};

enum class Standing {
  answered,  // some server gave a reply that the CA's resolver accepts
  fails,     // none did
  unjudged,  // nothing can be told from here: not asked, no route, cut short
};

struct Level {
  const observe::CaaLevel* level = nullptr;
  const observe::Step* last = nullptr;  // where the records stand, or not
  Standing standing = Standing::unjudged;
  std::vector<View> views;  // when answered; what most addresses give comes first
  Exchanges failures;       // questions that brought the CA's resolver nothing, one an address

  bool has_records() const { return !views.empty() && !views.front().records.empty(); }
};

struct Climb {
  std::vector<Level> levels;            // from the identifier up, as far as the CA climbs
  std::optional<std::size_t> decisive;  // the first that has records or is not answered
};

Climb climb_of(const Case& test);  // points into the observation

// What the CA makes of a set of records.
struct Relevant {
  const dns::Caa* record = nullptr;
  Reading reading;
};
struct Decision {
  bool permits = true;
  bool by_issuewild = false;              // they decide, not the issue records
  std::vector<const dns::Caa*> critical;  // with tags that are not known
  std::vector<Relevant> relevant;         // the issue or issuewild records that count
};
Decision decide(const std::vector<dns::Caa>& records, const Case& test);  // points into `records`

// A failed look-up is permission for this CA: it takes that freedom, and the zone is not signed
// (BR 3.2.2.8).
bool failure_permits(const Case& test, const Level& level);

}  // namespace dcv::check::caa
