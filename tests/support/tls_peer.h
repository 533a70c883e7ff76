#pragma once
// The server's side of TLS on a connection of the hostile server, with OpenSSL alone and blocking.

#include <openssl/ssl.h>

#include <csignal>
#include <memory>
#include <string>
#include <string_view>

#include "support/certificates.h"
#include "support/hostile_server.h"

namespace dcv::testing {

// What TLS servers share between their connections.
class TlsSettings {
 public:
  // `protocol` is the one that ALPN agrees on where the client offers it; an empty one: no ALPN.
  // `insist` ends the handshake where the client does not offer it.
  TlsSettings(const Identity& identity, std::string protocol, bool insist = false)
      : protocol_(std::move(protocol)),
        insist_(insist),
        context_(SSL_CTX_new(TLS_server_method()), SSL_CTX_free) {
    SSL_CTX_use_certificate(context_.get(), identity.certificate.get());
    SSL_CTX_use_PrivateKey(context_.get(), identity.key.get());
    if (!protocol_.empty()) SSL_CTX_set_alpn_select_cb(context_.get(), choose, this);
  }
  TlsSettings(const TlsSettings&) = delete;
  TlsSettings& operator=(const TlsSettings&) = delete;

  SSL_CTX* native() const { return context_.get(); }

 private:
  static int choose(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned size, void* self) {
    const auto& settings = *static_cast<const TlsSettings*>(self);
    const unsigned char* const end = offered + size;
    for (; offered < end; offered += 1 + *offered) {
      if (settings.protocol_ !=
          std::string_view(reinterpret_cast<const char*>(offered + 1), *offered)) {
        continue;
      }
      *chosen = offered + 1;
      *chosen_size = *offered;
      return SSL_TLSEXT_ERR_OK;
    }
    return settings.insist_ ? SSL_TLSEXT_ERR_ALERT_FATAL : SSL_TLSEXT_ERR_NOACK;
  }

  const std::string protocol_;
  const bool insist_;
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
};

class TlsPeer {
 public:
  // Shakes hands; see open().
  TlsPeer(const TlsSettings& settings, const Connection& client)
      : tls_(SSL_new(settings.native()), SSL_free) {
    ::signal(SIGPIPE, SIG_IGN);  // OpenSSL's writes to a client that is gone raise it
    SSL_set_fd(tls_.get(), client.number());
    open_ = SSL_accept(tls_.get()) == 1;
  }
  bool open() const { return open_; }
  bool resumed() const { return SSL_session_reused(tls_.get()) == 1; }
  std::string server_name() const {
    const char* name = SSL_get_servername(tls_.get(), TLSEXT_NAMETYPE_host_name);
    return name ? name : "";
  }
  // What has come, at least one byte; empty when the client is gone.
  std::string read_some() {
    std::string bytes(16384, '\0');
    const int got = open_ ? SSL_read(tls_.get(), bytes.data(), static_cast<int>(bytes.size())) : 0;
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
  }
  // The next query without its length bytes; empty when the client is gone.
  std::string read_query() {
    while (incoming_.size() < 2 || incoming_.size() < 2 + size()) {
      const std::string more = read_some();
      if (more.empty()) return {};
      incoming_ += more;
    }
    const std::string query = incoming_.substr(2, size());
    incoming_.erase(0, 2 + query.size());
    return query;
  }
  bool send(std::string_view bytes) {
    return open_ && SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
  }
  // Ends its own side and waits for the client's: an end at once would be a reset.
  void hang_up() {
    ::shutdown(SSL_get_fd(tls_.get()), SHUT_WR);
    while (!read_some().empty()) continue;
  }
  // True when the client's last word was TLS's goodbye.
  bool said_goodbye() const { return (SSL_get_shutdown(tls_.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }

 private:
  std::size_t size() const {
    return static_cast<std::size_t>(static_cast<unsigned char>(incoming_[0]) << 8 |
                                    static_cast<unsigned char>(incoming_[1]));
  }
  const std::unique_ptr<SSL, decltype(&SSL_free)> tls_;
  bool open_ = false;
  std::string incoming_;
};

}  // namespace dcv::testing
