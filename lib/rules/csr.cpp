// Reads a CSR with OpenSSL.
#include "rules/csr.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>

#include "dns/ip.h"
#include "rules/csr_form.h"

namespace dcv::rules {
namespace {

struct FreeRequest {
  void operator()(X509_REQ* request) const { X509_REQ_free(request); }
};
struct FreeExtensions {
  void operator()(STACK_OF(X509_EXTENSION) * extensions) const {
    sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
  }
};
struct FreeNames {
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};
struct FreeBytes {
  void operator()(unsigned char* bytes) const { OPENSSL_free(bytes); }
};
using Request = std::unique_ptr<X509_REQ, FreeRequest>;
using Bytes = std::unique_ptr<unsigned char, FreeBytes>;

std::string hex_digest(std::string_view bytes, const EVP_MD* algorithm) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest, &size, algorithm, nullptr) != 1)
    throw std::runtime_error(
        "could not compute the digest of a CSR: OpenSSL refuses the algorithm");
  constexpr char kHex[] = "0123456789abcdef";
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    hex += kHex[digest[i] >> 4];
    hex += kHex[digest[i] & 15];
  }
  return hex;
}

// The bytes of a string of any ASN.1 type, as UTF-8 where the type says which characters they are.
std::string utf8(const ASN1_STRING* string) {
  unsigned char* bytes = nullptr;
  const int size = ASN1_STRING_to_UTF8(&bytes, string);
  const Bytes holder(bytes);
  return size < 0 ? std::string() : std::string(bytes, bytes + size);
}

std::string raw(const ASN1_STRING* string) {
  const unsigned char* bytes = ASN1_STRING_get0_data(string);
  return {bytes, bytes + ASN1_STRING_length(string)};
}

void add_name(Csr& csr, dns::Identifier name) {
  const bool known = std::ranges::count(csr.names, name.text, &dns::Identifier::text) > 0;
  if (!known) csr.names.push_back(std::move(name));
}

// A common name need not be a host name; it is then no name to certify.
void read_common_names(const X509_REQ* request, Csr& csr) {
  X509_NAME* const subject = X509_REQ_get_subject_name(request);
  for (int at = -1; (at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) >= 0;) {
    const std::string text = utf8(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    const Result<dns::Identifier> name = dns::parse_identifier(text);
    if (name) {
      add_name(csr, *name);
    } else {
      csr.ignored.push_back("the common name (" + name.error() + ")");
    }
  }
}

std::string address_text(const std::string& bytes) {
  std::array<std::uint8_t, 16> all{};
  if (bytes.size() != 4 && bytes.size() != all.size()) return "of a wrong length";
  std::ranges::copy(bytes, all.begin());
  if (bytes.size() == all.size()) return dns::IpAddress::v6(all).text();
  return dns::IpAddress::v4({all[0], all[1], all[2], all[3]}).text();
}

std::string other_name(const GENERAL_NAME& name) {
  if (name.type == GEN_EMAIL) return "the e-mail address " + dns::quoted(raw(name.d.rfc822Name));
  if (name.type == GEN_URI) return "the URI " + dns::quoted(raw(name.d.uniformResourceIdentifier));
  if (name.type != GEN_IPADD) return "a name of another kind";
  return "the IP address " + address_text(raw(name.d.iPAddress));
}

// Empty, or what is wrong with the alternative names.
std::string read_alternative_names(X509_REQ* request, Csr& csr) {
  const std::unique_ptr<STACK_OF(X509_EXTENSION), FreeExtensions> extensions(
      X509_REQ_get_extensions(request));
  int critical = 0;
  const std::unique_ptr<GENERAL_NAMES, FreeNames> names(static_cast<GENERAL_NAMES*>(
      X509V3_get_d2i(extensions.get(), NID_subject_alt_name, &critical, nullptr)));
  if (!names)
    return critical == -1 ? ""
                          : "the CSR's subject alternative names cannot be read or are there "
                            "twice";
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS) {
      csr.other_names.push_back(other_name(*name));
      csr.ignored.push_back(csr.other_names.back());
      continue;
    }
    Result<dns::Identifier> host = dns::parse_identifier(raw(name->d.dNSName));
    if (!host) return "a DNS name in the CSR cannot be certified: " + host.error();
    add_name(csr, std::move(host).value());
  }
  return "";
}

std::string without_names(const Csr& csr) {
  if (csr.ignored.empty())
    return "the CSR has no names: neither a common name nor subject alternative names";
  std::string passed_over;
  for (const std::string& each : csr.ignored)
    passed_over += (passed_over.empty() ? "" : ", ") + each;
  return "the CSR has no DNS names, only what DNS cannot show control of: " + passed_over;
}

std::string key_bytes(X509_REQ* request) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509_PUBKEY(X509_REQ_get_X509_PUBKEY(request), &bytes);
  const Bytes holder(bytes);
  return size < 0 ? std::string() : std::string(bytes, bytes + size);
}

Result<Csr> read(X509_REQ* request, std::string_view der) {
  EVP_PKEY* const key = X509_REQ_get0_pubkey(request);
  if (key == nullptr) return Error{"the CSR's public key cannot be read or is of no known kind"};
  if (X509_REQ_verify(request, key) != 1)
    return Error{"the CSR's signature does not fit its key and content: it was altered"};
  Csr csr;
  read_common_names(request, csr);
  if (std::string fault = read_alternative_names(request, csr); !fault.empty())
    return Error{std::move(fault)};
  if (csr.names.empty()) return Error{without_names(csr)};
  csr.md5 = hex_digest(der, EVP_md5());
  csr.sha256 = hex_digest(der, EVP_sha256());
  csr.key = hex_digest(key_bytes(request), EVP_sha256());
  return csr;
}

}  // namespace

Result<Csr> parse_csr(std::string_view bytes) {
  const Result<std::string> der = csr_der(bytes);
  if (!der) return Error{der.error()};
  const auto* const start = reinterpret_cast<const unsigned char*>(der->data());
  const unsigned char* end = start;
  const Request request(d2i_X509_REQ(nullptr, &end, static_cast<long>(der->size())));
  if (!request) return Error{not_a_csr(*der)};
  const auto size = static_cast<std::size_t>(end - start);
  Result<Csr> csr = read(request.get(), std::string_view(*der).substr(0, size));
  ERR_clear_error();
  return csr;
}

}  // namespace dcv::rules
