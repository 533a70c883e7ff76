#pragma once
// The zones of one server: picks the zone for a question and follows aliases from zone to zone
// (RFC 1034 4.3.2). Knows nothing of EDNS, packets or misbehaviour.

#include <vector>

#include "dns/message.h"
#include "lab/zone.h"

namespace dcv::lab {

class ZoneSet {
 public:
  ZoneSet() = default;
  explicit ZoneSet(std::vector<Zone> zones) : zones_(std::move(zones)) {}

  // The deepest zone that encloses `name`; for DS the one above, since the parent holds it.
  // Null outside of all zones.
  const Zone* zone_for(const dns::Name& name, dns::RecordType type) const;

  // The zone of exactly this apex, or null.
  const Zone* zone(const dns::Name& apex) const;

  // Fills rcode, AA and the sections of `reply`. REFUSED outside of all zones.
  void answer(const dns::Question& question, bool dnssec, dns::Message& reply) const;

 private:
  std::vector<Zone> zones_;
};

}  // namespace dcv::lab
