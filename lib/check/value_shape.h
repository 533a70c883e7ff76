#pragma once
// What a TXT value looks like beside the digest that a CA expects (RFC 8555 8.4: base64url without
// padding of a SHA-256, 43 characters). Pure text work; knows no servers and no findings.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dcv::check {

// In this order a value is tried against the shapes; the first that fits is its shape.
enum class ValueShape {
  expected,           // one of the values that the CA will look for
  empty,              // the empty string
  case_folded,        // an expected one but for the case of letters
  digest,             // well-formed: 43 characters of base64url
  quoted,             // quotes are part of the value
  blank,              // blanks or control bytes are part of the value
  key_authorization,  // token.thumbprint: the content of an HTTP-01 file
  hex,                // the SHA-256 in 64 hex digits
  base64_standard,    // the SHA-256 with '+', '/' or '='
  other,
};

bool is_digest(std::string_view value);

ValueShape shape_of(const std::string& value, const std::vector<std::string>& expected);

// The digest that was meant, where the value tells: the one inside the quotes or blanks, or the
// same bytes in base64url. Empty for every other shape.
std::optional<std::string> meant_by(const std::string& value, ValueShape shape);

}  // namespace dcv::check
