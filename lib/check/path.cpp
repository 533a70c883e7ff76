// The part of an observation that one target depends on. Judges nothing.
#include "check/path.h"

#include <algorithm>

#include "observe/lookup.h"

namespace dcv::check {

std::vector<const observe::Zone*> path_zones(const Case& test) {
  std::vector<const observe::Zone*> zones;
  for (const observe::Step& step : test.target.steps)
    for (const observe::Zone* zone : observe::probed_path(test.observation, step.zone))
      if (std::find(zones.begin(), zones.end(), zone) == zones.end()) zones.push_back(zone);
  return zones;
}

std::vector<const observe::Exchange*> path_exchanges(const Case& test) {
  const std::vector<const observe::Zone*> zones = path_zones(test);
  const bool ipv6 = ipv6_works(test.observation);
  std::vector<const observe::Exchange*> found;
  for (const observe::Exchange& exchange : test.observation.exchanges) {
    if (exchange.outcome == observe::Outcome::not_asked) continue;
    if (exchange.address.is_v6() && !ipv6) continue;
    if (std::any_of(zones.begin(), zones.end(),
                    [&](const observe::Zone* zone) { return zone->apex == exchange.zone; }))
      found.push_back(&exchange);
  }
  return found;
}

bool ipv6_works(const observe::Observation& observation) {
  bool tried = false, answered = false, ipv4_answered = false;
  for (const observe::Exchange& exchange : observation.exchanges) {
    if (exchange.outcome == observe::Outcome::not_asked) continue;
    const bool replied = exchange.outcome == observe::Outcome::reply;
    if (exchange.address.is_v6()) {
      tried = true;
      answered = answered || replied;
    } else {
      ipv4_answered = ipv4_answered || replied;
    }
  }
  return !tried || answered || !ipv4_answered;
}

}  // namespace dcv::check
