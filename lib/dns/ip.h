#pragma once
// IP addresses as plain values, free of any network library.

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dns/result.h"

namespace dcv::dns {

class IpAddress {
 public:
  IpAddress() = default;  // 0.0.0.0

  static Result<IpAddress> parse(std::string_view text);  // dotted quad or RFC 4291 text
  static IpAddress of(std::string_view text);             // throws std::invalid_argument
  static IpAddress v4(const std::array<std::uint8_t, 4>& bytes);
  static IpAddress v6(const std::array<std::uint8_t, 16>& bytes);

  bool is_v4() const { return v4_; }
  bool is_v6() const { return !v4_; }
  // Network order; for IPv4 only the first four bytes count.
  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  std::string text() const;  // RFC 5952

  // Why a public name server or web server cannot live here ("private use", "loopback",
  // "documentation", ...: the IANA special-purpose registries, RFC 6890), or an empty string for
  // a globally reachable address. IPv4-mapped addresses are judged by the IPv4 address inside.
  std::string_view special_purpose() const;

  friend bool operator==(const IpAddress&, const IpAddress&) = default;
  friend std::strong_ordering operator<=>(const IpAddress& a, const IpAddress& b);  // v4 first

 private:
  bool v4_ = true;
  std::array<std::uint8_t, 16> bytes_{};
};

// The blocks behind special_purpose() that have a purpose, as "10.0.0.0/8"; for programs that take
// a list and know of no exceptions within a block.
std::vector<std::string> special_purpose_blocks();

}  // namespace dcv::dns
