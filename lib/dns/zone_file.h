#pragma once
// Zone files in master format (RFC 1035 5), read and written.

#include <cstddef>
#include <string>
#include <vector>

#include "dns/record.h"

namespace dcv::dns {

// Characters; ldns has no room for more. Only escapes make a name so long.
inline constexpr std::size_t kLongestOwner = 254;

// Reads a whole zone file. `origin` is the zone's apex and the first $ORIGIN; the default TTL is
// 3600 until $TTL says otherwise. An error names the line. $INCLUDE is refused, and so is an owner
// whose text is longer than kLongestOwner.
Result<std::vector<Record>> parse_zone(const std::string& text, const Name& origin);

// One record line in zone-file form, absolute or relative to `origin`.
Result<Record> parse_record(const std::string& line, const Name& origin);

}  // namespace dcv::dns
