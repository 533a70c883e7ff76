#pragma once
// How the tokens look that CAs other than ACME's want in TXT records and as targets of CNAMEs.
// Knows no servers.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dns/record.h"

namespace dcv::rules {

struct TokenForm {
  std::string_view id;     // "digicert-txt"
  std::string_view title;  // "a DigiCert value"
  dns::RecordType type = dns::RecordType::txt;
  std::vector<std::string_view> cas;    // CaProfile::name of those that use it
  std::string_view expression;          // Perl's, for the whole value
  bool retired = false;                 // no CA of these takes it any more
  std::string_view retired_since = {};  // "2025-10-28"; empty: the day is not known
};

// The form of a value that stands in a record of `type`, among those that the CA uses; null when it
// is none. Targets count in any case, with or without final dot.
const TokenForm* token_form(dns::RecordType type, std::string_view value, std::string_view ca);
// The same among the forms of all CAs.
const TokenForm* any_token_form(dns::RecordType type, std::string_view value);
// False where the CA does not tell what its values look like.
bool has_token_forms(dns::RecordType type, std::string_view ca);

// Sectigo's CNAME target: the SHA-256 of the request in hex, cut in two labels because one has room
// for 63, perhaps a unique value, and the CA's domain.
struct HashTarget {
  std::string hash;          // 64 hex digits
  bool cut_in_half = true;   // 32 and 32
  std::string unique_value;  // empty: none
  std::string domain;        // "sectigo.com"
};
std::optional<HashTarget> hash_target(std::string_view target);

}  // namespace dcv::rules
