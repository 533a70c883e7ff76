#pragma once
// 0x20: the letters of the question in random case, so that a forged reply must guess it, and the
// check of how they came back. Free of sockets.

#include <string_view>

#include "dns/message.h"
#include "dns/name.h"
#include "observe/exchange.h"

namespace dcv::net {

// Bit n of `bits` (read round and round) says whether the nth letter becomes upper case.
// `bits` must not be empty.
dns::Name mix_case(const dns::Name& name, std::string_view bits);
// The same with random bits.
dns::Name mix_case(const dns::Name& name);

// Unknown when the reply has no question, or when `sent` has no upper-case letter to lose.
observe::CaseSupport letter_case(const dns::Question& sent, const dns::Message& reply);

}  // namespace dcv::net
