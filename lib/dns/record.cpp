// Makers of records and the zone-file line.

#include "dns/record.h"

#include <algorithm>

#include "dns/bytes.h"

namespace dcv::dns {
namespace {

constexpr std::size_t kLongestString = 255;  // of a character-string

Record make(const Name& owner, RecordType type, std::uint32_t ttl, std::string rdata) {
  Record record;
  record.owner = owner;
  record.type = type;
  record.ttl = ttl;
  record.rdata = std::move(rdata);
  return record;
}

}  // namespace

Record make_txt(const Name& owner, std::uint32_t ttl, std::string_view value) {
  std::string rdata;
  do {
    auto part = value.substr(0, kLongestString);
    append_u8(rdata, static_cast<std::uint8_t>(part.size()));
    rdata += part;
    value.remove_prefix(part.size());
  } while (!value.empty());
  return make(owner, RecordType::txt, ttl, std::move(rdata));
}

Record make_target(const Name& owner, RecordType type, std::uint32_t ttl, const Name& target) {
  return make(owner, type, ttl, target.wire());
}

Record make_address(const Name& owner, std::uint32_t ttl, const IpAddress& address) {
  const auto& bytes = address.bytes();
  std::string rdata(bytes.begin(), bytes.begin() + (address.is_v4() ? 4 : 16));
  return make(owner, address.is_v4() ? RecordType::a : RecordType::aaaa, ttl, std::move(rdata));
}

Record make_soa(const Name& owner, std::uint32_t ttl, const Soa& soa) {
  std::string rdata = soa.primary.wire() + soa.mailbox.wire();
  for (auto value : {soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum})
    append_u32(rdata, value);
  return make(owner, RecordType::soa, ttl, std::move(rdata));
}

std::string zone_line(const Record& record) {
  return record.owner.text() + " " + std::to_string(record.ttl) + " " +
         class_text(record.record_class) + " " + text(record.type) + " " + rdata_text(record);
}

}  // namespace dcv::dns
