#pragma once
// Web servers of the lab as plain values, and which reply a request gets. Knows no sockets;
// docs/lab.md describes what can be written in a scenario.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dns/ip.h"

namespace dcv::lab {

enum class WebFault {
  none,
  drop,          // a black hole: no TCP handshake
  stall,         // takes all that comes and says nothing
  reset,         // a TCP reset
  close,         // the end of the connection without a word
  garbage,       // bytes that are no HTTP
  trickle,       // the reply's body comes a byte every fifth of a second, without end
  endless,       // a body without end, as fast as it is taken
  endless_head,  // header lines without end
  cut,           // the connection ends before the length that was announced
};

struct WebReply {
  int status = 200;
  std::map<std::string, std::string> headers = {};  // {host} and {path} are those of the request
  std::string body = {};
  WebFault fault = WebFault::none;
};

struct AcmeExtension {
  std::string digest;  // bytes
  bool critical = true;
};

// The certificate is made at the start.
struct WebTls {
  std::vector<std::string> names;  // "shop.example", or of another kind "IP:9.9.9.9"
  std::string issuer = {};         // common name; empty: self-signed
  std::optional<AcmeExtension> acme = {};
  std::vector<std::string> alpn = {};    // protocols that it selects, the best first
  bool ignores_other_protocols = false;  // false: an alert to clients that offer none of them
  bool only_old_versions = false;        // TLS 1.0 and 1.1
};

struct WebServer {
  std::vector<dns::IpAddress> addresses;
  std::uint16_t port = 80;
  std::optional<WebTls> tls = {};
  std::map<std::string, WebReply> replies = {};  // by "/path" or "host/path", prefixes end in "*"
  WebFault fault = WebFault::none;               // before any request is read
  int delay_ms = 0;                              // of each reply
};

// The reply to a request for this path (with or without query): an exact key before prefixes, the
// longest of these, one with the host before one without; 404 where none fits.
WebReply reply_for(const WebServer& server, std::string_view host, std::string_view path);

// Head and body as they go over the wire.
std::string reply_head(const WebReply& reply);

}  // namespace dcv::lab
