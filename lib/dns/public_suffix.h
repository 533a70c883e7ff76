#pragma once
// The public suffix list (libpsl), used only as a hint: how much of a name to disclose to
// registries, and where the registrant's own zones begin. Never used to find zone cuts.

#include "dns/name.h"

namespace dcv::dns {

// The shortest ancestor-or-self of `name` that a registrant can own: one label below the longest
// public suffix. For a name that is itself a public suffix, or the root, the name itself.
Name registrable_domain(const Name& name);

}  // namespace dcv::dns
