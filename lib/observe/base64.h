#pragma once
// Base64 (RFC 4648 4), for bytes in a text file.

#include <string>
#include <string_view>

#include "dns/result.h"

namespace dcv::observe {

std::string base64(std::string_view bytes);  // with padding, on one line
Result<std::string> from_base64(std::string_view text);

}  // namespace dcv::observe
