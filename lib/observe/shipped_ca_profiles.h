#pragma once
// The text of tools/ca_profiles.json, built into the program.

#include <string_view>

namespace dcv::observe {

std::string_view shipped_ca_profiles();

}  // namespace dcv::observe
