#pragma once
// The SHA-256 digest of an ACME key authorization, in any of the forms that people have it in.
// Pure.

#include <optional>
#include <string>
#include <string_view>

namespace dcv::rules {

// 64 hex digits in lower case, out of the digest in base64url without padding (RFC 8555 8.4), in
// hex with or without colons between the bytes (as OpenSSL prints it), or out of the key
// authorization itself, of which it is computed. Empty for anything else.
std::optional<std::string> key_digest(std::string_view value);

// token "." thumbprint (RFC 8555 8.1), the thumbprint being a SHA-256 in base64url.
bool is_key_authorization(std::string_view value);

}  // namespace dcv::rules
