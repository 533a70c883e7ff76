#pragma once
// resolvers.txt as it was when the tools were built.

#include <string>

namespace dcv::resolve {

std::string shipped_resolver_text();

}  // namespace dcv::resolve
