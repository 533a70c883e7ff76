#pragma once
// From options to the resolvers that the public eye asks.

#include "dns/result.h"
#include "options.h"
#include "resolve/public_eye.h"

namespace dcv::tools {

// Those of --resolvers (@core without it), and this machine's own; without those of a group that
// --only leaves out, or of an address family that is switched off; and encrypted ways to the same
// ones, unless --via says how to ask. An error is one sentence.
Result<resolve::PublicPlan> make_public_plan(const Options& options);

}  // namespace dcv::tools
