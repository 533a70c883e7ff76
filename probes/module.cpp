// Reads a module's files, once.
#include "module.h"

#include "public_plan.h"
#include "run.h"
#include "targets.h"

namespace dcv::probes {

Result<std::shared_ptr<const Module>> make_module(const std::string& name,
                                                  const tools::Options& options,
                                                  const tools::Environment& environment) {
  Module module{name, options, {}, std::nullopt};
  Result<resolve::Plan> plan = tools::plan_without_targets(options, environment);
  if (!plan) return Error{plan.error()};
  module.plan = std::move(plan).value();
  if (options.ask_public) {
    Result<resolve::PublicPlan> resolvers = tools::make_public_plan(options);
    if (!resolvers) return Error{resolvers.error()};
    module.resolvers = std::move(resolvers).value();
  }
  // What does not go with the method shows at any name.
  const Result<Targets> any = targets_for(module, {"example.com"});
  if (!any) return Error{any.error()};
  return std::make_shared<const Module>(std::move(module));
}

Result<Targets> targets_for(const Module& module, const std::vector<std::string>& names) {
  std::vector<tools::Wish> wishes;
  for (const std::string& name : names) {
    tools::Wish wish;
    wish.name = name;
    wishes.push_back(std::move(wish));
  }
  return tools::targets_of(wishes, module.options, module.plan.profiles);
}

}  // namespace dcv::probes
