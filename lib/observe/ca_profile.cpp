// The profile that counts when none is named, and what profiles say together.
#include "observe/ca_profile.h"

#include <tuple>

#include "observe/ca_profile_json.h"

namespace dcv::observe {

Quorum quorum_at(const CaProfile& profile, double now) {
  Quorum in_force = profile.quorum.front();
  for (const Quorum& each : profile.quorum)
    if (each.from <= now) in_force = each;
  return in_force;
}

// Not by what is cached, since it is cold, nor by what is judged from the authorities.
bool resolve_alike(const CaProfile& a, const CaProfile& b) {
  const auto settings = [](const CaProfile& profile) {
    return std::tuple(profile.random_case, profile.minimises_names, profile.edns_size,
                      profile.most_aliases);
  };
  return settings(a) == settings(b);
}

CaProfile default_profile() {
  return shipped_ca_table().profiles.front();
}

}  // namespace dcv::observe
