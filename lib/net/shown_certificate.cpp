// Reads subject, issuer, names and the extension acmeIdentifier (RFC 8737 3) with OpenSSL.

#include "net/shown_certificate.h"

#include <openssl/x509v3.h>

#include <memory>

#include "dns/name.h"
#include "net/limits.h"

namespace dcv::net {
namespace {

constexpr const char* kAcmeIdentifier = "1.3.6.1.5.5.7.1.31";

std::string_view bytes_of(const ASN1_STRING* string) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(ASN1_STRING_length(string))};
}

std::string one_line(const X509_NAME* name) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
  X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_ONELINE);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  std::string line(text, size > 0 ? static_cast<std::size_t>(size) : 0);
  // OpenSSL has escaped what is not ASCII; a quote or backslash is its own.
  return line.size() > kCertificateText ? line.substr(0, kCertificateText) + "…" : line;
}

void read_names(const X509& certificate, observe::ShownCertificate& shown) {
  const auto free_names = [](GENERAL_NAMES* names) { GENERAL_NAMES_free(names); };
  const std::unique_ptr<GENERAL_NAMES, decltype(free_names)> names(
      static_cast<GENERAL_NAMES*>(
          X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)),
      free_names);
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS) {
      ++shown.other_names;
    } else if (shown.dns_names.size() < kCertificateNames) {
      shown.dns_names.push_back(dns::escape(bytes_of(name->d.dNSName).substr(0, 255), ""));
    }
  }
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

void read_acme_identifier(const X509& certificate, observe::ShownCertificate& shown) {
  const std::unique_ptr<ASN1_OBJECT, decltype(&ASN1_OBJECT_free)> wanted(
      OBJ_txt2obj(kAcmeIdentifier, 1), ASN1_OBJECT_free);
  const int at = X509_get_ext_by_OBJ(&certificate, wanted.get(), -1);
  if (at < 0) return;
  X509_EXTENSION* const extension = X509_get_ext(&certificate, at);
  shown.acme_identifier = true;
  shown.acme_critical = X509_EXTENSION_get_critical(extension) == 1;
  // An OCTET STRING of 32 bytes in DER, and nothing behind it.
  constexpr std::string_view kHeader = "\x04\x20";
  constexpr std::size_t kDigest = 32;
  const std::string_view value = bytes_of(X509_EXTENSION_get_data(extension));
  if (value.size() == kHeader.size() + kDigest && value.starts_with(kHeader))
    shown.acme_digest = hex(value.substr(kHeader.size()));
}

}  // namespace

std::optional<observe::ShownCertificate> shown_certificate(const SSL& connection) {
  const X509* const certificate = SSL_get0_peer_certificate(&connection);
  if (!certificate) return std::nullopt;
  const X509_NAME* const subject = X509_get_subject_name(certificate);
  const X509_NAME* const issuer = X509_get_issuer_name(certificate);
  observe::ShownCertificate shown;
  shown.subject = one_line(subject);
  shown.issuer = one_line(issuer);
  shown.self_signed = X509_NAME_cmp(subject, issuer) == 0;
  read_names(*certificate, shown);
  read_acme_identifier(*certificate, shown);
  return shown;
}

}  // namespace dcv::net
