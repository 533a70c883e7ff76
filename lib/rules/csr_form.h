#pragma once
// Private to lib/rules: finds the DER form of a CSR in a file's bytes, and says what else they are.

#include <string>
#include <string_view>

#include "dns/result.h"

namespace dcv::rules {

// The bytes that are to be a request in DER form: decoded from PEM, or the bytes themselves.
Result<std::string> csr_der(std::string_view bytes);

// What bytes in DER form are that turned out to be no request.
std::string not_a_csr(std::string_view der);

}  // namespace dcv::rules
