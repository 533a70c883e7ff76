#pragma once
// The replies that a validating resolver refuses: it asks the next server, as after silence.

#include <set>

#include "check/family.h"

namespace dcv::check {

// Points into the observation; empty where nothing is to be validated.
std::set<const observe::Exchange*> refused_replies(const Case& test);

}  // namespace dcv::check
