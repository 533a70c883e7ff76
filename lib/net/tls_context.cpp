// The settings of a TLS connection, as OpenSSL wants them.

#include "net/tls_context.h"

#include <algorithm>

namespace dcv::net {
namespace {

// With the length bytes of ALPN (RFC 7301).
std::string_view protocols(const observe::Endpoint& endpoint) {
  return endpoint.transport == observe::Transport::https ? "\x02h2"
                                                         : "\x03"
                                                           "dot";
}

}  // namespace

TlsContext::TlsContext() : context_(asio::ssl::context::tls_client) {
  SSL_CTX_set_min_proto_version(context_.native_handle(), TLS1_2_VERSION);
  context_.set_default_verify_paths();
  context_.set_verify_mode(asio::ssl::verify_peer);
}

bool TlsContext::prepare(SSL& connection, const observe::Endpoint& endpoint) {
  X509_VERIFY_PARAM* wanted = SSL_get0_param(&connection);
  X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  const Result<dns::IpAddress> literal = dns::IpAddress::parse(endpoint.host);
  const bool by_address = endpoint.host.empty() || literal;
  const dns::IpAddress address = literal ? *literal : endpoint.address;
  const int checked =
      by_address
          ? X509_VERIFY_PARAM_set1_ip(wanted, address.bytes().data(), address.is_v4() ? 4 : 16)
          : X509_VERIFY_PARAM_set1_host(wanted, endpoint.host.data(), endpoint.host.size());
  if (checked != 1) return false;
  if (!by_address) SSL_set_tlsext_host_name(&connection, endpoint.host.c_str());
  const std::string_view alpn = protocols(endpoint);
  SSL_set_alpn_protos(&connection, reinterpret_cast<const unsigned char*>(alpn.data()),
                      static_cast<unsigned>(alpn.size()));
  for (const auto& [whose, session] : sessions_) {
    if (whose == endpoint) SSL_set_session(&connection, session.get());
  }
  return true;
}

void TlsContext::remember(SSL& connection, const observe::Endpoint& endpoint) {
  // A copy: OpenSSL makes a session useless when its connection ends without a goodbye.
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
