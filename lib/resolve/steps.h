#pragma once
// From the exchanges to the steps of one walk: which name leads to which, in whose zone. Pure.

#include <vector>

#include "observe/lookup.h"

namespace dcv::resolve {

// Follows what most servers say from `validation_name` to where records of `type` should be. Reads
// zones and exchanges of the observation, nothing else; `exchanges` is the index of these.
std::vector<observe::Step> steps_to_proof(const observe::Observation& observation,
                                          const observe::Index& exchanges,
                                          const dns::Name& validation_name,
                                          dns::RecordType type = dns::RecordType::txt);

// The CAA levels of `name`: itself and every name above but the root, in this order, each with its
// steps through aliases.
std::vector<observe::CaaLevel> caa_levels(const observe::Observation& observation,
                                          const observe::Index& exchanges, const dns::Name& name);

}  // namespace dcv::resolve
