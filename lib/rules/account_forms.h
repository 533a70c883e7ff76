#pragma once
// Other URLs that people take for that of an ACME account: what a label or a record was made from
// when it is not the right one.

#include <string>
#include <string_view>
#include <vector>

namespace dcv::rules {

struct AccountForm {
  std::string uri;
  std::string slip;  // what follows "the account's URL": "with a slash at its end"
};

// The likeliest first; never the URL itself, nor one of them twice.
std::vector<AccountForm> other_forms(std::string_view account_uri);

}  // namespace dcv::rules
