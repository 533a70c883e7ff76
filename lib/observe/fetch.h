#pragma once
// What web servers and mail exchangers were seen to do: one HTTP request to one address, one TLS
// handshake with one address. Plain values.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dns/ip.h"
#include "dns/name.h"
#include "observe/exchange.h"

namespace dcv::observe {

// One HTTP request to one address. Redirects are fetches of their own, with `hop` one higher.
struct Fetch {
  std::string url;  // as asked for, without fragment: "http://app.shop.example/.well-known/…"
  dns::Name host;
  dns::IpAddress address;
  std::uint16_t port = 80;
  bool tls = false;
  int hop = 0;                                // redirects followed to get here
  std::optional<std::size_t> came_from = {};  // index of the fetch that redirected here
  double sent_at = 0;                         // seconds since the start of the run
  double duration = 0;                        // seconds until the outcome was known
  bool connected = false;                     // the TCP connection stood
  Outcome outcome = Outcome::not_asked;       // reply: a whole HTTP head, and the body to its
                                              // end or to the limit
  std::string detail = {};                    // one sentence for outcomes other than reply
  int status = 0;                             // of the HTTP reply
  std::string location = {};                  // the header's value, as sent
  std::string server = {};                    // the header's value
  std::string content_type = {};              // the header's value
  std::string body = {};                      // bytes, at most kWebBody
  bool body_cut = false;                      // there was more

  friend bool operator==(const Fetch&, const Fetch&) = default;
};

// The certificate that a server showed, as far as tls-alpn-01 cares (RFC 8737 3).
struct ShownCertificate {
  std::string subject;                 // one line
  std::string issuer;                  // one line
  bool self_signed = false;            // issuer and subject are the same
  std::vector<std::string> dns_names;  // of the subject alternative name extension
  std::size_t other_names = 0;         // of other kinds in it
  bool acme_identifier = false;        // the extension 1.3.6.1.5.5.7.1.31 is there
  bool acme_critical = false;          // and critical
  std::string acme_digest = {};        // hex of its 32 octets; empty when it is malformed

  friend bool operator==(const ShownCertificate&, const ShownCertificate&) = default;
};

// One TLS handshake that offers the protocol acme-tls/1 and nothing else (RFC 8737 3).
struct Handshake {
  dns::Name host;
  dns::IpAddress address;
  std::uint16_t port = 443;
  double sent_at = 0;   // seconds since the start of the run
  double duration = 0;  // seconds until the outcome was known
  bool connected = false;
  Outcome outcome = Outcome::not_asked;  // reply: the handshake was completed
  std::string detail = {};               // one sentence for outcomes other than reply
  int alert = 0;  // by which the server, or the version it wanted, ended it (RFC 8446 6.2): 120 is
                  // no_application_protocol, 70 protocol_version; 0: none
  std::string tls_version = {};  // "TLSv1.3"
  std::string protocol = {};     // that the server selected by ALPN; empty: none
  std::optional<ShownCertificate> certificate = {};

  friend bool operator==(const Handshake&, const Handshake&) = default;
};

}  // namespace dcv::observe
