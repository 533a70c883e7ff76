// Any bytes as a certificate signing request, PEM or DER.

#include "rules/csr.h"

#include "fuzz/input.h"

using namespace dcv;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Result<rules::Csr> csr = rules::parse_csr(fuzz::text_of(data, size));
  if (!csr) {
    fuzz::require(!csr.error().empty(), "a refusal has its reason");
    return 0;
  }
  fuzz::require(csr->md5.size() == 32 && csr->sha256.size() == 64 && csr->key.size() == 64,
                "digests are whole");
  return 0;
}
