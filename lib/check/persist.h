#pragma once
// The family "persist": lasting TXT records at _validation-persist that name a CA and an account
// (dns-persist-01, BR 3.2.2.4.22). Its checks, and what votes need of them.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "check/authority_view.h"
#include "rules/persist_record.h"

namespace dcv::check::persist {

// What a record is to the CA of the case; the first that applies, in the CA's order.
enum class Standing {
  foreign,    // of another CA, or no such record at all: passed over
  malformed,  // of this CA, but void
  account,    // for another account
  policy,     // not for wildcard names, and one is asked for
  expired,
  unchecked,  // good if the account is the right one, which cannot be told
  good,
};

struct Judged {
  std::string value;  // as published
  rules::PersistRecord record;
  Standing standing = Standing::foreign;

  bool accepted() const { return standing >= Standing::unchecked; }
};

Judged judged(const Case& test, const std::string& value);

// True if one of the values may pass; empty for targets of other methods.
std::optional<bool> is_accepted(const Case& test, const std::set<std::string>& values);

// The told accounts that can be this CA's, going by the prefix of its URIs.
std::vector<std::string> accounts_of(const Case& test);
bool wants_wildcard(const Case& test);

}  // namespace dcv::check::persist
