// Base64url, hex and SHA-256 by OpenSSL.
#include "rules/key_digest.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace dcv::rules {
namespace {

constexpr std::size_t kDigestBytes = 32;
constexpr std::size_t kBase64Characters = 43;
constexpr std::size_t kLongestToken = 1000;  // characters; Boulder's have 43

int base64url_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '-') return 62;
  return c == '_' ? 63 : -1;
}

bool is_base64url(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return base64url_value(c) >= 0; });
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string from_base64url(std::string_view text) {
  std::string bytes;
  unsigned int bits = 0;
  int have = 0;
  for (const char c : text) {
    bits = bits << 6 | static_cast<unsigned int>(base64url_value(c));
    have += 6;
    if (have < 8) continue;
    have -= 8;
    bytes += static_cast<char>(bits >> have & 255);
  }
  return bytes;
}

std::optional<std::string> from_hex(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c >= 'A' && c <= 'F')
      digits += static_cast<char>(c - 'A' + 'a');
    else if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))
      digits += c;
    else if (c != ':')
      return std::nullopt;
  }
  if (digits.size() != 2 * kDigestBytes) return std::nullopt;
  return digits;
}

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("cannot compute SHA-256 of a key authorization");
  return {digest.begin(), digest.begin() + kDigestBytes};
}

}  // namespace

bool is_key_authorization(std::string_view value) {
  const std::size_t dot = value.find('.');
  return dot != std::string_view::npos && dot <= kLongestToken &&
         is_base64url(value.substr(0, dot)) && is_base64url(value.substr(dot + 1)) &&
         value.size() - dot - 1 == kBase64Characters;
}

std::optional<std::string> key_digest(std::string_view value) {
  if (const auto digits = from_hex(value)) return digits;
  if (is_key_authorization(value)) return hex(sha256(value));
  if (value.size() != kBase64Characters || !is_base64url(value)) return std::nullopt;
  return hex(from_base64url(value));
}

}  // namespace dcv::rules
