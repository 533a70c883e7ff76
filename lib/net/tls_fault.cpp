// Why there is no TLS session, in words: of the certificate, and of the handshake.

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <string_view>

#include "net/failure.h"
#include "net/tls_context.h"

namespace dcv::net {
namespace {

constexpr std::size_t kNamesShown = 3;
constexpr std::size_t kNameShown = 80;  // bytes of one name: a certificate may say anything

std::string shown(std::string_view name) {
  std::string text = dns::escape(name.substr(0, kNameShown), "");
  return name.size() > kNameShown ? text + "…" : text;
}

std::string_view bytes_of(const ASN1_STRING* string) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(ASN1_STRING_length(string))};
}

std::string address_text(std::string_view bytes) {
  if (bytes.size() == 4) {
    std::array<std::uint8_t, 4> v4{};
    std::copy(bytes.begin(), bytes.end(), v4.begin());
    return dns::IpAddress::v4(v4).text();
  }
  if (bytes.size() != 16) return "an address of " + std::to_string(bytes.size()) + " bytes";
  std::array<std::uint8_t, 16> v6{};
  std::copy(bytes.begin(), bytes.end(), v6.begin());
  return dns::IpAddress::v6(v6).text();
}

std::string common_name(const X509_NAME* name) {
  const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  if (at < 0) return "";
  return shown(bytes_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at))));
}

// The names and addresses that a certificate is for.
std::vector<std::string> names_in(const X509& certificate) {
  std::vector<std::string> names;
  auto* list = static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(list); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(list, i);
    if (name->type == GEN_DNS) names.push_back(shown(bytes_of(name->d.dNSName)));
    if (name->type == GEN_IPADD) names.push_back(address_text(bytes_of(name->d.iPAddress)));
  }
  GENERAL_NAMES_free(list);
  const std::string common = common_name(X509_get_subject_name(&certificate));
  if (names.empty() && !common.empty()) names.push_back(common);
  return names;
}

std::string list_of(const std::vector<std::string>& names) {
  if (names.empty()) return "no name at all";
  std::string text = names.front();
  for (std::size_t i = 1; i < names.size() && i < kNamesShown; ++i) text += ", " + names[i];
  if (names.size() <= kNamesShown) return text;
  return text + " and " + std::to_string(names.size() - kNamesShown) + " more";
}

// "2026-03-01"
std::string day(const ASN1_TIME* time) {
  std::tm fields{};
  if (ASN1_TIME_to_tm(time, &fields) == 0) return "a day that cannot be read";
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d", &fields)};
}

// What is wrong with `certificate`, as the second half of a sentence.
std::string fault_text(int error, const X509& certificate, const observe::Endpoint& endpoint) {
  switch (error) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: {
      const std::string wanted = endpoint.host.empty() ? endpoint.address.text() : endpoint.host;
      return "is for " + list_of(names_in(certificate)) + ", not " + shown(wanted);
    }
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "expired on " + day(X509_get0_notAfter(&certificate));
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "is valid only from " + day(X509_get0_notBefore(&certificate)) + " on";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return "is signed by itself, not by a known authority";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
      const std::string issuer = common_name(X509_get_issuer_name(&certificate));
      return "is not signed by a known authority" + (issuer.empty() ? "" : ", but by " + issuer);
    }
    default:
      return std::string("is not accepted: ") + X509_verify_cert_error_string(error);
  }
}

}  // namespace

std::string certificate_fault(X509_STORE_CTX& verification, const observe::Endpoint& endpoint) {
  const int depth = X509_STORE_CTX_get_error_depth(&verification);
  const X509* certificate = X509_STORE_CTX_get_current_cert(&verification);
  if (!certificate) return place(endpoint) + " showed no certificate";
  // The issuer of a chain that ends nowhere is told of the server's certificate, too.
  const std::string whose = depth == 0 ? "the certificate of " : "a certificate in the chain of ";
  return whose + place(endpoint) + " " +
         fault_text(X509_STORE_CTX_get_error(&verification), *certificate, endpoint);
}

std::string handshake_fault(const ErrorCode& error, const observe::Endpoint& endpoint,
                            std::string_view offered) {
  const std::string server = place(endpoint);
  if (error.category() != asio::error::get_ssl_category()) {
    const bool plain_end = error == asio::error::eof || error == asio::ssl::error::stream_truncated;
    const std::string why = plain_end ? "" : " (" + error.message() + ")";
    return server + " closed the connection in the TLS handshake" + why;
  }
  switch (ERR_GET_REASON(static_cast<unsigned long>(error.value()))) {
    case SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL:
      return server + " refuses " + std::string(offered);
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
    case SSL_R_UNSUPPORTED_PROTOCOL:
      return server + " does not offer TLS 1.2 or newer";
    case SSL_R_TLSV1_UNRECOGNIZED_NAME:
      return server + " does not know the name " + shown(endpoint.host) + " (TLS server name)";
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_BAD_RECORD_TYPE:
      return server + " does not speak TLS";
    default:
      return "the TLS handshake with " + server + " failed: " + error.message();
  }
}

int handshake_alert(const ErrorCode& error) {
  if (error.category() != asio::error::get_ssl_category()) return 0;
  const int reason = ERR_GET_REASON(static_cast<unsigned long>(error.value()));
  if (reason == SSL_R_UNSUPPORTED_PROTOCOL) return SSL_AD_PROTOCOL_VERSION;
  return reason > SSL_AD_REASON_OFFSET && reason < 2 * SSL_AD_REASON_OFFSET
             ? reason - SSL_AD_REASON_OFFSET
             : 0;
}

}  // namespace dcv::net
