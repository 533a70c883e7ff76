// Sectigo's request tokens.
#include "rules/sectigo.h"

#include <algorithm>

namespace dcv::rules {
namespace {

constexpr std::size_t kHalf = 32;  // a label has at most 63 bytes, SHA-256 has 64 hex digits

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

std::string upper_case(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

}  // namespace

std::string_view csr_token_zone(std::string_view ca) {
  return ca == "sectigo" || ca == "zerossl" ? "sectigo.com" : "";
}

std::string unique_value_fault(std::string_view unique) {
  if (unique.size() <= kLongestUniqueValue && std::ranges::all_of(unique, is_letter_or_digit))
    return "";
  return "the unique value has at most " + std::to_string(kLongestUniqueValue) +
         " letters and digits, unlike " + dns::quoted(unique.substr(0, 3 * kLongestUniqueValue));
}

Result<SectigoCname> sectigo_cname(const Csr& csr, const dns::Name& adn, std::string_view unique,
                                   std::string_view zone) {
  if (std::string fault = unique_value_fault(unique); !fault.empty())
    return Error{std::move(fault)};
  const Result<dns::Name> owner = adn.child("_" + csr.md5);
  if (!owner) return Error{owner.error()};
  std::string target = csr.sha256.substr(0, kHalf) + "." + csr.sha256.substr(kHalf) + ".";
  if (!unique.empty()) target.append(unique).append(".");
  const Result<dns::Name> name = dns::Name::parse(target.append(zone));
  if (!name) return Error{name.error()};
  return SectigoCname{*owner, *name};
}

Result<SectigoFile> sectigo_file(const Csr& csr, std::string_view unique, std::string_view zone) {
  if (std::string fault = unique_value_fault(unique); !fault.empty())
    return Error{std::move(fault)};
  SectigoFile file{"/.well-known/pki-validation/" + upper_case(csr.md5) + ".txt",
                   {csr.sha256, std::string(zone)}};
  if (!unique.empty()) file.lines.emplace_back(unique);
  return file;
}

}  // namespace dcv::rules
