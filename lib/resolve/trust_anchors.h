#pragma once
// Where trust begins: the keys of the root (RFC 4033 2, RFC 7958).

#include <string>
#include <vector>

#include "dns/record.h"

namespace dcv::resolve {

// DS records of the root's key-signing keys: KSK-2017 (20326) and KSK-2024 (38696).
std::vector<dns::Record> builtin_trust_anchors();

// DS or DNSKEY lines in zone-file format; none at all means that nothing is validated. An error
// names the line, or what is no key of the root.
Result<std::vector<dns::Record>> parse_trust_anchors(const std::string& text);

}  // namespace dcv::resolve
