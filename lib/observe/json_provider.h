#pragma once
// A provider as a JSON object, in tables of providers and in observations; for the files that know
// JSON.

#include <nlohmann/json.hpp>

#include "observe/json_field.h"
#include "observe/provider.h"

namespace dcv::observe {

// Without the fields that say nothing.
nlohmann::ordered_json provider_value(const Provider& provider);

// What the object does not say is as in an empty Provider; fields not known are passed over.
Provider read_provider(const Field& field);
// Fails on fields that no provider has: slips of the pen in a table.
void refuse_unknown_provider_fields(const Field& field);

}  // namespace dcv::observe
