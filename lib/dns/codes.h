#pragma once
// Numbers of the DNS protocol and their words, as IANA registers them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dcv::dns {

enum class RecordType : std::uint16_t {
  a = 1,
  ns = 2,
  cname = 5,
  soa = 6,
  ptr = 12,
  mx = 15,
  txt = 16,
  aaaa = 28,
  srv = 33,
  dname = 39,
  opt = 41,
  ds = 43,
  rrsig = 46,
  nsec = 47,
  dnskey = 48,
  nsec3 = 50,
  nsec3param = 51,
  tlsa = 52,
  svcb = 64,
  https = 65,
  any = 255,
  caa = 257,
};
enum class Rcode : std::uint16_t {
  noerror = 0,
  formerr = 1,
  servfail = 2,
  nxdomain = 3,
  notimp = 4,
  refused = 5,
  yxdomain = 6,
  yxrrset = 7,
  nxrrset = 8,
  notauth = 9,
  notzone = 10,
  badvers = 16,
  badcookie = 23,
};
enum class Opcode : std::uint8_t { query = 0, status = 2, notify = 4, update = 5 };
enum class EdnsCode : std::uint16_t {
  nsid = 3,
  ecs = 8,
  cookie = 10,
  padding = 12,
  ede = 15,
  zoneversion = 19
};

std::string text(RecordType type);                    // "TXT"; unknown ones "TYPE65280" (RFC 3597)
std::string text(Rcode rcode);                        // "NXDOMAIN"; unknown ones "RCODE42"
std::string text(Opcode opcode);                      // "QUERY"; unknown ones "OPCODE9"
std::string class_text(std::uint16_t record_class);   // "IN", "CH"; unknown ones "CLASS42"
std::string extended_error_text(std::uint16_t code);  // RFC 8914: "DNSSEC Bogus"; "EDE 99"
std::optional<RecordType> record_type(std::string_view text);  // any case; also "TYPE257"

constexpr std::uint16_t kClassIn = 1;

}  // namespace dcv::dns
