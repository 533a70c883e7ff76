#pragma once
// DNS messages as plain values (RFC 1035 4, RFC 6891): header, sections and EDNS facts.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dns/codes.h"
#include "dns/ip.h"
#include "dns/name.h"
#include "dns/record.h"

namespace dcv::dns {

struct Question {
  Name name;
  RecordType type = RecordType::a;
  std::uint16_t record_class = kClassIn;

  friend bool operator==(const Question&, const Question&) = default;  // ASCII case ignored
};

struct EdnsOption {
  std::uint16_t code = 0;
  std::string data;
};
struct ExtendedError {  // RFC 8914
  std::uint16_t code = 0;
  std::string text;
};
struct ZoneVersion {  // RFC 9660, type SOA-SERIAL
  std::uint8_t label_count = 0;
  std::uint32_t serial = 0;
};

struct ClientSubnet {  // RFC 7871
  IpAddress address;
  std::uint8_t source_prefix = 0;  // bits
  std::uint8_t scope_prefix = 0;   // bits; of replies

  static Result<ClientSubnet> parse(std::string_view text);  // "192.0.2.0/24"
  EdnsOption option() const;                                 // host bits are cleared
  std::string text() const;                                  // the way back from parse()
};

struct Edns {
  std::uint16_t udp_size = 1232;  // bytes
  std::uint8_t version = 0;
  bool dnssec_ok = false;
  std::vector<EdnsOption> options;  // every option as it came, known ones included

  // Views of `options`.
  std::optional<std::string> nsid() const;    // RFC 5001, bytes
  std::optional<std::string> cookie() const;  // RFC 7873, client and server part
  std::vector<ExtendedError> extended_errors() const;
  std::optional<ZoneVersion> zone_version() const;
  std::optional<ClientSubnet> client_subnet() const;
};

struct Message {
  std::uint16_t id = 0;
  bool response = false, authoritative = false, truncated = false;
  bool recursion_desired = false, recursion_available = false;
  bool authentic_data = false, checking_disabled = false;
  Opcode opcode = Opcode::query;
  Rcode rcode = Rcode::noerror;                       // the extended 12 bits merged
  std::optional<Question> question;                   // absent when the question count is 0
  std::vector<Record> answer, authority, additional;  // without OPT
  std::optional<Edns> edns;
  // What was wrong with the packet, in the order met: a record that does not parse, bytes left
  // over, more than one question, two OPT records. Empty for a clean packet.
  std::vector<std::string> faults;
};

}  // namespace dcv::dns
