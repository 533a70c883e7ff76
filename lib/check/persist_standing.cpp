// Judges one record for one CA, as Boulder does (va/dns_persist.go), but for accounts not told.
#include <algorithm>

#include "check/persist.h"
#include "rules/method.h"

namespace dcv::check::persist {
namespace {

bool is_ours(const std::string& issuer, const observe::CaProfile& ca) {
  if (ca.identities.empty()) return !issuer.empty();
  return std::ranges::find(ca.identities, issuer) != ca.identities.end();
}

Standing standing_of(const Case& test, const rules::PersistRecord& record) {
  if (!is_ours(record.issuer, test.profile)) return Standing::foreign;
  if (record.fault) return Standing::malformed;
  const bool hashed = record.grammar == rules::PersistGrammar::draft_02;
  const std::vector<std::string> accounts = accounts_of(test);
  const bool told = !hashed && !accounts.empty();
  if (told && std::ranges::find(accounts, record.account) == accounts.end())
    return Standing::account;
  if (wants_wildcard(test) && !record.wildcard) return Standing::policy;
  if (record.until && test.observation.now > static_cast<double>(*record.until))
    return Standing::expired;
  return told ? Standing::good : Standing::unchecked;
}

}  // namespace

Judged judged(const Case& test, const std::string& value) {
  Judged judged{value, rules::parse_persist_record(value), Standing::foreign};
  judged.standing = standing_of(test, judged.record);
  return judged;
}

std::optional<bool> is_accepted(const Case& test, const std::set<std::string>& values) {
  if (rules::method_of(test.target.method) != rules::Method::dns_persist_01) return std::nullopt;
  return std::ranges::any_of(
      values, [&](const std::string& value) { return judged(test, value).accepted(); });
}

std::vector<std::string> accounts_of(const Case& test) {
  std::vector<std::string> accounts = test.observation.account_uris;
  std::erase_if(accounts, [&](const std::string& each) {
    return !each.starts_with(test.profile.account_prefix);
  });
  return accounts;
}

bool wants_wildcard(const Case& test) {
  return test.target.identifier.starts_with("*.");
}

}  // namespace dcv::check::persist
