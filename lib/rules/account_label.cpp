// SHA-256 by OpenSSL, base32 (RFC 4648 6) by hand.
#include "rules/account_label.h"

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <span>
#include <stdexcept>

namespace dcv::rules {
namespace {

constexpr std::size_t kBytes = 10;  // 80 bits are 16 characters, without padding
constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";

std::string base32(std::span<const unsigned char> bytes) {
  std::string text;
  std::uint32_t pending = 0;
  int bits = 0;
  for (const unsigned char byte : bytes) {
    pending = (pending << 8 | byte) & 0xfff;  // at most 4 bits were left over
    for (bits += 8; bits >= 5; bits -= 5) text += kAlphabet[pending >> (bits - 5) & 31];
  }
  return text;
}

}  // namespace

std::string account_label(std::string_view account_uri) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  if (EVP_Digest(account_uri.data(), account_uri.size(), digest.data(), nullptr, EVP_sha256(),
                 nullptr) != 1)
    throw std::runtime_error("cannot compute SHA-256 of an account URL");
  return "_" + base32(std::span(digest).first<kBytes>());
}

}  // namespace dcv::rules
