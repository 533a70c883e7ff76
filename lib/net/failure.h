#pragma once
// Why a question got no reply, in words that name the server.

#include <string>

#include "net/asio.h"
#include "observe/resolver.h"

namespace dcv::net {

struct Failure {
  observe::Outcome outcome = observe::Outcome::closed;
  std::string detail;  // one sentence
};

// "1.1.1.1 (port 853)"
std::string place(const observe::Endpoint& endpoint);

// This machine has no way there.
bool says_unreachable(const ErrorCode& error);
// What a connect that failed with `error` comes to.
observe::Outcome connect_outcome(const ErrorCode& error);

}  // namespace dcv::net
