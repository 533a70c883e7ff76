#pragma once
// The public suffix list (libpsl), used only as a hint: how much of a name to disclose to
// registries, and where the registrant's own zones begin. Never used to find zone cuts.

#include "dns/name.h"

namespace dcv::dns {

// The shortest ancestor-or-self of `name` that a registrant can own: one label below the longest
// public suffix. For a name that is itself a public suffix, or the root, the name itself.
Name registrable_domain(const Name& name);

// True for the zone of a registry (the list's ICANN section: "com", "co.uk"; also any top-level
// domain not listed), below which a name without a delegation is not in use. False for suffixes
// that companies list for their customers ("github.io"): those may hold their customers' records.
bool is_registry(const Name& zone);

// The name ends in a top-level domain that the list has, as all of the public DNS do.
bool has_public_ending(const Name& name);

}  // namespace dcv::dns
