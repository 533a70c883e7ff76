#pragma once
// Reading the table of requirements: kind "dcv-requirements", version 1.

#include <string>
#include <string_view>

#include "dns/result.h"
#include "rules/requirements.h"

namespace dcv::rules {

// An error names the field.
Result<Requirements> requirements_from_json(const std::string& text);

// The text of tools/requirements.json, built into the program.
std::string_view requirements_text();

}  // namespace dcv::rules
