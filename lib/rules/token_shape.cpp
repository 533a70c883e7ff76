// The table of token forms, and Sectigo's hash read from a target.
#include "rules/token_shape.h"

#include <algorithm>
#include <boost/regex.hpp>
#include <utility>

namespace dcv::rules {
namespace {

using dns::RecordType;

// From the CAs' documentation (docs/ca-profiles.md tells which). DigiCert's TXT values have 31 to
// 64 characters; those of Azure Front Door, which uses DigiCert, begin with an underscore.
const std::vector<TokenForm>& forms() {
  static const std::vector<TokenForm> all = {
      {"digicert-txt", "a DigiCert value", RecordType::txt, {"digicert"}, "_?[0-9A-Za-z]{31,64}"},
      {"quovadis-txt",
       "a QuoVadis value",
       RecordType::txt,
       {"digicert"},
       "QuoVadis=[0-9A-Fa-f-]{30,50}"},
      {"globalsign-txt",
       "a GlobalSign value",
       RecordType::txt,
       {"globalsign"},
       "_?globalsign-domain-verification=[A-Za-z0-9_-]{20,64}"},
      {"sectigo-txt",
       "a Sectigo value",
       RecordType::txt,
       {"sectigo"},
       "[A-Za-z0-9+/_-]{16,128}={0,2}"},
      {"digest", "a digest as in ACME", RecordType::txt, {"google", "sslcom"}, "[A-Za-z0-9_-]{43}"},
      {"digicert-cname",
       "a DigiCert target",
       RecordType::cname,
       {"digicert"},
       R"(_?[0-9a-z]{20,64}\.dcv\.digicert\.com)"},
      {"digicert-cname-old",
       "the target of DigiCert's old form",
       RecordType::cname,
       {"digicert"},
       R"(dcv\.digicert\.com)",
       true,
       "2025-10-28"},
      {"sectigo-cname",
       "a Sectigo target",
       RecordType::cname,
       {"sectigo", "zerossl"},
       R"([0-9a-f]{32}\.[0-9a-f]{32}(\.[0-9a-z]{1,20})?\.sectigo\.com)"},
      {"zerossl-cname",
       "a ZeroSSL target",
       RecordType::cname,
       {"zerossl"},
       R"([0-9a-f]{32}\.[0-9a-f]{32}(\.[0-9a-z]{1,20})?\.comodoca\.com)"},
      {"comodo-cname-old",
       "the target of Comodo's old form",
       RecordType::cname,
       {"sectigo"},
       R"([0-9a-f]{32,40}(\.[0-9a-f]{32})?(\.[0-9a-z]{1,20})?\.comodoca\.com)",
       true},
      {"acm-cname",
       "an ACM target",
       RecordType::cname,
       {"amazon"},
       R"(_?[0-9a-f]{32}\.([a-z0-9]{6,20}\.)?acm-validations\.aws)"},
  };
  return all;
}

std::string comparable(RecordType type, std::string_view value) {
  std::string text(value);
  if (type != RecordType::cname) return text;
  if (text.ends_with('.')) text.pop_back();
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

bool fits(const TokenForm& form, const std::string& value) {
  static const std::vector<boost::regex> expressions = [] {
    std::vector<boost::regex> compiled;
    for (const TokenForm& each : forms()) compiled.emplace_back(std::string(each.expression));
    return compiled;
  }();
  const auto index = static_cast<std::size_t>(&form - forms().data());
  return boost::regex_match(value, expressions[index]);
}

bool is_used_by(const TokenForm& form, std::string_view ca) {
  return std::ranges::find(form.cas, ca) != form.cas.end();
}

bool is_hex(std::string_view label) {
  return !label.empty() && label.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

const TokenForm* token_form(RecordType type, std::string_view value, std::string_view ca) {
  const std::string text = comparable(type, value);
  for (const TokenForm& form : forms())
    if (form.type == type && is_used_by(form, ca) && fits(form, text)) return &form;
  return nullptr;
}

const TokenForm* any_token_form(RecordType type, std::string_view value) {
  const std::string text = comparable(type, value);
  for (const TokenForm& form : forms())
    if (form.type == type && fits(form, text)) return &form;
  return nullptr;
}

bool has_token_forms(RecordType type, std::string_view ca) {
  return std::ranges::any_of(
      forms(), [&](const TokenForm& form) { return form.type == type && is_used_by(form, ca); });
}

std::optional<HashTarget> hash_target(std::string_view target) {
  constexpr std::size_t kHexDigits = 64;  // of a SHA-256
  const auto name = dns::Name::parse(comparable(RecordType::cname, target));
  if (!name || name->label_count() < 3) return std::nullopt;
  const std::vector<std::string>& labels = name->labels();
  HashTarget found;
  found.domain = name->suffix(2).prose();
  if (found.domain != "sectigo.com" && found.domain != "comodoca.com") return std::nullopt;
  std::size_t at = 0;
  while (at + 2 < labels.size() && found.hash.size() < kHexDigits && is_hex(labels[at]))
    found.hash += labels[at++];
  if (found.hash.size() != kHexDigits || at + 3 < labels.size()) return std::nullopt;
  found.cut_in_half = at == 2 && labels[0].size() == kHexDigits / 2;
  if (at + 2 < labels.size()) found.unique_value = labels[at];
  return found;
}

}  // namespace dcv::rules
