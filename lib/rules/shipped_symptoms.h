#pragma once
// The text of tools/symptoms.json, built into the program.

#include <string_view>

namespace dcv::rules {

std::string_view shipped_symptoms_text();

}  // namespace dcv::rules
