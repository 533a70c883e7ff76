// Certificate, key, and whose clients may come.
#include "http_tls.h"

#include <openssl/ssl.h>

#include <boost/asio/ssl/error.hpp>
#include <stdexcept>

namespace dcv::probes {
namespace {

namespace ssl = boost::asio::ssl;

template <typename Load>
void load(const std::string& file, Load use) {
  boost::system::error_code error;
  use(file, error);
  if (error) throw std::runtime_error(file + ": " + error.message());
}

}  // namespace

std::shared_ptr<ssl::context> make_tls_context(const WebTlsSettings& settings) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* const native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, settings.only_tls13 ? TLS1_3_VERSION : TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION);
  load(settings.certificate, [&](const std::string& file, auto& error) {
    context->use_certificate_chain_file(file, error);
  });
  load(settings.key, [&](const std::string& file, auto& error) {
    context->use_private_key_file(file, ssl::context::pem, error);
  });
  if (SSL_CTX_check_private_key(native) != 1)
    throw std::runtime_error(settings.key + ": not the key of " + settings.certificate);
  if (settings.client_authorities.empty()) return context;
  load(settings.client_authorities,
       [&](const std::string& file, auto& error) { context->load_verify_file(file, error); });
  context->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
  constexpr unsigned char kContext[] = "dcv-exporter";
  SSL_CTX_set_session_id_context(native, kContext, sizeof kContext - 1);
  return context;
}

}  // namespace dcv::probes
