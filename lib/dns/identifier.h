#pragma once
// What a user typed as the name to certify: host name or wildcard, IDN allowed. Turns slips such
// as a pasted URL into one clear sentence. Knows nothing of the network.

#include <string>
#include <string_view>

#include "dns/name.h"

namespace dcv::dns {

struct Identifier {
  std::string text;       // lower-case A-labels, no final dot, "*." kept: as a CA would print it
  Name name;              // without the "*."
  bool wildcard = false;  // "*." was in front
};

// Accepts host names with or without final dot, "*.host", U-labels (IDNA 2008 non-transitional,
// label by label so that a leading underscore survives). Errors name the slip: URL, spaces,
// e-mail or IP address, empty label, too long, underscore in a host name, a name that starts with
// _acme-challenge (the tools add that), only one label, "*" elsewhere than in front.
Result<Identifier> parse_identifier(std::string_view text);

// The owner of any records, asked as it is: as an identifier, but labels may have underscores, "*"
// is a label, and _acme-challenge in front is kept. Errors name the slip; a registry's name or a
// lone label is none.
Result<Name> parse_owner(std::string_view text);

// The host that the owner of a proof is about: without the labels in front that begin with "_".
Name host_of(const Name& owner);

// "_acme-challenge." + the identifier's name (RFC 8555 8.4).
Result<Name> acme_challenge_name(const Identifier& identifier);

}  // namespace dcv::dns
