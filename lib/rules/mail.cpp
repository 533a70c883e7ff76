// Reads contact records as appendix A of the Baseline Requirements wants them.
#include "rules/mail.h"

#include <algorithm>

#include "dns/identifier.h"

namespace dcv::rules {
namespace {

constexpr std::string_view kScheme = "mailto:";

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

// atext of RFC 5322 3.2.3, with the bytes of UTF-8 (RFC 6532 3.2).
bool is_atom_byte(char c) {
  constexpr std::string_view kSpecials = "()<>[]:;@\\,.\"";
  return !is_blank(c) && !is_control(c) && kSpecials.find(c) == std::string_view::npos;
}

bool is_dot_atom(std::string_view text) {
  if (text.empty() || text.front() == '.' || text.back() == '.') return false;
  return text.find("..") == std::string_view::npos &&
         std::ranges::all_of(text, [](char c) { return c == '.' || is_atom_byte(c); });
}

// Letters, digits, hyphen, underscore and dot, and the bytes of UTF-8.
bool is_host_byte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '_' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
}

// A quoted string of RFC 5322 3.2.4, in which a backslash may go before any byte.
bool is_quoted(std::string_view text) {
  if (text.size() < 3 || text.front() != '"' || text.back() != '"') return false;
  const std::string_view inside = text.substr(1, text.size() - 2);
  for (std::size_t i = 0; i < inside.size(); ++i) {
    if (is_control(inside[i]) || inside[i] == '"') return false;
    if (inside[i] == '\\' && ++i == inside.size()) return false;
  }
  return true;
}

bool is_address(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos) return false;
  const std::string_view local = text.substr(0, at);
  return (is_dot_atom(local) || is_quoted(local)) && mail_domain(text);
}

std::string_view trimmed(std::string_view text, std::string_view bytes) {
  const std::size_t first = text.find_first_not_of(bytes);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(bytes) - first + 1);
}

bool begins_with_scheme(std::string_view text) {
  return std::ranges::equal(text.substr(0, kScheme.size()), kScheme, [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

// All addresses that stand somewhere in the text, each once.
std::vector<std::string> addresses_in(std::string_view text) {
  constexpr std::string_view kBetween = " \t\r\n,;<>\"'()";
  std::vector<std::string> found;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(kBetween), text.size());
    std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (begins_with_scheme(word)) word.remove_prefix(kScheme.size());
    word = trimmed(word, ".:");
    if (!is_address(word)) continue;
    if (std::ranges::find(found, word) == found.end()) found.emplace_back(word);
  }
  return found;
}

std::string fault_of(std::string_view value, const std::vector<std::string>& meant) {
  if (trimmed(value, " \t\r\n").empty()) return "is empty";
  if (meant.size() > 1) return "holds more than one address";
  if (meant.empty()) return "is no mail address";
  if (begins_with_scheme(value)) return "begins with mailto:";
  if (is_blank(value.front()) || is_blank(value.back())) return "has blanks around the address";
  if (value.find('<') != std::string_view::npos) return "has the address in angle brackets";
  if (value.front() == '"' || value.front() == '\'') return "has the address in quotes";
  return "holds more than the address";
}

}  // namespace

Contact read_contact(std::string_view value) {
  Contact contact;
  if (is_address(value)) {
    contact.address = value;
    return contact;
  }
  contact.meant = addresses_in(value);
  contact.fault = fault_of(value, contact.meant);
  return contact;
}

Result<dns::Name> mail_domain(std::string_view address) {
  const std::string_view domain = address.substr(address.rfind('@') + 1);
  // The final dot is part of zone files, not of addresses (RFC 5321 2.3.5).
  if (!is_dot_atom(domain) || !std::ranges::all_of(domain, is_host_byte))
    return Error{dns::quoted(domain) + " is no domain"};
  return dns::parse_owner(domain);
}

}  // namespace dcv::rules
