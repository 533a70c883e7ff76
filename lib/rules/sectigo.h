#pragma once
// What Sectigo, and CAs that it issues for, want to find: request tokens computed from the CSR and
// nothing else (docs.sectigo.com, "Request token"). Pure.

#include <string>
#include <string_view>
#include <vector>

#include "dns/name.h"
#include "dns/result.h"
#include "rules/csr.h"

namespace dcv::rules {

// A token may be used for one order; a second order for the same CSR needs a value of its own in
// it, of at most so many letters and digits.
inline constexpr std::size_t kLongestUniqueValue = 20;

// CNAMECSRHASH: one record.
struct SectigoCname {
  dns::Name owner, target;
};

// HTTPCSRHASH and HTTPSCSRHASH: one file.
struct SectigoFile {
  std::string path;                // "/.well-known/pki-validation/MD5.txt", hex in upper case
  std::vector<std::string> lines;  // of the body
};

// Empty when `unique` can be a unique value or is empty; else what is wrong, one sentence.
std::string unique_value_fault(std::string_view unique);

// `adn` is the authorization domain name: the name without "*.", or one above it. Errors: a unique
// value that cannot be one; an owner that gets too long.
// The domain in the tokens that a CA, by CaProfile::name, computes from a CSR; empty: it computes
// none. ZeroSSL's are Sectigo's, which issues for it.
std::string_view csr_token_zone(std::string_view ca);

// `zone` is that domain.
Result<SectigoCname> sectigo_cname(const Csr& csr, const dns::Name& adn, std::string_view unique,
                                   std::string_view zone);
Result<SectigoFile> sectigo_file(const Csr& csr, std::string_view unique, std::string_view zone);

}  // namespace dcv::rules
