// Recognises the slips by which a digest becomes a value that no CA accepts.
#include "check/value_shape.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace dcv::check {
namespace {

constexpr std::size_t kDigestLength = 43;         // base64url of 32 bytes, without padding
constexpr std::size_t kHexLength = 64;            // hex of 32 bytes
constexpr std::size_t kShortestTokenLength = 22;  // 128 bits (RFC 8555 8) in base64url
constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool equal_but_for_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

bool is_base64url(std::string_view text) {
  return text.find_first_not_of(kAlphabet) == std::string_view::npos;
}

int hex_digit(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (lower(digit) >= 'a' && lower(digit) <= 'f') return lower(digit) - 'a' + 10;
  return -1;
}

bool is_hex_digest(std::string_view value) {
  return value.size() == kHexLength &&
         std::ranges::all_of(value, [](char digit) { return hex_digit(digit) >= 0; });
}

std::string base64url_of_hex(std::string_view hex) {
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char digit : hex) {
    bits = (bits << 4 | static_cast<std::uint32_t>(hex_digit(digit))) & 0xffff;
    count += 4;
    if (count >= 6) {
      count -= 6;
      text += kAlphabet[bits >> count & 63];
    }
  }
  if (count > 0) text += kAlphabet[bits << (6 - count) & 63];
  return text;
}

// What is between the quotes at both ends, if there are any.
std::optional<std::string> unquoted(std::string_view value) {
  constexpr std::array<std::array<std::string_view, 2>, 4> kPairs = {
      {{"\"", "\""}, {"'", "'"}, {"`", "`"}, {"\xe2\x80\x9c", "\xe2\x80\x9d"}}};
  for (const auto& [open, close] : kPairs) {
    if (value.size() > open.size() + close.size() && value.starts_with(open) &&
        value.ends_with(close))
      return std::string(value.substr(open.size(), value.size() - open.size() - close.size()));
  }
  return std::nullopt;
}

// Without blanks and control bytes, and without the blanks of Unicode that copy and paste brings.
std::string without_blanks(std::string text) {
  for (const std::string_view blank :
       {"\xc2\xa0", "\xe2\x80\x8b", "\xe2\x80\x8c", "\xe2\x80\x8d", "\xef\xbb\xbf"}) {
    for (auto at = text.find(blank); at != std::string::npos; at = text.find(blank, at))
      text.erase(at, blank.size());
  }
  std::erase_if(text,
                [](char byte) { return static_cast<unsigned char>(byte) <= 0x20 || byte == 0x7f; });
  return text;
}

std::string base64url_of_standard(std::string text) {
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  if (text.size() == kDigestLength + 1 && text.ends_with('=')) text.pop_back();
  return text;
}

bool is_key_authorization(std::string_view value) {
  const std::size_t dot = value.find('.');
  return dot != std::string_view::npos && dot >= kShortestTokenLength &&
         is_base64url(value.substr(0, dot)) && is_digest(value.substr(dot + 1));
}

}  // namespace

bool is_digest(std::string_view value) {
  return value.size() == kDigestLength && is_base64url(value);
}

ValueShape shape_of(const std::string& value, const std::vector<std::string>& expected) {
  const auto is_meant = [&](const std::string& text) {
    return is_digest(text) || std::ranges::find(expected, text) != expected.end();
  };
  if (std::ranges::find(expected, value) != expected.end()) return ValueShape::expected;
  if (value.empty()) return ValueShape::empty;
  if (std::ranges::any_of(expected,
                          [&](const auto& each) { return equal_but_for_case(each, value); }))
    return ValueShape::case_folded;
  if (is_digest(value)) return ValueShape::digest;
  if (const auto inside = unquoted(value); inside && is_meant(*inside)) return ValueShape::quoted;
  if (is_meant(without_blanks(value))) return ValueShape::blank;
  if (is_key_authorization(value)) return ValueShape::key_authorization;
  if (is_hex_digest(value)) return ValueShape::hex;
  if (is_digest(base64url_of_standard(value))) return ValueShape::base64_standard;
  return ValueShape::other;
}

std::optional<std::string> meant_by(const std::string& value, ValueShape shape) {
  switch (shape) {
    case ValueShape::quoted:
      return unquoted(value);
    case ValueShape::blank:
      return without_blanks(value);
    case ValueShape::hex:
      return base64url_of_hex(value);
    case ValueShape::base64_standard:
      return base64url_of_standard(value);
    default:
      return std::nullopt;
  }
}

}  // namespace dcv::check
