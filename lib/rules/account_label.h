#pragma once
// The label of one ACME account's own validation name (draft-ietf-acme-dns-account-label).

#include <string>
#include <string_view>

namespace dcv::rules {

// "_" and 16 characters: lower-case base32 of the first 10 bytes of SHA-256 over the account URL.
// Every byte counts, so the URL has to be the one that the CA gave. "_acme-challenge" follows it.
std::string account_label(std::string_view account_uri);

}  // namespace dcv::rules
