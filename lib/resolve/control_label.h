#pragma once
// A label that nobody has published on purpose.

#include <string>

namespace dcv::resolve {

// "_dcv-" and eight random letters and digits: what a zone answers for a sibling that does not
// exist tells whether a wildcard is at work.
std::string random_label();

}  // namespace dcv::resolve
