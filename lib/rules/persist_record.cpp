// Left to right, as Boulder reads it (va/dns_persist.go): the first fault ends the reading.
#include "rules/persist_record.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "dns/identifier.h"
#include "dns/name.h"

namespace dcv::rules {
namespace {

constexpr std::string_view kHashAlgorithm = "/sha-256/";
constexpr std::size_t kLongestDetail = 100;            // bytes of what is wrong, to print
constexpr std::size_t kHashLength = 43;                // base64url of 32 bytes
constexpr std::int64_t kLatestSeconds = 100000000000;  // 5138-11-16

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string lower(std::string_view text) {
  std::string folded(text);
  for (char& c : folded)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return folded;
}

bool is_base64url(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

bool is_hashed(std::string_view account) {
  if (account.size() <= kHashAlgorithm.size() + kHashLength) return false;
  const std::string_view hash = account.substr(account.size() - kHashLength);
  return account.substr(0, account.size() - kHashLength).ends_with(kHashAlgorithm) &&
         std::ranges::all_of(hash, is_base64url);
}

// Whole seconds with or without sign, as Go's ParseInt takes them.
std::optional<std::int64_t> seconds(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

void fail(PersistRecord& record, PersistFault fault, std::string_view detail = {}) {
  record.fault = fault;
  record.fault_detail = dns::escape(detail.substr(0, kLongestDetail), "");
}

void read_issuer(std::string_view text, PersistRecord& record) {
  if (text.empty()) return fail(record, PersistFault::issuer_missing);
  const Result<dns::Name> name = dns::parse_owner(text);
  if (!name) return fail(record, PersistFault::issuer_not_a_name, text);
  record.issuer = name->lower().prose();
}

void read_known(const std::string& tag, std::string_view value, PersistRecord& record) {
  if (tag == "accounturi") {
    record.account = value;
    record.grammar = is_hashed(value) ? PersistGrammar::draft_02 : PersistGrammar::draft_01;
    if (value.empty()) fail(record, PersistFault::account_missing);
  } else if (tag == "policy") {
    record.wildcard = lower(value) == "wildcard";
  } else {
    record.until = seconds(value);
    if (!record.until) fail(record, PersistFault::until_not_a_number, value);
  }
}

void read_parameter(std::string_view text, std::set<std::string>& seen, PersistRecord& record) {
  if (text.empty()) return fail(record, PersistFault::parameter_empty);
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos)
    return fail(record, PersistFault::parameter_without_value, text);
  const std::string_view tag = trimmed(text.substr(0, equals));
  const std::string_view value = trimmed(text.substr(equals + 1));
  if (tag.empty()) return fail(record, PersistFault::tag_missing, text);
  if (!std::ranges::all_of(value, [](char c) { return c >= 0x21 && c <= 0x7e; }))
    return fail(record, PersistFault::value_forbidden, tag);
  const std::string known = lower(tag);
  if (known != "accounturi" && known != "policy" && known != "persistuntil") {
    record.unknown.emplace_back(tag);
    return;
  }
  if (!seen.insert(known).second) return fail(record, PersistFault::duplicate, tag);
  read_known(known, value, record);
}

}  // namespace

PersistRecord parse_persist_record(std::string_view value) {
  PersistRecord record;
  const std::size_t end_of_issuer = std::min(value.find(';'), value.size());
  read_issuer(trimmed(value.substr(0, end_of_issuer)), record);
  std::set<std::string> seen;
  for (std::size_t at = end_of_issuer; !record.fault && at < value.size();) {
    const std::size_t end = std::min(value.find(';', at + 1), value.size());
    read_parameter(trimmed(value.substr(at + 1, end - at - 1)), seen, record);
    at = end;
  }
  if (!record.fault && record.account.empty()) fail(record, PersistFault::account_missing);
  return record;
}

std::string fault_text(const PersistRecord& record) {
  const std::string detail = "\"" + record.fault_detail + "\"";
  if (!record.fault) return "has no fault";
  switch (*record.fault) {
    case PersistFault::issuer_missing:
      return "names no issuer";
    case PersistFault::issuer_not_a_name:
      return "has " + detail + " for its issuer, which is no domain name";
    case PersistFault::parameter_empty:
      return "has an empty parameter: a semicolon too many";
    case PersistFault::parameter_without_value:
      return "has a parameter without \"=\": " + detail;
    case PersistFault::tag_missing:
      return "has a parameter without a tag: " + detail;
    case PersistFault::value_forbidden:
      return "has a blank or a forbidden character in the value of " + record.fault_detail;
    case PersistFault::duplicate:
      return "has " + record.fault_detail + " twice";
    case PersistFault::account_missing:
      return "has no accounturi";
    case PersistFault::until_not_a_number:
      return "has " + detail + " for persistUntil, which is no number of seconds";
  }
  return "has a fault";
}

bool is_surely_milliseconds(std::int64_t until) {
  return until > kLatestSeconds;
}

std::string persist_value(std::string_view issuer, std::string_view account, bool wildcard,
                          std::optional<std::int64_t> until) {
  std::string value = std::string(issuer) + "; accounturi=" + std::string(account);
  if (wildcard) value += "; policy=wildcard";
  if (until) value += "; persistUntil=" + std::to_string(*until);
  return value;
}

}  // namespace dcv::rules
