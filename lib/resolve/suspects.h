#pragma once
// Where records end up by a slip of the pen. Pure.

#include <optional>
#include <string>
#include <vector>

#include "dns/name.h"

namespace dcv::resolve {

// Names within `zone` at which the proof of `validation_name` is often put by mistake: with the
// zone or the host appended a second time, and at the challenge name of the parent host.
std::vector<dns::Name> misplaced_names(const dns::Name& validation_name, const dns::Name& zone);

// With dns-account-01: the places beside `validation_name` where a client looks that has made the
// label of one of the accounts from another form of its URL, or has none. Empty for other methods,
// whose names have no account's label in front.
std::vector<dns::Name> names_of_other_accounts(const dns::Name& validation_name,
                                               const std::vector<std::string>& account_uris);

// For an alias target that lies in the zone of its alias: the name that was meant if the panel
// appended the zone because the final dot was missing. Empty when nothing sensible remains.
std::optional<dns::Name> target_without_zone(const dns::Name& target, const dns::Name& zone);

// The name without the underscore in front, which some panels refuse; empty when it has none.
std::optional<dns::Name> without_underscore(const dns::Name& name);

}  // namespace dcv::resolve
