// Bytes to message: a walk over header, question and record boundaries that one bad record, or
// any other bytes, cannot derail.

#include "dns/wire.h"

#include "dns/bytes.h"
#include "dns/rdata_names.h"

namespace dcv::dns {
namespace {

constexpr std::size_t kHeaderLength = 12;

struct Counts {
  std::uint16_t question = 0, answer = 0, authority = 0, additional = 0;
};

Counts read_header(Cursor& cursor, Message& message) {
  message.id = cursor.u16();
  unsigned flags = cursor.u16();
  message.response = (flags & 0x8000) != 0;
  message.opcode = static_cast<Opcode>(flags >> 11 & 0xf);
  message.authoritative = (flags & 0x0400) != 0;
  message.truncated = (flags & 0x0200) != 0;
  message.recursion_desired = (flags & 0x0100) != 0;
  message.recursion_available = (flags & 0x0080) != 0;
  message.authentic_data = (flags & 0x0020) != 0;
  message.checking_disabled = (flags & 0x0010) != 0;
  message.rcode = static_cast<Rcode>(flags & 0xf);
  Counts counts;
  counts.question = cursor.u16();
  counts.answer = cursor.u16();
  counts.authority = cursor.u16();
  counts.additional = cursor.u16();
  return counts;
}

std::optional<Question> read_question(Cursor& cursor) {
  auto name = cursor.compressed_name();
  Question question;
  question.type = static_cast<RecordType>(cursor.u16());
  question.record_class = cursor.u16();
  if (!name || !cursor.ok()) return std::nullopt;
  question.name = std::move(*name);
  return question;
}

// The data at `at` with its names uncompressed.
std::optional<std::string> expand(std::string_view message, std::size_t at, std::size_t length,
                                  RecordType type) {
  auto layout = rdata_names(type);
  if (!layout) return std::string(message.substr(at, length));
  Cursor cursor(message.substr(0, at + length), at);
  std::string rdata(cursor.take(layout->before));
  for (std::size_t i = 0; i < layout->names; ++i) {
    auto name = cursor.compressed_name();
    if (!name) return std::nullopt;
    rdata += name->wire();
  }
  rdata += cursor.take(layout->after);
  if (!cursor.at_end()) return std::nullopt;
  return rdata;
}

// For the types that have a typed view: whether it can be had.
bool fits_type(const Record& record) {
  switch (record.type) {
    case RecordType::a:
    case RecordType::aaaa:
      return as_address(record).has_value();
    case RecordType::txt:
      return as_txt_strings(record).has_value();
    case RecordType::caa:
      return as_caa(record).has_value();
    case RecordType::ds:
      return as_ds(record).has_value();
    case RecordType::dnskey:
      return as_dnskey(record).has_value();
    case RecordType::rrsig:
      return as_rrsig(record).has_value();
    case RecordType::nsec:
      return as_nsec(record).has_value();
    case RecordType::nsec3:
      return as_nsec3(record).has_value();
    default:
      return true;
  }
}

class RecordReader {
 public:
  RecordReader(std::string_view bytes, Cursor& cursor, Message& message)
      : bytes_(bytes), cursor_(cursor), message_(message) {}

  // False when the end of a record cannot be told, so that nothing behind it can be read.
  bool read_section(std::vector<Record>& section, std::uint16_t count, std::string_view title) {
    for (unsigned number = 1; number <= count; ++number) {
      place_ = "record " + std::to_string(number) + " of the " + std::string(title) + " section";
      if (!read_record(section)) return false;
    }
    return true;
  }

 private:
  void fault(std::string_view problem) {
    message_.faults.push_back(std::string(place_).append(" ").append(problem));
  }

