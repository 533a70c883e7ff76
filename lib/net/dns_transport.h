#pragma once
// The real transport: UDP with retries, EDNS and its fall-back, 0x20, cookies, TCP on truncation
// and after UDP silence. One thread; owns its event loop.

#include <cstdint>
#include <memory>

#include "net/transport.h"

namespace dcv::net {

// A transport for one run, whose clock starts now. Only settings' time-outs, families and
// allow_private are read: an address of a family not wanted, or of special purpose while
// allow_private is off, is Outcome::not_asked with the reason.
// Servers are asked on `port`; another one than 53 is for tests.
std::unique_ptr<Transport> make_dns_transport(const observe::Settings& settings,
                                              std::uint16_t port = 53);

}  // namespace dcv::net
