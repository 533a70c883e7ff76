#pragma once
// The pages of docs/findings/, built into the program.

#include <string_view>

namespace dcv::report {

// The page of a finding as Markdown; empty when there is none.
std::string_view page(std::string_view id);

}  // namespace dcv::report
