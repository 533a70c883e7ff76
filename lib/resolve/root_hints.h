#pragma once
// Where every walk starts: the root servers (RFC 9609).

#include <string>
#include <vector>

#include "dns/result.h"
#include "observe/observation.h"

namespace dcv::resolve {

// The 13 root servers with IPv4 and IPv6 addresses, as published 2023-11-27 (b.root moved).
std::vector<observe::NameServer> builtin_root_hints();

// A file in the format of named.root; an error names the line or says that no usable server is in
// it.
Result<std::vector<observe::NameServer>> parse_root_hints(const std::string& text);

}  // namespace dcv::resolve
