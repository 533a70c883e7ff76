#pragma once
// The grammar of TXT values at _validation-persist (draft-ietf-acme-dns-persist): an issue-value of
// RFC 8659 4.2 that names a CA and an account. Says what a value means; judges no account.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dcv::rules {

// What the value of accounturi is.
enum class PersistGrammar {
  draft_01,  // the account's URL, compared byte for byte: what Boulder implements
  draft_02,  // a hash under the CA's prefix, ".../sha-256/" and 43 characters; it covers things
             // that are not in DNS, so only the CA can compare it
};

// Why a CA cannot read a value. Boulder tells so only when the issuer is its own.
enum class PersistFault {
  issuer_missing,
  issuer_not_a_name,
  parameter_empty,  // two semicolons in a row, or one at the end
  parameter_without_value,
  tag_missing,
  value_forbidden,  // a blank, a control byte or one that is not ASCII
  duplicate,
  account_missing,
  until_not_a_number,
};

struct PersistRecord {
  std::string issuer;  // lower-case A-labels without final dot; empty when it is no name
  std::string account;
  PersistGrammar grammar = PersistGrammar::draft_01;
  bool wildcard = false;              // policy=wildcard: wildcard names too
  std::optional<std::int64_t> until;  // Unix seconds: refused after that moment
  std::vector<std::string> unknown;   // tags that CAs pass over
  std::optional<PersistFault> fault;  // the first one; what comes after it is not read
  std::string fault_detail;           // the tag or parameter with the fault, safe to print
};

PersistRecord parse_persist_record(std::string_view value);

// "has a semicolon too many" and the like: what follows "the record".
std::string fault_text(const PersistRecord& record);

// Seconds after the year 5000 are milliseconds of today.
bool is_surely_milliseconds(std::int64_t until);

// The value to publish: "ca.example; accounturi=https://...; policy=wildcard".
std::string persist_value(std::string_view issuer, std::string_view account, bool wildcard,
                          std::optional<std::int64_t> until = std::nullopt);

}  // namespace dcv::rules
