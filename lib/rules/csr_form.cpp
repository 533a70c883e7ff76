// PEM around a CSR, and the files that are given by mistake.
#include "rules/csr_form.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

#include "dns/name.h"
#include "rules/csr.h"

namespace dcv::rules {
namespace {

constexpr std::string_view kPemStart = "-----BEGIN ";
constexpr std::string_view kNoCsr = "this is not a certificate signing request (CSR)";

template <auto function>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    function(object);
  }
};
void free_bytes(unsigned char* bytes) {
  OPENSSL_free(bytes);
}
using Bio = std::unique_ptr<BIO, Free<BIO_free>>;
using Bytes = std::unique_ptr<unsigned char, Free<free_bytes>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;

// The word in the first PEM header: "CERTIFICATE".
std::string pem_label(std::string_view bytes) {
  const std::size_t start = bytes.find(kPemStart) + kPemStart.size();
  const std::size_t end = bytes.find("-----", start);
  return std::string(bytes.substr(start, end == std::string_view::npos ? 40 : end - start));
}

std::string instead(std::string_view what) {
  return std::string("this is ").append(what).append(", not a certificate signing request (CSR)");
}

// What a PEM file without a request in it is.
std::string other_pem(const std::string& label) {
  if (label.ends_with("PRIVATE KEY")) return instead("a private key (keep it secret)");
  if (label == "PUBLIC KEY") return instead("a public key");
  if (label.ends_with("CERTIFICATE")) return instead("a certificate");
  return std::string(kNoCsr) + " but PEM with " + dns::quoted(label);
}

std::string broken_pem(unsigned long error) {
  const std::string csr = "the CSR's PEM form is broken: ";
  switch (ERR_GET_REASON(error)) {
    case PEM_R_BAD_BASE64_DECODE:
      return csr + "what stands between BEGIN and END is not base64";
    case PEM_R_BAD_END_LINE:
      return csr + "the END line is missing or is not that of the BEGIN line";
    default:
      return csr + "it may have been cut when it was copied";
  }
}

}  // namespace

Result<std::string> csr_der(std::string_view bytes) {
  if (bytes.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return Error{"the CSR is empty"};
  if (bytes.size() > kLargestCsr)
    return Error{"this is too large for a CSR: " + std::to_string(bytes.size()) +
                 " bytes, at most " + std::to_string(kLargestCsr) + " are read"};
  if (bytes.find(kPemStart) == std::string_view::npos) {
    if (bytes.front() != '\x30') return Error{std::string(kNoCsr) + ", neither in PEM nor in DER"};
    return std::string(bytes);
  }
  const Bio in(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
  unsigned char* found = nullptr;
  long size = 0;
  ERR_clear_error();
  const int ok =
      PEM_bytes_read_bio(&found, &size, nullptr, PEM_STRING_X509_REQ, in.get(), nullptr, nullptr);
  const Bytes holder(found);
  const unsigned long error = ERR_peek_last_error();
  ERR_clear_error();
  if (ok == 1) return std::string(found, found + size);
  if (ERR_GET_REASON(error) == PEM_R_NO_START_LINE) return Error{other_pem(pem_label(bytes))};
  return Error{broken_pem(error)};
}

std::string not_a_csr(std::string_view der) {
  const auto* const start = reinterpret_cast<const unsigned char*>(der.data());
  const long size = static_cast<long>(der.size());
  const unsigned char* at = start;
  std::string found = std::string(kNoCsr) + ": its DER form cannot be read";
  if (const Certificate certificate(d2i_X509(nullptr, &at, size)); certificate)
    found = instead("a certificate");
  if (const Key key(d2i_AutoPrivateKey(nullptr, &(at = start), size)); key)
    found = instead("a private key (keep it secret)");
  if (const Key key(d2i_PUBKEY(nullptr, &(at = start), size)); key) found = instead("a public key");
  ERR_clear_error();
  return found;
}

}  // namespace dcv::rules
