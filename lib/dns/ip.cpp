// IP addresses: text form and the special-purpose registries of IANA.

#include "dns/ip.h"

#include <arpa/inet.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "dns/name.h"

namespace dcv::dns {
namespace {

struct Block {
  IpAddress first;
  int prefix_length;
  std::string_view purpose;  // empty: globally reachable
};

bool contains(const Block& block, const IpAddress& address) {
  if (block.first.is_v4() != address.is_v4()) return false;
  for (int bit = 0; bit < block.prefix_length; bit += 8) {
    auto index = static_cast<std::size_t>(bit / 8);
    int unused = std::max(0, 8 - (block.prefix_length - bit));
    if ((block.first.bytes()[index] ^ address.bytes()[index]) >> unused != 0) return false;
  }
  return true;
}

// The IANA IPv4 and IPv6 special-purpose registries, with multicast and the space outside
// 2000::/3, which is not allocated. The first block that contains an address counts.
const std::vector<Block>& blocks() {
  static const std::vector<Block> all = {
      {IpAddress::of("0.0.0.0"), 8, "this network"},
      {IpAddress::of("10.0.0.0"), 8, "private use"},
      {IpAddress::of("100.64.0.0"), 10, "shared address space"},
      {IpAddress::of("127.0.0.0"), 8, "loopback"},
      {IpAddress::of("169.254.0.0"), 16, "link local"},
      {IpAddress::of("172.16.0.0"), 12, "private use"},
      {IpAddress::of("192.0.0.9"), 32, ""},
      {IpAddress::of("192.0.0.10"), 32, ""},
      {IpAddress::of("192.0.0.0"), 24, "protocol assignments"},
      {IpAddress::of("192.0.2.0"), 24, "documentation"},
      {IpAddress::of("192.88.99.0"), 24, "6to4"},
      {IpAddress::of("192.168.0.0"), 16, "private use"},
      {IpAddress::of("198.18.0.0"), 15, "benchmarking"},
      {IpAddress::of("198.51.100.0"), 24, "documentation"},
      {IpAddress::of("203.0.113.0"), 24, "documentation"},
      {IpAddress::of("224.0.0.0"), 4, "multicast"},
      {IpAddress::of("255.255.255.255"), 32, "broadcast"},
      {IpAddress::of("240.0.0.0"), 4, "reserved"},
      {IpAddress::of("::"), 128, "unspecified"},
      {IpAddress::of("::1"), 128, "loopback"},
      {IpAddress::of("64:ff9b::"), 96, ""},
      {IpAddress::of("64:ff9b:1::"), 48, "translation"},
      {IpAddress::of("100::"), 64, "discard only"},
      {IpAddress::of("2001::"), 32, "Teredo"},
      {IpAddress::of("2001:1::1"), 128, ""},
      {IpAddress::of("2001:1::2"), 128, ""},
      {IpAddress::of("2001:1::3"), 128, ""},
      {IpAddress::of("2001:2::"), 48, "benchmarking"},
      {IpAddress::of("2001:3::"), 32, ""},
      {IpAddress::of("2001:4:112::"), 48, ""},
      {IpAddress::of("2001:20::"), 28, ""},
      {IpAddress::of("2001:30::"), 28, ""},
      {IpAddress::of("2001::"), 23, "protocol assignments"},
      {IpAddress::of("2001:db8::"), 32, "documentation"},
      {IpAddress::of("2002::"), 16, "6to4"},
      {IpAddress::of("3fff::"), 20, "documentation"},
      {IpAddress::of("5f00::"), 16, "segment routing"},
      {IpAddress::of("fc00::"), 7, "private use"},
      {IpAddress::of("fe80::"), 10, "link local"},
      {IpAddress::of("fec0::"), 10, "site local"},
      {IpAddress::of("ff00::"), 8, "multicast"},
      {IpAddress::of("2000::"), 3, ""},
      {IpAddress::of("::"), 0, "reserved"},
  };
  return all;
}

bool is_v4_mapped(const IpAddress& address) {
  static constexpr std::array<std::uint8_t, 12> kPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255};
  return address.is_v6() && std::equal(kPrefix.begin(), kPrefix.end(), address.bytes().begin());
}

}  // namespace

Result<IpAddress> IpAddress::parse(std::string_view text) {
  std::string terminated(text.substr(0, INET6_ADDRSTRLEN));
  std::array<std::uint8_t, 4> four{};
  std::array<std::uint8_t, 16> sixteen{};
  // inet_pton() stops at a zero byte.
  bool readable = text.size() < INET6_ADDRSTRLEN && text.find('\0') == std::string_view::npos;
  if (readable && inet_pton(AF_INET, terminated.c_str(), four.data()) == 1) return v4(four);
  if (readable && inet_pton(AF_INET6, terminated.c_str(), sixteen.data()) == 1) return v6(sixteen);
  return Error{quoted(terminated) + " is not an IP address"};
}

IpAddress IpAddress::of(std::string_view text) {
  auto address = parse(text);
  if (!address) throw std::invalid_argument(address.error());
  return *address;
}

IpAddress IpAddress::v4(const std::array<std::uint8_t, 4>& bytes) {
  IpAddress address;
  std::ranges::copy(bytes, address.bytes_.begin());
  return address;
}

IpAddress IpAddress::v6(const std::array<std::uint8_t, 16>& bytes) {
  IpAddress address;
  address.v4_ = false;
  address.bytes_ = bytes;
  return address;
}

std::string IpAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  inet_ntop(v4_ ? AF_INET : AF_INET6, bytes_.data(), buffer.data(), buffer.size());
  return buffer.data();
}

std::string_view IpAddress::special_purpose() const {
  if (is_v4_mapped(*this))
    return v4({bytes_[12], bytes_[13], bytes_[14], bytes_[15]}).special_purpose();
  auto block = std::ranges::find_if(blocks(), [&](const Block& b) { return contains(b, *this); });
  return block == blocks().end() ? std::string_view() : block->purpose;
}

std::vector<std::string> special_purpose_blocks() {
  std::vector<std::string> texts;
  for (const Block& block : blocks()) {
    const bool everything_else = block.prefix_length == 0;
    if (!block.purpose.empty() && !everything_else)
      texts.push_back(block.first.text() + "/" + std::to_string(block.prefix_length));
  }
  return texts;
}

std::strong_ordering operator<=>(const IpAddress& a, const IpAddress& b) {
  if (a.v4_ != b.v4_) return a.v4_ ? std::strong_ordering::less : std::strong_ordering::greater;
  return a.bytes_ <=> b.bytes_;
}

}  // namespace dcv::dns
