#pragma once
// A module of the exporter's configuration, ready to probe with: what its files say has been read.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "options.h"
#include "resolve/collect.h"
#include "resolve/public_eye.h"

namespace dcv::probes {

struct Module {
  std::string name;
  tools::Options options;
  resolve::Plan plan;  // without targets
  std::optional<resolve::PublicPlan> resolvers;
};

using Targets = std::vector<resolve::PlannedTarget>;

// Errors are one sentence.
Result<std::shared_ptr<const Module>> make_module(const std::string& name,
                                                  const tools::Options& options,
                                                  const tools::Environment& environment);
// What to look for at these names, each a host name or wildcard.
Result<Targets> targets_for(const Module& module, const std::vector<std::string>& names);

}  // namespace dcv::probes
