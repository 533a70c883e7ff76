// Records to and from ldns, by way of the wire form.

#include "dns/ldns_bridge.h"

#include <stdbool.h>  // NOLINT: before ldns.h, which defines bool as a macro otherwise

#include <ldns/ldns.h>

#include "dns/bytes.h"

namespace dcv::dns {
namespace {

struct BufferDeleter {
  void operator()(ldns_buffer* buffer) const { ldns_buffer_free(buffer); }
};

}  // namespace

void LdnsRecordDeleter::operator()(ldns_struct_rr* record) const {
  ldns_rr_free(record);
}

LdnsRecord to_ldns(const Record& record) {
  std::string wire = record.owner.wire();
  append_u16(wire, static_cast<std::uint16_t>(record.type));
  append_u16(wire, record.record_class);
  append_u32(wire, record.ttl);
  append_u16(wire, static_cast<std::uint16_t>(record.rdata.size()));
  wire += record.rdata;
  ldns_rr* read = nullptr;
  std::size_t at = 0;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(wire.data());
  if (ldns_wire2rr(&read, bytes, wire.size(), &at, LDNS_SECTION_ANSWER) != LDNS_STATUS_OK)
    return nullptr;
  return LdnsRecord(read);
}

std::optional<Record> from_ldns(const ldns_struct_rr* record) {
  std::unique_ptr<ldns_buffer, BufferDeleter> buffer(ldns_buffer_new(LDNS_MAX_PACKETLEN));
  if (!buffer || ldns_rr2buffer_wire(buffer.get(), record, LDNS_SECTION_ANSWER) != LDNS_STATUS_OK)
    return std::nullopt;
  const auto* bytes = reinterpret_cast<const char*>(ldns_buffer_begin(buffer.get()));
  Cursor cursor(std::string_view(bytes, ldns_buffer_position(buffer.get())));
  Record result;
  result.owner = cursor.name();
  result.type = static_cast<RecordType>(cursor.u16());
  result.record_class = cursor.u16();
  result.ttl = cursor.u32();
  result.rdata = cursor.take(cursor.u16());
  if (!cursor.at_end()) return std::nullopt;
  return result;
}

}  // namespace dcv::dns
