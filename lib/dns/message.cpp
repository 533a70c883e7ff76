// Views of EDNS options.

#include "dns/message.h"

#include <algorithm>

#include "dns/bytes.h"

namespace dcv::dns {
namespace {

std::optional<std::string> first_option(const Edns& edns, EdnsCode code) {
  auto found = std::ranges::find(edns.options, static_cast<std::uint16_t>(code), &EdnsOption::code);
  if (found == edns.options.end()) return std::nullopt;
  return found->data;
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

}  // namespace dcv::dns
