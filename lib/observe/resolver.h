#pragma once
// Who a public resolver is and how it is reached. Plain values.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dns/ip.h"
#include "observe/exchange.h"

namespace dcv::observe {

// How one resolver is asked. `host` is the name that its certificate must have; `path` is the part
// of the URL behind it. Both are empty for UDP and TCP.
struct Endpoint {
  Transport transport = Transport::udp;  // udp falls back to TCP as always
  dns::IpAddress address;
  std::uint16_t port = 53;  // 53, 853 (TLS, RFC 7858), 443 (HTTPS, RFC 8484) unless told
  std::string host = {};
  std::string path = {};  // "/dns-query"
  bool post = false;      // HTTPS: POST instead of GET

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

// What is known of a resolver without asking it. Texts are empty where nothing is known.
struct Resolver {
  std::string operator_name;      // "Google"
  std::string service;            // "Google Public DNS"
  std::string country;            // ISO 3166 code; empty for anycast ones
  bool anycast = false;           // one address, many places
  std::string filtering;          // "none", or what it filters: "malware", "family", "ads", …
  std::string validates;          // DNSSEC: "yes", "no"
  std::string client_subnet;      // ECS (RFC 7871) to authorities: "yes", "no", "selective"
  std::string flush_page;         // URL where anyone may flush a name
  std::string twin;               // its address in the other family
  std::string instance;           // what id.server says there: "*" and an ending, as "*.pch.net"
  std::optional<double> ttl_cap;  // seconds; what it keeps at most of a positive answer
  std::optional<double> negative_cap;  // seconds; what it keeps at most of a negative answer
  bool system = false;                 // this machine's own, from resolv.conf

  friend bool operator==(const Resolver&, const Resolver&) = default;
};

// One resolver of the public eye in a run.
struct PublicResolver {
  Resolver resolver;
  Endpoint endpoint;
  std::vector<Exchange> identity;  // id.server CH TXT (RFC 4892), and what else tells who answers
};

// What one resolver showed of one target.
struct View {
  std::size_t resolver = 0;         // index into Observation::resolvers
  std::vector<Exchange> exchanges;  // Purpose::view first; see there
};

}  // namespace dcv::observe
