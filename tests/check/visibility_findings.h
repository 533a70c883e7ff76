#pragma once
// What the family "visibility" finds in one world, for its tests.

#include "check/view_world.h"
#include "check/visibility.h"
#include "support/catch.h"

namespace dcv::testing {

using check::Finding;

inline std::vector<Finding> found(const ViewWorld& world, std::vector<Finding> before = {},
                                  const observe::CaProfile& profile = observe::default_profile()) {
  const check::Overview overview(world.observation);
  const std::size_t count = before.size();
  check::kVisibilityFamily.check(
      {world.observation, world.observation.targets.front(), profile, overview}, before);
  return {before.begin() + static_cast<std::ptrdiff_t>(count), before.end()};
}

inline Finding only(const ViewWorld& world) {
  std::vector<Finding> findings = found(world);
  for (const Finding& each : findings) INFO(each.message);
  REQUIRE(findings.size() == 1);
  return findings.front();
}

inline std::string only_id(const ViewWorld& world) {
  std::string ids;
  for (const Finding& each : found(world)) ids += (ids.empty() ? "" : " ") + each.id;
  return ids;
}

}  // namespace dcv::testing
