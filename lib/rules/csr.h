#pragma once
// A certificate signing request (CSR, PKCS #10, RFC 2986): whom it is for and what CAs compute from
// it. Knows no CA.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dns/identifier.h"
#include "dns/result.h"

namespace dcv::rules {

// The largest request read. RSA with 16384 bits and a hundred names need a tenth of it; what is
// larger is another kind of file.
inline constexpr std::size_t kLargestCsr = 65536;

struct Csr {
  // The subject's common names, then the DNS names of the subject alternative name extension; each
  // once, wildcards included.
  std::vector<dns::Identifier> names;
  // What was passed over, in words: "the IP address 192.0.2.1", "the e-mail address …", "the common
  // name … (no host name)".
  std::vector<std::string> ignored;
  std::vector<std::string> other_names;  // those of them that are to be certified
  std::string md5, sha256;               // of the DER form; hex in lower case
  std::string key;                       // SHA-256 of the SubjectPublicKeyInfo; hex in lower case
};

// PEM, with any text before it, or DER. The request's own signature is verified. Errors are whole
// sentences that say what the bytes are instead, where that can be known.
Result<Csr> parse_csr(std::string_view bytes);

}  // namespace dcv::rules
