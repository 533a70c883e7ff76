#pragma once
// The two ways in which dcv-propagation looks: once, and until the records are there.

#include "env.h"
#include "options.h"
#include "resolve/collect.h"
#include "resolve/public_eye.h"

namespace dcv::tools {

struct PropagationPlan {
  resolve::Plan walk;
  std::optional<resolve::PublicPlan> resolvers;  // empty: --only authority
};

// Each shows what there is to see, saves it if --save says so, and returns the exit status.
int look_once(const Options& options, const PropagationPlan& plan, Environment& environment);
int look_until_there(const Options& options, const PropagationPlan& plan, Environment& environment);

}  // namespace dcv::tools
