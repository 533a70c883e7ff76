#pragma once
// What the exporter counts of itself.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "probe.h"
#include "report/metrics.h"

namespace dcv::probes {

struct ExporterState {
  std::map<std::string, long> probes;                        // by module
  std::map<std::pair<std::string, Failure>, long> failures;  // by module and reason
  int in_flight = 0, limit = 0;
  bool reload_successful = true;
  double reloaded_at = 0;  // Unix seconds: the last reload, or start, that succeeded
};

// With those of the process.
std::vector<report::Metric> metrics_of(const ExporterState& state);

}  // namespace dcv::probes
