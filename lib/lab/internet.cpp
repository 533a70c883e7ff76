// The servers of a scenario as a resolver meets them; see internet.h.

#include "lab/internet.h"

#include <utility>
#include <vector>

namespace dcv::lab {

std::shared_ptr<const ZoneSet> make_zones(const Server& server, const std::string& alternate) {
  std::vector<Zone> zones;
  for (const ZoneCopy& copy : server.zones) {
    const auto other = copy.alternates.find(alternate);
    zones.emplace_back(copy.apex, other == copy.alternates.end() ? copy.records : other->second);
  }
  return std::make_shared<const ZoneSet>(std::move(zones));
}

Internet make_internet(const Scenario& scenario) {
  Internet internet;
  internet.sign = scenario.sign;
  for (const Server& server : scenario.servers) {
    const auto zones = make_zones(server, "");
    for (const auto& [address, behaviour] : server.addresses)
      if (!behaviour.recursive)
        internet.authorities.insert_or_assign(address, Authority{server.name, behaviour, zones});
  }
  return internet;
}

}  // namespace dcv::lab
