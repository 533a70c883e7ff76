#pragma once
// What a CA would print for the words in which Unbound says why an answer failed validation.

#include <string_view>

namespace dcv::resolve {

// The extended DNS error (RFC 8914) that Unbound sends with such a reason, and Boulder prints.
int extended_error_of(std::string_view reason);

}  // namespace dcv::resolve
