#pragma once
// Uses everything that decoding a message yields, as the tools do, and states what must hold.

#include <algorithm>
#include <string>
#include <vector>

#include "dns/dnssec.h"
#include "dns/reply_kind.h"
#include "dns/wire.h"
#include "fuzz/input.h"

namespace dcv::fuzz {

inline bool is_printable(const std::string& line) {
  return std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; });
}

inline std::vector<dns::Record> all_records(const dns::Message& message) {
  std::vector<dns::Record> records = message.answer;
  records.insert(records.end(), message.authority.begin(), message.authority.end());
  records.insert(records.end(), message.additional.begin(), message.additional.end());
  return records;
}

inline void use(const dns::Record& record) {
  require(is_printable(dns::zone_line(record)), "a zone line is safe to print");
  dns::as_address(record);
  dns::as_target(record);
  dns::as_txt(record);
  dns::as_soa(record);
  dns::as_mx(record);
  dns::as_caa(record);
  dns::as_ds(record);
  dns::as_dnskey(record);
  dns::as_rrsig(record);
  dns::as_nsec(record);
  dns::as_nsec3(record);
}

// Judges signatures and digests, which ldns and OpenSSL compute. A few of each: what a hostile
// reply may cost in all is another subject.
inline void verify(const std::vector<dns::Record>& records) {
  constexpr std::size_t kOfEach = 3;
  std::vector<dns::Record> keys, signatures, digests;
  for (const dns::Record& record : records) {
    auto& list = record.type == dns::RecordType::dnskey  ? keys
                 : record.type == dns::RecordType::rrsig ? signatures
                                                         : digests;
    const bool wanted = &list != &digests || record.type == dns::RecordType::ds;
    if (wanted && list.size() < kOfEach) list.push_back(record);
  }
  for (const dns::Record& key : keys) {
    constexpr unsigned kZoneKey = 0x0100;  // only such keys have a DS (RFC 4034 5.2)
    if ((dns::as_dnskey(key)->flags & kZoneKey) != 0)
      require(dns::ds_matches(dns::make_ds(key, 60), key), "a DS made of a key fits it");
    for (const dns::Record& digest : digests) dns::ds_matches(digest, key);
    for (const dns::Record& signature : signatures) {
      std::vector<dns::Record> covered;
      for (const dns::Record& record : records) {
        const bool fits =
            record.owner == signature.owner && record.type == dns::as_rrsig(signature)->covered;
        if (fits) covered.push_back(record);
      }
      constexpr double kNow = 1.8e9;
      if (!covered.empty()) dns::verify_signature(covered, signature, key, kNow);
    }
  }
}

inline void use(const dns::Message& message) {
  const std::vector<dns::Record> records = all_records(message);
  for (const dns::Record& record : records) use(record);
  verify(records);
  if (!message.edns) return;
  message.edns->nsid();
  message.edns->cookie();
  message.edns->extended_errors();
  message.edns->zone_version();
  message.edns->client_subnet();
}

}  // namespace dcv::fuzz
