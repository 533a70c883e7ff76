#pragma once
// The zones met in a run and what is known of their servers. Bookkeeping only: asks nothing.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "dns/message.h"
#include "observe/observation.h"

namespace dcv::resolve {

class Descent;

// An address that can be asked for a zone.
struct KnownAddress {
  dns::Name server;
  dns::IpAddress address;
  int depth = 0;  // of the exchange that told it
};

// A name of which the proof, or the CAA records, are asked for at every address of a zone.
struct Visit {
  dns::Name name;
  dns::RecordType type = dns::RecordType::txt;
  observe::Purpose purpose = observe::Purpose::proof;
  bool first = false;                   // it is a target's validation name
  bool light = false;                   // each address is asked once, nothing besides
  int hops = 0;                         // aliases followed to get here
  int cuts = 0;                         // zone cuts crossed with this name
  int depth = 0;                        // of the exchange that led here
  std::optional<dns::Name> alias_zone;  // the zone that holds the alias which led here
  int suspicions = 0;                   // addresses asked for misplaced records so far
};

struct ZoneState {
  observe::Zone zone;
  int nest = 0;                         // how many host look-ups deep the zone was met
  int depth = 0;                        // of the exchange that told of the zone, or that it matters
  std::vector<KnownAddress> addresses;  // in the order learned
  std::set<dns::Name> hosts_looked_up;
  int lookups_pending = 0;
  bool keys_asked = false;
  std::vector<std::shared_ptr<Descent>> waiting;  // for an address
  std::vector<std::shared_ptr<Visit>> visits;

  // The server of this name, added if it is new.
  observe::NameServer& server(const dns::Name& name);
  // The same for names that servers tell; null where it would be one too many.
  observe::NameServer* server_told(const dns::Name& name);
};

class ZoneTable {
 public:
  // References stay valid while the table lives.
  ZoneState& at(const dns::Name& apex) { return zones_.at(apex); }
  ZoneState* find(const dns::Name& apex);
  ZoneState& add(const dns::Name& apex, const dns::Name& parent);
  // The zone at or above `name` with the longest apex; the root is always there.
  ZoneState& deepest_enclosing(const dns::Name& name);
  // The zone at or above `name` with the shortest apex that lies within `domain`; null: none.
  ZoneState* topmost_within(const dns::Name& domain, const dns::Name& name);

  std::map<dns::Name, ZoneState>& all() { return zones_; }

 private:
  std::map<dns::Name, ZoneState> zones_;
};

// What a referral says: server names with the glue that may be believed, which is that for hosts
// within the zone whose server gave it (RFC 2181 5.4.1). At most kNameServersPerZone.
struct Delegation {
  dns::Name apex;
  std::vector<observe::NameServer> servers;
  bool more_servers = false, more_addresses = false;  // than may be kept were told
};
std::optional<Delegation> delegation_in(const dns::Message& reply, const dns::Name& parent_zone);

}  // namespace dcv::resolve
