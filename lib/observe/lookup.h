#pragma once
// Finding one's way in an observation. Pure; results point into the observation and live as long.

#include <span>
#include <vector>

#include "observe/observation.h"

namespace dcv::observe {

const Zone* find_zone(const Observation& observation, const dns::Name& apex);

// The zones from the registrable domain's (the topmost probed one) down to `apex`, top first.
std::vector<const Zone*> probed_path(const Observation& observation, const dns::Name& apex);

struct Selection {
  const dns::Name* zone = nullptr;  // asked as a server of this zone
  const dns::Name* name = nullptr;  // the question's name
  std::optional<Purpose> purpose = std::nullopt;
  const dns::IpAddress* address = nullptr;
};
// All exchanges that match every field set, in the order sent.
std::vector<const Exchange*> select(const Observation& observation, const Selection& selection);

// Every address of the zone: glue and own addresses of all servers, each with its server; sorted
// by server name, then address, without repetition.
struct ServerAddress {
  const NameServer* server = nullptr;
  dns::IpAddress address;
};
std::vector<ServerAddress> addresses_of(const Zone& zone);

// "ns1.shop.example (192.0.2.1)": how a server is named to people everywhere.
std::string label(const Exchange& exchange);
std::string label(const dns::Name& server, const dns::IpAddress& address);

}  // namespace dcv::observe
