#pragma once
// Where a CA looks for the proof: names and types of records. Pure.

#include <string>
#include <vector>

#include "dns/identifier.h"
#include "dns/message.h"
#include "observe/ca_profile.h"
#include "rules/method.h"

namespace dcv::rules {

// What has to be known to tell the places.
struct Quest {
  dns::Identifier identifier;
  Method method = Method::dns_01;
  observe::CaProfile profile;    // whose places for tokens these are
  std::string account_uri = {};  // of dns-account-01
  std::string owner = {};        // where the CA told to publish; empty: by its rules
};

// At least one, the one to publish at first. For http-01, http-file and tls-alpn-01 the addresses
// of the name, A before AAAA; for email the mail exchangers and contacts. Errors: no account URI
// for dns-account-01; a CA without known places and no owner; a name that would be too long.
Result<std::vector<dns::Question>> places_of(const Quest& quest);

// The names that may stand for `name` (authorization domain names, BR 1.6.1): itself and every name
// above it down to the registrable domain.
std::vector<dns::Name> authorization_names(const dns::Name& name);

}  // namespace dcv::rules