  bool read_record(std::vector<Record>& section) {
    auto owner = cursor_.compressed_name();
    Record record;
    record.type = static_cast<RecordType>(cursor_.u16());
    record.record_class = cursor_.u16();
    record.ttl = cursor_.u32();
    std::size_t length = cursor_.u16();
    std::size_t at = cursor_.at();
    cursor_.take(length);
    if (!cursor_.ok()) {
      fault("is cut off");
      return false;
    }
    if (!owner) {
      fault("has a malformed owner name");
      return true;
    }
    record.owner = std::move(*owner);
    if (record.type == RecordType::opt) {
      read_opt(record, bytes_.substr(at, length), &section == &message_.additional);
      return true;
    }
    auto rdata = expand(bytes_, at, length, record.type);
    if (rdata) record.rdata = std::move(*rdata);
    if (!rdata || !fits_type(record)) {
      fault("has malformed " + text(record.type) + " data");
      return true;
    }
    section.push_back(std::move(record));
    return true;
  }

  void read_opt(const Record& opt, std::string_view options, bool is_additional) {
    if (!is_additional) fault("is OPT, which belongs in the additional section");
    if (!opt.owner.is_root()) fault("is OPT with an owner other than the root");
    if (message_.edns) {
      fault("is a second OPT record");
      return;
    }
    Edns edns;
    edns.udp_size = opt.record_class;
    edns.version = static_cast<std::uint8_t>(opt.ttl >> 16 & 0xff);
    edns.dnssec_ok = (opt.ttl & 0x8000) != 0;
    auto high_bits = opt.ttl >> 24;
    message_.rcode =
        static_cast<Rcode>(high_bits << 4 | static_cast<std::uint16_t>(message_.rcode));
    Cursor cursor(options);
    while (cursor.left() > 0) {
      EdnsOption option;
      option.code = cursor.u16();
      option.data = cursor.take(cursor.u16());
      if (cursor.ok()) edns.options.push_back(std::move(option));
    }
    if (!cursor.ok()) fault("is OPT with malformed options");
    message_.edns = std::move(edns);
  }

  std::string_view bytes_;
  Cursor& cursor_;
  Message& message_;
  std::string place_;
};

// The further questions, which nobody asks in practice (RFC 9619).
bool skip_questions(Cursor& cursor, std::uint16_t count, Message& message) {
  if (count < 2) return true;
  message.faults.push_back("the message has " + std::to_string(count) + " questions");
  for (unsigned i = 1; i < count && cursor.ok(); ++i) {
    cursor.compressed_name();
    cursor.take(4);
  }
  if (!cursor.ok()) message.faults.emplace_back("the question section is cut off");
  return cursor.ok();
}

}  // namespace

Result<Message> decode(std::string_view bytes) {
  if (bytes.size() < kHeaderLength) {
    return Error{"a DNS message has at least 12 bytes, this has " + std::to_string(bytes.size())};
  }
  Message message;
  Cursor cursor(bytes);
  auto counts = read_header(cursor, message);
  if (cursor.at_end() && counts.question != 0) {
    message.faults.emplace_back("the message is a bare header that announces a question");
    return message;
  }
  if (counts.question != 0) {
    message.question = read_question(cursor);
    if (!message.question) return Error{"the question of the DNS message is malformed"};
  }
  if (!skip_questions(cursor, counts.question, message)) return message;
  RecordReader reader(bytes, cursor, message);
  bool complete = reader.read_section(message.answer, counts.answer, "answer") &&
                  reader.read_section(message.authority, counts.authority, "authority") &&
                  reader.read_section(message.additional, counts.additional, "additional");
  if (complete && cursor.left() > 0)
    message.faults.push_back(std::to_string(cursor.left()) + " bytes follow the last record");
  return message;
}

Result<Message> decode_reply(std::string_view bytes) {
  auto message = decode(bytes);
  if (!message || !message->question) return message;
  const Name& asked = message->question->name;
  const auto length = asked.wire().size();
  if (bytes.substr(kHeaderLength, length) != asked.wire()) return message;  // itself compressed
  auto lowered = decode(std::string(bytes).replace(kHeaderLength, length, asked.lower().wire()));
  if (!lowered) return lowered;
  Message reply = std::move(lowered).value();
  reply.question = message->question;
  return reply;
}

}  // namespace dcv::dns
