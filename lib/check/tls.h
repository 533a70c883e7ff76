#pragma once
// The family "tls": will the CA find the certificate of tls-alpn-01 (RFC 8737). What the verdict
// asks of it comes first; the rest is private to the family.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "check/family.h"
#include "rules/front.h"

namespace dcv::check {

extern const Family kTlsFamily;

namespace tls {

inline constexpr std::string_view kProtocol = "acme-tls/1";

// No handshake with any address came to an end that says anything.
bool is_undecided(const Case& test);
bool is_for(const Case& test);
// Of the addresses that the CA may take, how many would satisfy it: 0 to 1. Between orders, when
// nothing is expected, 1.
double right_share(const Case& test);

// How a handshake ended for the CA.
enum class End {
  proof,         // a certificate as RFC 8737 wants it, and as expected
  wrong,         // acme-tls/1 with another certificate: `fault`
  not_selected,  // the server does not speak acme-tls/1
  old_version,   // nor TLS 1.2
  failed,        // no TLS at all
  unreachable,   // no connection
};

struct Shake {
  const observe::Handshake* handshake = nullptr;
  End end = End::unreachable;
  std::string fault;                    // of the certificate, as the end of a sentence
  const rules::Front* front = nullptr;  // whose network shows itself, when acme-tls/1 is not spoken
  std::string sign;                     // by what

  // Boulder goes on to IPv4 after these, as it got no certificate (va/tlsalpn.go).
  bool gave_nothing() const {
    return end == End::unreachable || end == End::failed || end == End::old_version;
  }
};
using Shakes = std::vector<Shake>;

// Those that say something, in the order of the observation.
Shakes shakes_of(const Case& test);

// Why there is no address at which a CA would look; empty when there is one, or may be.
std::string lack_of_addresses(const Case& test);

// What is wrong with the certificate; empty for nothing. Without expected digests any will do.
std::string certificate_fault(const Case& test, const observe::ShownCertificate& certificate);

Finding found(const Case& test, std::string_view id, std::map<std::string, std::string> arguments,
              const Shakes& shown);
std::string addresses_text(const Shakes& shakes);  // "45.90.29.81 and 2606:4700::5"

}  // namespace tls
}  // namespace dcv::check
