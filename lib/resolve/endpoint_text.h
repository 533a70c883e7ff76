#pragma once
// How people write a resolver's address: with or without port, transport, name or URL. Pure.

#include <optional>
#include <string>
#include <string_view>

#include "dns/result.h"
#include "observe/resolver.h"

namespace dcv::resolve {

// An endpoint as written. Without an address the host has to be looked up.
struct WrittenEndpoint {
  observe::Transport transport = observe::Transport::udp;
  bool transport_given = false;  // false for a bare address
  std::optional<dns::IpAddress> address;
  std::uint16_t port = 53;  // that of the transport unless written
  std::string host, path;   // as in observe::Endpoint
  bool post = false;
};

// "1.1.1.1", "1.1.1.1:53", "2606:4700::1111", "[2606:4700::1111]:53", "udp://…", "tcp://…",
// "tls://1.1.1.1#one.one.one.one", "tls://one.one.one.one", "https://dns.google/dns-query", and the
// forms of dnsx: "udp:1.1.1.1:53", "tcp:…", "dot:…", "doh:https://…:post".
Result<WrittenEndpoint> parse_endpoint(std::string_view text);

}  // namespace dcv::resolve
