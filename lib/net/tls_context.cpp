// The settings of a TLS connection, as OpenSSL wants them.

#include "net/tls_context.h"

#include <algorithm>
#include <optional>

namespace dcv::net {
namespace {

struct Offer {
  std::string_view protocols;  // with the length bytes of ALPN (RFC 7301)
  std::string_view words;
};

Offer offer(TlsUse use, observe::Transport transport) {
  if (use == TlsUse::web) return {"", "a connection without ALPN"};
  if (use == TlsUse::acme)
    return {
        "\x0a"
        "acme-tls/1",
        "tls-alpn-01 (ALPN acme-tls/1)"};
  if (transport == observe::Transport::https) return {"\x02h2", "HTTP/2 (ALPN h2)"};
  return {
      "\x03"
      "dot",
      "DNS over TLS (ALPN dot)"};
}

// The address that a host is written as, as in URLs.
std::optional<dns::IpAddress> literal_in(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const Result<dns::IpAddress> literal = dns::IpAddress::parse(host);
  return literal ? std::optional(*literal) : std::nullopt;
}

}  // namespace

TlsContext::TlsContext(TlsUse use) : use_(use), context_(asio::ssl::context::tls_client) {
  SSL_CTX_set_min_proto_version(context_.native_handle(), TLS1_2_VERSION);
  if (use != TlsUse::resolver) {
    // Keys and signatures that OpenSSL of this machine finds weak, CAs take: RSA of 1024 bits.
    SSL_CTX_set_security_level(context_.native_handle(), 1);
    context_.set_verify_mode(asio::ssl::verify_none);
    return;
  }
  context_.set_default_verify_paths();
  context_.set_verify_mode(asio::ssl::verify_peer);
}

bool TlsContext::prepare(SSL& connection, const observe::Endpoint& endpoint) {
  X509_VERIFY_PARAM* wanted = SSL_get0_param(&connection);
  X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  const std::optional<dns::IpAddress> literal = literal_in(endpoint.host);
  const bool by_address = endpoint.host.empty() || literal;
  const dns::IpAddress address = literal ? *literal : endpoint.address;
  const int checked =
      by_address
          ? X509_VERIFY_PARAM_set1_ip(wanted, address.bytes().data(), address.is_v4() ? 4 : 16)
          : X509_VERIFY_PARAM_set1_host(wanted, endpoint.host.data(), endpoint.host.size());
  if (checked != 1 && use_ == TlsUse::resolver) return false;
  if (!by_address) SSL_set_tlsext_host_name(&connection, endpoint.host.c_str());
  const std::string_view alpn = offer(use_, endpoint.transport).protocols;
  if (!alpn.empty())
    SSL_set_alpn_protos(&connection, reinterpret_cast<const unsigned char*>(alpn.data()),
                        static_cast<unsigned>(alpn.size()));
  for (const auto& [whose, session] : sessions_) {
    if (whose == endpoint) SSL_set_session(&connection, session.get());
  }
  return true;
}

std::string_view TlsContext::offered(const observe::Endpoint& endpoint) const {
  return offer(use_, endpoint.transport).words;
}

void TlsContext::remember(SSL& connection, const observe::Endpoint& endpoint) {
  // A copy: OpenSSL makes a session useless when its connection ends without a goodbye.
  if (use_ != TlsUse::resolver) return;
  const SSL_SESSION* current = SSL_get0_session(&connection);
  if (!current || SSL_SESSION_is_resumable(current) == 0) return;
  std::erase_if(sessions_, [&](const auto& kept) { return kept.first == endpoint; });
  sessions_.emplace_back(endpoint, SSL_SESSION_dup(current));
}

std::string agreed_protocol(const SSL& connection) {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(&connection, &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

}  // namespace dcv::net
