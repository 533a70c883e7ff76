// Typed views of record data; each is empty unless all bytes of the data make sense.

#include <algorithm>

#include "dns/bytes.h"
#include "dns/record.h"

namespace dcv::dns {
namespace {

// RFC 4034 appendix B.
std::uint16_t key_tag_of(std::string_view rdata) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < rdata.size(); ++i) {
    std::uint32_t byte = static_cast<std::uint8_t>(rdata[i]);
    sum += i % 2 == 0 ? byte << 8 : byte;
  }
  sum += sum >> 16 & 0xffff;
  return static_cast<std::uint16_t>(sum & 0xffff);
}

// The bit maps of RFC 4034 4.1.2, up to the end of the data.
std::optional<std::vector<RecordType>> read_type_bitmap(Cursor& cursor) {
  std::vector<RecordType> types;
  while (cursor.left() > 0) {
    std::size_t window = cursor.u8();
    auto bitmap = cursor.counted();
    if (bitmap.empty() || bitmap.size() > 32) return std::nullopt;
    for (std::size_t bit = 0; bit < bitmap.size() * 8; ++bit) {
      auto byte = static_cast<std::uint8_t>(bitmap[bit / 8]);
      if ((byte & 0x80U >> bit % 8) != 0)
        types.push_back(static_cast<RecordType>(window * 256 + bit));
    }
  }
  if (!cursor.ok()) return std::nullopt;
  return types;
}

template <typename T>
std::optional<T> if_complete(const Cursor& cursor, T value) {
  if (!cursor.at_end()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<IpAddress> as_address(const Record& record) {
  if (record.type == RecordType::a && record.rdata.size() == 4) {
    std::array<std::uint8_t, 4> bytes{};
    std::ranges::copy(record.rdata, bytes.begin());
    return IpAddress::v4(bytes);
  }
  if (record.type == RecordType::aaaa && record.rdata.size() == 16) {
    std::array<std::uint8_t, 16> bytes{};
    std::ranges::copy(record.rdata, bytes.begin());
    return IpAddress::v6(bytes);
  }
  return std::nullopt;
}

std::optional<Name> as_target(const Record& record) {
  bool has_target = record.type == RecordType::cname || record.type == RecordType::dname ||
                    record.type == RecordType::ns || record.type == RecordType::ptr;
  if (!has_target) return std::nullopt;
  Cursor cursor(record.rdata);
  auto target = cursor.name();
  return if_complete(cursor, std::move(target));
}

std::optional<std::vector<std::string>> as_txt_strings(const Record& record) {
  if (record.type != RecordType::txt || record.rdata.empty()) return std::nullopt;
  Cursor cursor(record.rdata);
  std::vector<std::string> strings;
  while (cursor.left() > 0) strings.emplace_back(cursor.counted());
  return if_complete(cursor, std::move(strings));
}

std::optional<std::string> as_txt(const Record& record) {
  auto strings = as_txt_strings(record);
  if (!strings) return std::nullopt;
  std::string joined;
  for (const auto& part : *strings) joined += part;
  return joined;
}

std::optional<Soa> as_soa(const Record& record) {
  if (record.type != RecordType::soa) return std::nullopt;
  Cursor cursor(record.rdata);
  Soa soa;
  soa.primary = cursor.name();
  soa.mailbox = cursor.name();
  for (auto* field : {&soa.serial, &soa.refresh, &soa.retry, &soa.expire, &soa.minimum})
    *field = cursor.u32();
  return if_complete(cursor, std::move(soa));
}

std::optional<Mx> as_mx(const Record& record) {
  if (record.type != RecordType::mx) return std::nullopt;
  Cursor cursor(record.rdata);
  Mx mx;
  mx.preference = cursor.u16();
  mx.exchange = cursor.name();
  return if_complete(cursor, std::move(mx));
}

std::optional<Caa> as_caa(const Record& record) {
  if (record.type != RecordType::caa) return std::nullopt;
  Cursor cursor(record.rdata);
  Caa caa;
  caa.flags = cursor.u8();
  caa.tag = cursor.counted();
  caa.value = cursor.rest();
  if (caa.tag.empty()) return std::nullopt;
  return if_complete(cursor, std::move(caa));
}

std::optional<Ds> as_ds(const Record& record) {
  if (record.type != RecordType::ds) return std::nullopt;
  Cursor cursor(record.rdata);
  Ds ds;
  ds.key_tag = cursor.u16();
  ds.algorithm = cursor.u8();
  ds.digest_type = cursor.u8();
  ds.digest = cursor.rest();
  return if_complete(cursor, std::move(ds));
}

std::optional<Dnskey> as_dnskey(const Record& record) {
  if (record.type != RecordType::dnskey) return std::nullopt;
  Cursor cursor(record.rdata);
  Dnskey dnskey;
  dnskey.flags = cursor.u16();
  dnskey.protocol = cursor.u8();
  dnskey.algorithm = cursor.u8();
  dnskey.key = cursor.rest();
  dnskey.key_tag = key_tag_of(record.rdata);
  return if_complete(cursor, std::move(dnskey));
}

std::optional<Rrsig> as_rrsig(const Record& record) {
  if (record.type != RecordType::rrsig) return std::nullopt;
  Cursor cursor(record.rdata);
  Rrsig rrsig;
  rrsig.covered = static_cast<RecordType>(cursor.u16());
  rrsig.algorithm = cursor.u8();
  rrsig.labels = cursor.u8();
  rrsig.original_ttl = cursor.u32();
  rrsig.expiration = cursor.u32();
  rrsig.inception = cursor.u32();
  rrsig.key_tag = cursor.u16();
  rrsig.signer = cursor.name();
  rrsig.signature = cursor.rest();
  return if_complete(cursor, std::move(rrsig));
}

std::optional<Nsec> as_nsec(const Record& record) {
  if (record.type != RecordType::nsec) return std::nullopt;
  Cursor cursor(record.rdata);
  Nsec nsec;
  nsec.next = cursor.name();
  auto types = read_type_bitmap(cursor);
  if (!types) return std::nullopt;
  nsec.types = std::move(*types);
  return nsec;
}

std::optional<Nsec3> as_nsec3(const Record& record) {
  if (record.type != RecordType::nsec3) return std::nullopt;
  Cursor cursor(record.rdata);
  Nsec3 nsec3;
  nsec3.hash_algorithm = cursor.u8();
  nsec3.flags = cursor.u8();
  nsec3.iterations = cursor.u16();
  nsec3.salt = cursor.counted();
  nsec3.next_hash = cursor.counted();
  auto types = read_type_bitmap(cursor);
  if (!types) return std::nullopt;
  nsec3.types = std::move(*types);
  return nsec3;
}

}  // namespace dcv::dns
