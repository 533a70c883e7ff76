// Certificates and TLS settings of the lab's web servers; see web_tls.h.

#include "lab/web_tls.h"

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

namespace dcv::lab {
namespace {

struct FreeOpenssl {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(ASN1_OBJECT* kind) const { ASN1_OBJECT_free(kind); }
  void operator()(ASN1_OCTET_STRING* bytes) const { ASN1_OCTET_STRING_free(bytes); }
};
template <typename T>
using Owned = std::unique_ptr<T, FreeOpenssl>;

constexpr const char* kAcmeIdentifier = "1.3.6.1.5.5.7.1.31";
constexpr long kLifetime = 86400;  // seconds

void add(X509* certificate, Owned<X509_EXTENSION> extension, const std::string& what) {
  if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1)
    throw std::runtime_error("no certificate with " + what + " can be made");
}

void add_names(X509* certificate, const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names)
    all += (all.empty() ? "" : ",") + (name.find(':') == std::string::npos ? "DNS:" + name : name);
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  add(certificate,
      Owned<X509_EXTENSION>(
          X509V3_EXT_conf_nid(nullptr, &context, NID_subject_alt_name, all.c_str())),
      "the names " + all);
}

// RFC 8737 3: an OCTET STRING, itself in the extension's OCTET STRING.
void add_acme(X509* certificate, const AcmeExtension& acme) {
  std::string value = "\x04";
  value += static_cast<char>(acme.digest.size());
  value += acme.digest;
  const Owned<ASN1_OCTET_STRING> bytes(ASN1_OCTET_STRING_new());
  ASN1_OCTET_STRING_set(bytes.get(), reinterpret_cast<const unsigned char*>(value.data()),
                        static_cast<int>(value.size()));
  const Owned<ASN1_OBJECT> kind(OBJ_txt2obj(kAcmeIdentifier, 1));
  add(certificate,
      Owned<X509_EXTENSION>(
          X509_EXTENSION_create_by_OBJ(nullptr, kind.get(), acme.critical ? 1 : 0, bytes.get())),
      "the extension acmeIdentifier");
}

void set_common_name(X509_NAME* name, const std::string& text) {
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(text.c_str()), -1, -1, 0);
}

Owned<X509> make_certificate(const WebTls& wish, EVP_PKEY* key) {
  static long serial = 0;
  Owned<X509> certificate(X509_new());
  X509* const made = certificate.get();
  X509_set_version(made, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(made), -kLifetime);
  X509_gmtime_adj(X509_getm_notAfter(made), kLifetime);
  X509_set_pubkey(made, key);
  set_common_name(X509_get_subject_name(made), wish.names.front());
  set_common_name(X509_get_issuer_name(made),
                  wish.issuer.empty() ? wish.names.front() : wish.issuer);
  add_names(made, wish.names);
  if (wish.acme) add_acme(made, *wish.acme);
  X509_sign(made, key, EVP_sha256());
  return certificate;
}

// Selects the first of the server's protocols that the client offers.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned size, void* argument) {
  const auto& wish = *static_cast<const WebTls*>(argument);
  for (const std::string& protocol : wish.alpn) {
    for (const unsigned char* at = offered; at < offered + size; at += 1 + *at) {
      if (protocol != std::string_view(reinterpret_cast<const char*>(at + 1), *at)) continue;
      *chosen = at + 1;
      *chosen_size = *at;
      return SSL_TLSEXT_ERR_OK;
    }
  }
  return wish.ignores_other_protocols ? SSL_TLSEXT_ERR_NOACK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

}  // namespace

WebIdentity::WebIdentity(WebTls wish)
    : wish_(std::move(wish)), context_(boost::asio::ssl::context::tls_server) {
  SSL_CTX* const native = context_.native_handle();
  const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
  const Owned<X509> certificate = make_certificate(wish_, key.get());
  if (SSL_CTX_use_certificate(native, certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(native, key.get()) != 1)
    throw std::runtime_error("no TLS server for " + wish_.names.front() + " can be made");
  if (wish_.only_old_versions) {
    // OpenSSL 3 has them at security level 0 alone.
    SSL_CTX_set_security_level(native, 0);
    SSL_CTX_set_min_proto_version(native, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(native, TLS1_1_VERSION);
  }
  if (!wish_.alpn.empty())
    SSL_CTX_set_alpn_select_cb(native, choose_protocol, const_cast<WebTls*>(&wish_));
}

}  // namespace dcv::lab
