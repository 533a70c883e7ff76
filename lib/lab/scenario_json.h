#pragma once
// The JSON of scenario.json and base.json turned into plain values, strictly: unknown keys and
// wrong types are errors that name the field. Knows nothing of files.

#include "lab/scenario.h"

namespace dcv::lab {

// Servers come with their choices, but without zone copies.
Result<Scenario> parse_scenario_json(const std::string& text);
Result<std::vector<Server>> parse_base_json(const std::string& text);

}  // namespace dcv::lab
