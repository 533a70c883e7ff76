#pragma once
// The servers of a scenario as a resolver meets them: what answers at which address, and which
// zones are signed how. Knows no packets and no sockets.

#include <map>
#include <memory>
#include <string>

#include "lab/scenario.h"
#include "lab/zone_set.h"

namespace dcv::lab {

// What one address holds.
struct Authority {
  std::string server;
  Behaviour behaviour;
  std::shared_ptr<const ZoneSet> zones;
};

struct Internet {
  std::map<dns::IpAddress, Authority> authorities;  // resolvers are none
  std::map<dns::Name, ZoneSigning> sign;
};

// Zones shared by all addresses of one server: the plain copies, or those of an alternate.
std::shared_ptr<const ZoneSet> make_zones(const Server& server, const std::string& alternate);

Internet make_internet(const Scenario& scenario);

}  // namespace dcv::lab
