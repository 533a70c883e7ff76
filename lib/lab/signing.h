#pragma once
// Signs the zones that a scenario wants signed, from the leaves to the root, and puts DS records
// into the parents.

#include <cstdint>
#include <vector>

#include "lab/scenario.h"

namespace dcv::lab {

// `now` in Unix seconds. All copies of a zone get the same key, and equal copies the same
// signatures. Returns the DS records of the root: the trust anchor; empty if the root is unsigned.
Result<std::vector<dns::Record>> sign_zones(Scenario& scenario, std::uint32_t now);

}  // namespace dcv::lab
