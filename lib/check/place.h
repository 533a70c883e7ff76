#pragma once
// Which of several places decides, where a CA looks at more than one.

#include <cstddef>
#include <optional>

#include "observe/lookup.h"

namespace dcv::check {

// The index in target.others of the place that decides; empty when the target's own does. Only
// tokens (rules::Proof::token) may stand at one place or another.
std::optional<std::size_t> place_that_counts(const observe::Target& target,
                                             const observe::Index& exchanges);

}  // namespace dcv::check
