#pragma once
// The part of an observation that one target depends on: its probed zones and what was asked there.

#include <optional>
#include <vector>

#include "check/family.h"

namespace dcv::check {

// The probed zones of every step's path, each once, in the order met.
std::vector<const observe::Zone*> path_zones(const Case& test);

// Everything asked of servers of these zones as such, in the order sent; IPv6 left out when it does
// not work here (ipv6_works), and what was not asked at all.
std::vector<const observe::Exchange*> path_exchanges(const Case& test);

// False when nothing at all ever came back over IPv6, though the same servers answer over IPv4 or
// the system found no way: this machine's network lacks it, so the silence blames no server.
bool ipv6_works(const observe::Observation& observation);

// The DNAME in a reply that makes a name longer than names may be of the one asked for: YXDOMAIN
// (RFC 6672 2.2). The server serves the zone all the same.
std::optional<dns::Record> overlong_dname(const observe::Exchange& exchange);

}  // namespace dcv::check
