// CSRs made with `openssl req` (tests/rules/samples), whole, broken and mistaken. The expected
// digests are those of md5sum and sha256sum; tests/tools/csr.py compares with freshly made ones.
#include "rules/csr.h"

#include <fstream>
#include <iterator>

#include "support/catch.h"

using dcv::rules::parse_csr;

namespace {

std::string sample(const std::string& name) {
  std::ifstream file(DCV_SOURCE_DIR "/tests/rules/samples/" + name, std::ios::binary);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string fault(std::string_view bytes) {
  const auto csr = parse_csr(bytes);
  return csr ? "" : csr.error();
}

std::string with(std::string text, std::string_view old, std::string_view replacement) {
  const std::size_t at = text.find(old);
  REQUIRE(at != std::string::npos);
  return text.replace(at, old.size(), replacement);
}

void check_shop(std::string_view bytes) {
  const auto csr = parse_csr(bytes);
  REQUIRE(csr);
  std::vector<std::string> names;
  for (const auto& name : csr->names) names.push_back(name.text);
  CHECK(names == std::vector<std::string>{"shop.example", "*.shop.example", "app.shop.example"});
  CHECK(csr->names[1].wildcard);
  CHECK(csr->ignored == std::vector<std::string>{"the IP address 192.0.2.1",
                                                 "the IP address 2001:db8::1",
                                                 "the e-mail address \"a@shop.example\"",
                                                 "the URI \"https://shop.example/\""});
  CHECK(csr->md5 == "72ce5bef9e2dbae2914996ae7d8d578b");
  CHECK(csr->sha256 == "51b828d3bbdcc076d5dffee09a5ba9b2722a76c0c23fd1ab2305b5e7e9e39ce1");
  CHECK(csr->key == "7eb252fd94174fc628edf1cfdc3e3efd9085f7527a63e3a965444a13652388d6");
}

}  // namespace

TEST_CASE(
    "a CSR gives its names once each, the common name first, and the digests of its DER form") {
  check_shop(sample("shop.csr"));
  check_shop(sample("shop.der"));
}

TEST_CASE("a CSR in PEM may have text before it, old headers and the line ends of any system") {
  const std::string pem = sample("shop.csr");
  check_shop("Certificate Request:\n    Subject: CN = shop.example\n" + pem);
  check_shop(sample("certificate.pem") + pem);
  std::string old = with(pem, "BEGIN CERTIFICATE", "BEGIN NEW CERTIFICATE");
  check_shop(with(old, "END CERTIFICATE", "END NEW CERTIFICATE"));
  std::string windows;
  for (const char c : pem) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  check_shop(windows);
}

TEST_CASE("bytes after a request in DER form do not count") {
  check_shop(sample("shop.der") + "\n");
}

TEST_CASE("a file that is no CSR is called what it is") {
  const std::string no_csr = ", not a certificate signing request (CSR)";
  CHECK(fault("") == "the CSR is empty");
  CHECK(fault(" \r\n\n") == "the CSR is empty");
  CHECK(fault("hello") ==
        "this is not a certificate signing request (CSR), neither in PEM nor in DER");
  CHECK(fault(sample("certificate.pem")) == "this is a certificate" + no_csr);
  CHECK(fault(sample("certificate.der")) == "this is a certificate" + no_csr);
  CHECK(fault(sample("public-key.der")) == "this is a public key" + no_csr);
  CHECK(fault("-----BEGIN PUBLIC KEY-----\nMA==\n-----END PUBLIC KEY-----\n") ==
        "this is a public key" + no_csr);
  for (const std::string kind : {"", "RSA ", "EC ", "ENCRYPTED "}) {
    CHECK(fault("-----BEGIN " + kind + "PRIVATE KEY-----\nMA==\n-----END " + kind +
                "PRIVATE KEY-----\n") == "this is a private key (keep it secret)" + no_csr);
  }
  CHECK(fault("-----BEGIN PKCS7-----\nMA==\n-----END PKCS7-----\n") ==
        "this is not a certificate signing request (CSR) but PEM with \"PKCS7\"");
  CHECK(fault("0") ==
        "this is not a certificate signing request (CSR): its DER form cannot be read");
}

TEST_CASE("a broken CSR says where it is broken") {
  const std::string pem = sample("shop.csr");
  const std::string broken = "the CSR's PEM form is broken: ";
  CHECK(fault(with(pem, "MIIBbjCC", "MII!bjCC")) ==
        broken + "what stands between BEGIN and END is not base64");
  CHECK(fault(pem.substr(0, pem.find("-----END"))) ==
        broken + "the END line is missing or is not that of the BEGIN line");
  CHECK(fault(with(pem, "-----END CERTIFICATE REQUEST", "-----END CERTIFICATE")) ==
        broken + "the END line is missing or is not that of the BEGIN line");
  const std::string der = sample("shop.der");
  CHECK(fault(der.substr(0, 200)) ==
        "this is not a certificate signing request (CSR): its DER form cannot be read");
  CHECK(fault(with(der, "*.shop.example", "x.shop.example")) ==
        "the CSR's signature does not fit its key and content: it was altered");
}

TEST_CASE("every cut and every altered byte of a CSR is refused, and none crashes") {
  const std::string der = sample("shop.der");
  for (std::size_t size = 0; size < der.size(); ++size) CHECK_FALSE(parse_csr(der.substr(0, size)));
  for (std::size_t at = 0; at < der.size(); ++at) {
    std::string altered = der;
    altered[at] = static_cast<char>(altered[at] ^ 0x41);
    CHECK_FALSE(parse_csr(altered));
  }
}

TEST_CASE("a CSR larger than the limit is not read") {
  const std::string large = sample("shop.csr") + std::string(dcv::rules::kLargestCsr, '\n');
  CHECK(fault(large) == "this is too large for a CSR: " + std::to_string(large.size()) +
                            " bytes, at most 65536 are read");
}

TEST_CASE("a CSR without a DNS name says what it has instead") {
  CHECK(fault(sample("nameless.csr")) ==
        "the CSR has no names: neither a common name nor subject alternative names");
  const std::string only = "the CSR has no DNS names, only what DNS cannot show control of: ";
  CHECK(fault(sample("common-name.csr")) ==
        only + "the common name (\"My Shop\" has a space in it)");
  CHECK(fault(sample("address.csr")) ==
        only + "the common name (\"My Shop\" has a space in it), the IP address 192.0.2.1");
  CHECK(fault(sample("underscore.csr")) ==
        "a DNS name in the CSR cannot be certified: \"my_host.shop.example\" has an underscore, "
        "which host names in certificates cannot have");
}
