#pragma once
// What the TLS connections of a run share: whom to trust, and sessions to resume. And the words for
// what goes wrong in a handshake.

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/asio_tls.h"
#include "observe/resolver.h"

namespace dcv::net {

// For what: that decides whom to trust and what ALPN offers.
enum class TlsUse {
  resolver,  // trusts whom the system trusts; DNS over TLS or HTTP/2
  web,       // as a CA fetches: any certificate, no ALPN
  acme,      // as a CA looks for tls-alpn-01 (RFC 8737): any certificate, acme-tls/1 only
};

class TlsContext {
 public:
  // SSL_CERT_FILE and SSL_CERT_DIR name others to trust than the system does, as everywhere.
  explicit TlsContext(TlsUse use = TlsUse::resolver);

  asio::ssl::context& native() { return context_; }
  // A new connection to `endpoint`: server name, the name that the certificate must have (the
  // address where no name is known), ALPN, and an earlier session. False if OpenSSL cannot look for
  // that name: it would take any.
  [[nodiscard]] bool prepare(SSL& connection, const observe::Endpoint& endpoint);
  // What ALPN offers there, in words.
  std::string_view offered(const observe::Endpoint& endpoint) const;
  // Keeps its session for the next connection to that resolver.
  void remember(SSL& connection, const observe::Endpoint& endpoint);

 private:
  struct FreeSession {
    void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
  };
  using Session = std::unique_ptr<SSL_SESSION, FreeSession>;

  const TlsUse use_;
  asio::ssl::context context_;
  std::vector<std::pair<observe::Endpoint, Session>> sessions_;  // one an endpoint
};

// What ALPN came to; empty when the server did not say.
std::string agreed_protocol(const SSL& connection);

// Why a certificate of the chain was not accepted; to be called while that is decided.
std::string certificate_fault(X509_STORE_CTX& verification, const observe::Endpoint& endpoint);
// Why else there is no TLS session; `offered` are the words for what ALPN offered.
std::string handshake_fault(const ErrorCode& error, const observe::Endpoint& endpoint,
                            std::string_view offered);
// The alert that the server sent, or that its version is worth; 0 for none.
int handshake_alert(const ErrorCode& error);

}  // namespace dcv::net
