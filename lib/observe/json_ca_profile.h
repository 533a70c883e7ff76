#pragma once
// One CA profile as a JSON object; for the files of this room that know JSON.

#include <nlohmann/json.hpp>

#include "observe/ca_profile.h"
#include "observe/json_field.h"

namespace dcv::observe {

nlohmann::ordered_json profile_value(const CaProfile& profile);

// Reads the fields that are there over those of `profile`; fields not known are passed over.
CaProfile read_profile(const Field& field, CaProfile profile);
// Fails on fields that no profile has: slips of the pen in a table.
void refuse_unknown_fields(const Field& field);

}  // namespace dcv::observe
