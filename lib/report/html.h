#pragma once
// The style sheet of HTML reports and its digest, which the page's content security policy allows.

#include <string_view>

namespace dcv::report {

extern const std::string_view kStyleSheet;
extern const std::string_view kStyleDigest;  // SHA-256 of kStyleSheet, base64

}  // namespace dcv::report
