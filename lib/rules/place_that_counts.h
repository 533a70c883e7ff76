#pragma once
// Which of several places decides, where a CA looks at more than one. Pure.

#include <cstddef>
#include <optional>

#include "observe/lookup.h"

namespace dcv::rules {

// The index in target.others of the place that decides: the first with all expected values at every
// server that answers, else at some, else the first that has records at all. Empty when the
// target's own does. Only tokens
// (Proof::token) may stand at one place or another.
std::optional<std::size_t> place_that_counts(const observe::Target& target,
                                             const observe::Index& exchanges);

// Makes that place the target's own, in exchange for the one it had.
void move_to_place(observe::Target& target, const observe::Index& exchanges);

// The target moved there, and the expected values written as they are seen there.
observe::Target at_its_place(const observe::Target& target, const observe::Index& exchanges);

}  // namespace dcv::rules
