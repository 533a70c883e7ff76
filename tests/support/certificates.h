#pragma once
// Certificates made on the spot with OpenSSL: an authority, and what it or nobody signed.

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace dcv::testing {

struct FreeOpenssl {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeOpenssl>;
using Certificate = std::unique_ptr<X509, FreeOpenssl>;

struct Identity {
  Key key;
  Certificate certificate;
};

struct CertificateWish {
  std::string common_name;
  std::string alternative_names;  // "DNS:one.example,IP:127.0.0.1"; empty: none
  long valid_from = -3600;        // seconds from now
  long valid_until = 3600;
  bool authority = false;
  std::string acme_identifier = {};  // as OpenSSL configures: "critical,DER:04:20:…"; empty: none
};

inline void add_extension(X509* certificate, const char* kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_nconf(nullptr, &context, kind, value.c_str());
  if (!extension) throw std::runtime_error("certificate extension " + value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// Signed by `issuer`, or by itself.
inline Identity make_identity(const CertificateWish& wish, const Identity* issuer = nullptr) {
  static long serial = 1;
  Identity made{Key(EVP_EC_gen("P-256")), Certificate(X509_new())};
  X509* certificate = made.certificate.get();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), wish.valid_from);
  X509_gmtime_adj(X509_getm_notAfter(certificate), wish.valid_until);
  X509_set_pubkey(certificate, made.key.get());
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(wish.common_name.c_str()), -1,
                             -1, 0);
  X509_set_issuer_name(certificate,
                       issuer ? X509_get_subject_name(issuer->certificate.get()) : name);
  add_extension(certificate, "basicConstraints", wish.authority ? "CA:TRUE" : "CA:FALSE");
  if (!wish.alternative_names.empty()) {
    add_extension(certificate, "subjectAltName", wish.alternative_names);
  }
  if (!wish.acme_identifier.empty()) {
    add_extension(certificate, "1.3.6.1.5.5.7.1.31", wish.acme_identifier);
  }
  X509_sign(certificate, issuer ? issuer->key.get() : made.key.get(), EVP_sha256());
  return made;
}

// While it lives, only what this authority signed is trusted.
class TrustedAuthority {
 public:
  TrustedAuthority() : identity_(make_identity({"Test authority", "", -3600, 3600, true})) {
    std::string name = (std::filesystem::temp_directory_path() / "dcv-trust-XXXXXX").string();
    const int file = ::mkstemp(name.data());
    if (file < 0) throw std::runtime_error("no temporary file for certificates");
    path_ = name;
    std::FILE* out = ::fdopen(file, "w");
    PEM_write_X509(out, identity_.certificate.get());
    std::fclose(out);
    ::setenv("SSL_CERT_FILE", path_.c_str(), 1);
    ::setenv("SSL_CERT_DIR", "/nonexistent", 1);
  }
  TrustedAuthority(const TrustedAuthority&) = delete;
  TrustedAuthority& operator=(const TrustedAuthority&) = delete;
  ~TrustedAuthority() {
    ::unsetenv("SSL_CERT_FILE");
    ::unsetenv("SSL_CERT_DIR");
    std::filesystem::remove(path_);
  }

  Identity issue(const CertificateWish& wish) const { return make_identity(wish, &identity_); }

 private:
  Identity identity_;
  std::string path_;
};

}  // namespace dcv::testing
