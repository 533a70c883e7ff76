#pragma once
// Resource records as plain values, and typed views of the types that DCV needs.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dns/codes.h"
#include "dns/ip.h"
#include "dns/name.h"

namespace dcv::dns {

struct Record {
  Name owner;
  RecordType type = RecordType::a;
  std::uint16_t record_class = kClassIn;
  std::uint32_t ttl = 0;  // seconds
  std::string rdata;      // wire form, names uncompressed

  friend bool operator==(const Record&, const Record&) = default;
};

struct Soa {
  Name primary, mailbox;
  std::uint32_t serial = 0, refresh = 0, retry = 0, expire = 0, minimum = 0;
};
struct Mx {
  std::uint16_t preference = 0;
  Name exchange;  // the root: the domain takes no mail (RFC 7505)
};
struct Caa {
  std::uint8_t flags = 0;
  std::string tag, value;
};
struct Ds {
  std::uint16_t key_tag = 0;
  std::uint8_t algorithm = 0, digest_type = 0;
  std::string digest;  // bytes
};
struct Dnskey {
  std::uint16_t flags = 0;
  std::uint8_t protocol = 3, algorithm = 0;
  std::string key;            // bytes
  std::uint16_t key_tag = 0;  // RFC 4034 appendix B, computed
};
struct Rrsig {
  RecordType covered = RecordType::a;
  std::uint8_t algorithm = 0, labels = 0;
  std::uint32_t original_ttl = 0, expiration = 0, inception = 0;  // Unix seconds mod 2^32
  std::uint16_t key_tag = 0;
  Name signer;
  std::string signature;
};
struct Nsec {
  Name next;
  std::vector<RecordType> types;
};
struct Nsec3 {
  std::uint8_t hash_algorithm = 1, flags = 0;
  std::uint16_t iterations = 0;
  std::string salt, next_hash;  // bytes
  std::vector<RecordType> types;
};

// Typed views: empty when the record is of another type or its rdata is malformed.
std::optional<IpAddress> as_address(const Record& record);  // A or AAAA
std::optional<Name> as_target(const Record& record);        // CNAME, DNAME, NS, PTR
std::optional<std::vector<std::string>> as_txt_strings(const Record& record);
std::optional<std::string> as_txt(const Record& record);  // strings joined (RFC 8555 8.4)
std::optional<Soa> as_soa(const Record& record);
std::optional<Mx> as_mx(const Record& record);
std::optional<Caa> as_caa(const Record& record);
std::optional<Ds> as_ds(const Record& record);
std::optional<Dnskey> as_dnskey(const Record& record);
std::optional<Rrsig> as_rrsig(const Record& record);
std::optional<Nsec> as_nsec(const Record& record);
std::optional<Nsec3> as_nsec3(const Record& record);

// Makers, for remedies and tests. A TXT value longer than 255 bytes is split.
Record make_txt(const Name& owner, std::uint32_t ttl, std::string_view value);
Record make_target(const Name& owner, RecordType type, std::uint32_t ttl, const Name& target);
Record make_address(const Name& owner, std::uint32_t ttl, const IpAddress& address);
Record make_soa(const Name& owner, std::uint32_t ttl, const Soa& soa);

// Presentation form of the data alone ("\"abc\"" for TXT; RFC 3597 form for types not known here).
std::string rdata_text(const Record& record);
// One zone-file line: owner, TTL, class, type, data; absolute names; safe to print.
std::string zone_line(const Record& record);

}  // namespace dcv::dns
