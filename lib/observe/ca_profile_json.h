#pragma once
// Tables of CA profiles: kind "dcv-ca-profiles", version 1. docs/ca-profiles.md describes them.

#include <string>
#include <vector>

#include "dns/result.h"
#include "observe/ca_profile.h"

namespace dcv::observe {

struct CaTable {
  CaProfile defaults;  // what a profile does not say of itself; without name
  std::vector<CaProfile> profiles;
};

// What neither a profile nor the table's own defaults say is taken from `defaults`. An error names
// the profile and the field.
Result<CaTable> ca_table_from_json(const std::string& text, const CaProfile& defaults);

// The table that comes with dcvtools: tools/ca_profiles.json.
const CaTable& shipped_ca_table();

}  // namespace dcv::observe
