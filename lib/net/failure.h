#pragma once
// Why a question got no reply, in words that name the server.

#include <string>

#include "net/asio.h"
#include "observe/observation.h"

namespace dcv::net {

struct Failure {
  observe::Outcome outcome = observe::Outcome::closed;
  std::string detail;          // one sentence
  bool in_good_order = false;  // closed: by a plain end, after all that was sent
  int alert = 0;               // of TLS (RFC 8446 6); 0: none
};

// "1.1.1.1 (port 853)"
std::string place(const observe::Endpoint& endpoint);

// Why the settings forbid to ask that address; empty when they do not.
std::string reason_not_to_ask(const dns::IpAddress& address, const observe::Settings& settings,
                              bool special_purpose_meant = false);

// This machine has no way there.
bool says_unreachable(const ErrorCode& error);
// What a connect that failed with `error` comes to.
observe::Outcome connect_outcome(const ErrorCode& error);

}  // namespace dcv::net
