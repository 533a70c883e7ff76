// Message to bytes, with name compression that never changes the case of a name.

#include <map>

#include "dns/bytes.h"
#include "dns/rdata_names.h"
#include "dns/wire.h"

namespace dcv::dns {
namespace {

constexpr std::size_t kLastPointerTarget = 0x3fff;
constexpr std::size_t kCountsAt = 4;  // the four section counts in the header

class Writer {
 public:
  std::string bytes;

  void name(const Name& name, bool compress) {
    for (std::size_t count = name.label_count(); count > 0; --count) {
      auto tail = name.suffix(count).wire();
      auto known = seen_.find(tail);
      if (compress && known != seen_.end()) {
        append_u16(bytes, static_cast<std::uint16_t>(0xc000U | known->second));
        return;
      }
      if (bytes.size() <= kLastPointerTarget)
        seen_.emplace(tail, static_cast<std::uint16_t>(bytes.size()));
      const auto& label = name.labels()[name.label_count() - count];
      append_u8(bytes, static_cast<std::uint8_t>(label.size()));
      bytes += label;
    }
    append_u8(bytes, 0);
  }

  void record(const Record& record) {
    name(record.owner, true);
    append_u16(bytes, static_cast<std::uint16_t>(record.type));
    append_u16(bytes, record.record_class);
    append_u32(bytes, record.ttl);
    auto length_at = bytes.size();
    append_u16(bytes, 0);
    rdata(record);
    put_u16(bytes, length_at, static_cast<std::uint16_t>(bytes.size() - length_at - 2));
  }

 private:
  void rdata(const Record& record) {
    auto layout = rdata_names(record.type);
    if (!layout || !layout->may_compress) {
      bytes += record.rdata;
      return;
    }
    Cursor cursor(record.rdata);
    auto before = cursor.take(layout->before);
    std::vector<Name> names;
    for (std::size_t i = 0; i < layout->names; ++i) names.push_back(cursor.name());
    auto after = cursor.take(layout->after);
    if (!cursor.at_end()) {  // malformed on purpose, in the lab
      bytes += record.rdata;
      return;
    }
    bytes += before;
    for (const auto& target : names) name(target, true);
    bytes += after;
  }

  std::map<std::string, std::uint16_t> seen_;  // wire form in exact case -> offset
};

std::uint16_t flags_of(const Message& message) {
  unsigned flags = static_cast<unsigned>(message.opcode) << 11 & 0x7800;
  if (message.response) flags |= 0x8000;
  if (message.authoritative) flags |= 0x0400;
  if (message.truncated) flags |= 0x0200;
  if (message.recursion_desired) flags |= 0x0100;
  if (message.recursion_available) flags |= 0x0080;
  if (message.authentic_data) flags |= 0x0020;
  if (message.checking_disabled) flags |= 0x0010;
  return static_cast<std::uint16_t>(flags | (static_cast<unsigned>(message.rcode) & 0xf));
}

std::string opt_bytes(const Edns& edns, Rcode rcode) {
  std::string bytes(1, '\0');
  append_u16(bytes, static_cast<std::uint16_t>(RecordType::opt));
  append_u16(bytes, edns.udp_size);
  append_u8(bytes, static_cast<std::uint8_t>(static_cast<unsigned>(rcode) >> 4));
  append_u8(bytes, edns.version);
  append_u16(bytes, edns.dnssec_ok ? 0x8000 : 0);
  std::string options;
  for (const auto& option : edns.options) {
    append_u16(options, option.code);
    append_u16(options, static_cast<std::uint16_t>(option.data.size()));
    options += option.data;
  }
  append_u16(bytes, static_cast<std::uint16_t>(options.size()));
  return bytes + options;
}

// Writes records as long as they fit into `room` bytes; returns how many.
std::size_t write_section(Writer& writer, const std::vector<Record>& section, std::size_t room) {
  for (std::size_t count = 0; count < section.size(); ++count) {
    auto before = writer.bytes.size();
    writer.record(section[count]);
    if (writer.bytes.size() > room) {
      writer.bytes.resize(before);
      return count;
    }
  }
  return section.size();
}

}  // namespace

std::string encode(const Message& message, std::size_t limit) {
  Writer writer;
  append_u16(writer.bytes, message.id);
  append_u16(writer.bytes, flags_of(message));
  writer.bytes.append(8, '\0');
  if (message.question) {
    put_u16(writer.bytes, kCountsAt, 1);
    writer.name(message.question->name, false);
    append_u16(writer.bytes, static_cast<std::uint16_t>(message.question->type));
    append_u16(writer.bytes, message.question->record_class);
  }
  auto opt = message.edns ? opt_bytes(*message.edns, message.rcode) : std::string();
  auto room = limit > opt.size() ? limit - opt.size() : 0;
  const std::vector<Record>* sections[] = {&message.answer, &message.authority,
                                           &message.additional};
  bool all_fit = true;
  for (std::size_t i = 0; i < 3; ++i) {
    auto written = all_fit ? write_section(writer, *sections[i], room) : 0;
    bool additional = sections[i] == &message.additional;
    if (written < sections[i]->size()) {
      all_fit = false;
      if (!additional) writer.bytes[2] = static_cast<char>(writer.bytes[2] | 0x02);  // TC
    }
    auto count = written + (additional && message.edns ? 1 : 0);
    put_u16(writer.bytes, kCountsAt + 2 + 2 * i, static_cast<std::uint16_t>(count));
  }
  return writer.bytes + opt;
}

std::string encode_query(std::uint16_t id, const Question& question, bool recursion_desired,
                         const std::optional<Edns>& edns) {
  Message query;
  query.id = id;
  query.recursion_desired = recursion_desired;
  query.question = question;
  query.edns = edns;
  return encode(query);
}

}  // namespace dcv::dns
