// The profile that counts when none is named.
#include "observe/ca_profile.h"

#include "observe/ca_profile_json.h"

namespace dcv::observe {

CaProfile default_profile() {
  return shipped_ca_table().profiles.front();
}

}  // namespace dcv::observe
