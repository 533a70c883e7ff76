#pragma once
// From the file LIST to what is looked at: a plan for each name.

#include <map>
#include <string>
#include <vector>

#include "env.h"
#include "options.h"
#include "resolve/collect.h"
#include "watch_event.h"

namespace dcv::probes {

struct WatchList {
  std::map<std::string, resolve::Plan> plans;  // by name; all methods and CAs of it in one look
  std::map<std::string, double> every;         // seconds, by name; without one: as usual
  std::vector<Watch> watches;
};

// `every`: of lines that do not say how often. An error says what is wrong, and where.
Result<WatchList> read_list(const std::string& path, double every, const tools::Options& options,
                            const tools::Environment& environment);

}  // namespace dcv::probes
