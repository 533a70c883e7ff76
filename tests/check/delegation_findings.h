#pragma once
// What the family "delegation" finds in one world, for its tests.

#include "check/family.h"
#include "support/catch.h"
#include "support/observation_builder.h"

namespace dcv::testing {

using check::Finding;

inline std::vector<Finding> findings(const ObservationBuilder& world) {
  std::vector<Finding> found;
  check::kDelegationFamily.check({world.observation, world.observation.targets.front(),
                                  observe::default_profile(), check::Overview(world.observation)},
                                 found);
  return found;
}

// "id subject" of each, in order.
inline Lines told(const ObservationBuilder& world) {
  Lines lines;
  for (const Finding& finding : findings(world))
    lines.push_back(finding.id + " " + finding.subject);
  return lines;
}

inline Finding only(const ObservationBuilder& world) {
  const auto found = findings(world);
  REQUIRE(found.size() == 1);
  return found.front();
}

}  // namespace dcv::testing
