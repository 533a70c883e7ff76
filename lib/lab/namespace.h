#pragma once
// A network of our own: a namespace in which every address is local, so that nothing can leave.

#include <stdexcept>

#include "dns/ip.h"

namespace dcv::lab {

// The kernel does not let this user have a network namespace; the message says how to get one.
struct NoNamespace : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Moves this process, which must have one thread, into a fresh network namespace (and a user
// namespace, unless it is root already). Throws NoNamespace, or std::runtime_error.
void enter_own_network(bool ipv6);

// Whether what is sent to the address stays on this machine.
bool is_local(const dns::IpAddress& address);

}  // namespace dcv::lab
