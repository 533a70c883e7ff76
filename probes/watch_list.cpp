// Reads the list as dcv-preflight --order does, but a longer one, and gathers what is about one
// name.
#include "watch_list.h"

#include <algorithm>
#include <set>

#include "run.h"
#include "targets.h"
#include "time_text.h"
#include "wishes.h"

namespace dcv::probes {
namespace {

// Names of several organisations, not of one certificate.
constexpr rules::OrderBounds kBounds = {.lines = 20000, .bytes = 16 << 20, .every = true};

bool judges_for(const resolve::PlannedTarget& target, const observe::CaProfile& profile) {
  return target.profile.empty() || target.profile == profile.name;
}

// By name, the shortest of its lines; `usual` is that of a line that says none.
Result<std::map<std::string, double>> intervals_of(const std::vector<tools::Wish>& wishes,
                                                   double usual) {
  std::map<std::string, double> every;
  for (const tools::Wish& wish : wishes) {
    const Result<double> seconds = wish.every.empty() ? usual : tools::parse_duration(wish.every);
    if (!seconds) return Error{wish.name + ": every " + seconds.error()};
    double& shortest = every.try_emplace(wish.name, *seconds).first->second;
    shortest = std::min(shortest, *seconds);
  }
  return every;
}

}  // namespace

Result<WatchList> read_list(const std::string& path, double every, const tools::Options& options,
                            const tools::Environment& environment) {
  tools::Options all = options;
  all.positional.clear();
  all.order.file = path;
  all.order.bounds = kBounds;
  const Result<resolve::Plan> plan_of_all = tools::plan_without_targets(all, environment);
  if (!plan_of_all) return Error{plan_of_all.error()};
  resolve::Plan base = *plan_of_all;
  Result<tools::Wishes> wishes = tools::wishes_of(all, base.profiles);
  if (!wishes) return Error{wishes.error()};
  Result<std::vector<resolve::PlannedTarget>> targets =
      tools::targets_of(wishes->wishes, all, wishes->profiles);
  if (!targets) return Error{path + ": " + targets.error()};
  Result<std::map<std::string, double>> intervals = intervals_of(wishes->wishes, every);
  if (!intervals) return Error{path + ": " + intervals.error()};
  base.profiles.clear();
  WatchList list;
  list.every = std::move(intervals).value();
  std::set<Watch> seen;
  for (const resolve::PlannedTarget& target : *targets) {
    resolve::Plan& plan = list.plans.try_emplace(target.identifier.text, base).first->second;
    for (const observe::CaProfile& profile : wishes->profiles) {
      if (!judges_for(target, profile)) continue;
      const Watch watch{target.identifier.text, target.method, profile.name};
      if (!seen.insert(watch).second)
        return Error{path + ": " + watch.name + " is there twice with the method " + watch.method +
                     " and the CA " + watch.ca};
      list.watches.push_back(watch);
      if (std::ranges::count(plan.profiles, profile.name, &observe::CaProfile::name) == 0)
        plan.profiles.push_back(profile);
    }
    plan.targets.push_back(target);
  }
  return list;
}

}  // namespace dcv::probes
