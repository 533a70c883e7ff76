#pragma once
// Where records end up by a slip of the pen. Pure.

#include <optional>
#include <vector>

#include "dns/name.h"

namespace dcv::resolve {

// Names within `zone` at which the proof of `validation_name` is often put by mistake: with the
// zone or the host appended a second time, and at the challenge name of the parent host.
std::vector<dns::Name> misplaced_names(const dns::Name& validation_name, const dns::Name& zone);

// For an alias target that lies in the zone of its alias: the name that was meant if the panel
// appended the zone because the final dot was missing. Empty when nothing sensible remains.
std::optional<dns::Name> target_without_zone(const dns::Name& target, const dns::Name& zone);

// The name without the underscore in front, which some panels refuse; empty when it has none.
std::optional<dns::Name> without_underscore(const dns::Name& name);

}  // namespace dcv::resolve
