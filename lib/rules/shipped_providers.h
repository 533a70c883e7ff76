#pragma once
// The text of tools/providers.json, built into the program.

#include <string_view>

namespace dcv::rules {

std::string_view shipped_providers_text();

}  // namespace dcv::rules
