// Views of EDNS options.

#include "dns/message.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "dns/bytes.h"

namespace dcv::dns {
namespace {

std::optional<std::string> first_option(const Edns& edns, EdnsCode code) {
  auto found = std::ranges::find(edns.options, static_cast<std::uint16_t>(code), &EdnsOption::code);
  if (found == edns.options.end()) return std::nullopt;
  return found->data;
}

// Address families of RFC 7871 6, as IANA numbers them.
constexpr std::uint16_t kFamilyIpv4 = 1, kFamilyIpv6 = 2;

IpAddress address_of(std::string_view prefix, std::size_t length) {
  std::array<std::uint8_t, 16> bytes{};
  std::transform(prefix.begin(), prefix.end(), bytes.begin(),
                 [](char byte) { return static_cast<std::uint8_t>(byte); });
  if (length == 16) return IpAddress::v6(bytes);
  return IpAddress::v4({bytes[0], bytes[1], bytes[2], bytes[3]});
}

}  // namespace

std::optional<std::string> Edns::nsid() const {
  return first_option(*this, EdnsCode::nsid);
}

std::optional<std::string> Edns::cookie() const {
  return first_option(*this, EdnsCode::cookie);
}

std::vector<ExtendedError> Edns::extended_errors() const {
  std::vector<ExtendedError> errors;
  for (const auto& option : options) {
    if (option.code != static_cast<std::uint16_t>(EdnsCode::ede)) continue;
    Cursor cursor(option.data);
    ExtendedError error;
    error.code = cursor.u16();
    error.text = cursor.rest();
    // RFC 8914 2: the text may end with a zero byte.
    if (error.text.ends_with('\0')) error.text.pop_back();
    if (cursor.ok()) errors.push_back(std::move(error));
  }
  return errors;
}

std::optional<ZoneVersion> Edns::zone_version() const {
  static constexpr std::uint8_t kSoaSerial = 0;
  auto data = first_option(*this, EdnsCode::zoneversion);
  if (!data) return std::nullopt;
  Cursor cursor(*data);
  ZoneVersion result;
  result.label_count = cursor.u8();
  auto kind = cursor.u8();
  result.serial = cursor.u32();
  if (!cursor.at_end() || kind != kSoaSerial) return std::nullopt;
  return result;
}

std::optional<ClientSubnet> Edns::client_subnet() const {
  const auto data = first_option(*this, EdnsCode::ecs);
  if (!data) return std::nullopt;
  Cursor cursor(*data);
  const std::uint16_t family = cursor.u16();
  ClientSubnet subnet;
  subnet.source_prefix = cursor.u8();
  subnet.scope_prefix = cursor.u8();
  const std::string bytes(cursor.rest());
  const std::size_t length = family == kFamilyIpv4 ? 4 : 16;
  if (!cursor.ok() || (family != kFamilyIpv4 && family != kFamilyIpv6) || bytes.size() > length)
    return std::nullopt;
  subnet.address = address_of(bytes, length);
  return subnet;
}

Result<ClientSubnet> ClientSubnet::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const Result<IpAddress> address = IpAddress::parse(text.substr(0, slash));
  if (!address) return Error{address.error()};
  const unsigned width = address->is_v4() ? 32 : 128;
  // What resolvers send on: a network, not a machine (RFC 7871 11.1).
  unsigned prefix = address->is_v4() ? 24 : 56;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), prefix);
    if (error != std::errc() || end != digits.end() || prefix > width)
      return Error{std::string(text) + " is not a network: the prefix has 0 to " +
                   std::to_string(width) + " bits"};
  }
  return ClientSubnet{*address, static_cast<std::uint8_t>(prefix), 0};
}

std::string ClientSubnet::text() const {
  return address.text() + "/" + std::to_string(source_prefix);
}

EdnsOption ClientSubnet::option() const {
  std::string data{'\0', static_cast<char>(address.is_v4() ? kFamilyIpv4 : kFamilyIpv6),
                   static_cast<char>(source_prefix), '\0'};
  for (unsigned bit = 0; bit < source_prefix; bit += 8) {
    const unsigned kept = std::min(8U, source_prefix - bit);
    data += static_cast<char>(address.bytes()[bit / 8] & (0xFF00U >> kept));
  }
  return {static_cast<std::uint16_t>(EdnsCode::ecs), std::move(data)};
}

}  // namespace dcv::dns
