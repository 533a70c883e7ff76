// Counters as metrics; the process by /proc (proc(5)).
#include "exporter_metrics.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "report/words.h"

namespace dcv::probes {
namespace {

using report::label;
using report::Metric;
using report::single;

Metric probes(const ExporterState& state) {
  Metric metric{"dcv_exporter_probes_total", "", "Probes asked for", {}, Metric::Kind::counter};
  for (const auto& [module, count] : state.probes)
    metric.samples.push_back({label("module", module), std::to_string(count)});
  return metric;
}

Metric failures(const ExporterState& state) {
  Metric metric{"dcv_exporter_probe_failures_total",
                "",
                "Probes that came to no judgement",
                {},
                Metric::Kind::counter};
  for (const auto& [key, count] : state.failures)
    metric.samples.push_back({label("module", key.first) + "," + label("reason", text(key.second)),
                              std::to_string(count)});
  return metric;
}

// The fields of /proc/self/stat behind the program's name, the first of which is number 3.
std::vector<double> process_fields() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  std::istringstream words(line.substr(std::min(line.size(), line.rfind(')') + 2)));
  std::string state;
  words >> state;
  std::vector<double> fields = {0, 0, 0, 0};
  for (double number = 0; words >> number;) fields.push_back(number);
  return fields;
}

// When the system started, Unix seconds.
double boot_time() {
  std::ifstream file("/proc/stat");
  for (std::string word; file >> word;) {
    double value = 0;
    if (word == "btime" && file >> value) return value;
  }
  return 0;
}

std::vector<Metric> process() {
  constexpr std::size_t kUserTime = 14, kSystemTime = 15, kStartTime = 22, kResident = 24;
  const std::vector<double> fields = process_fields();
  if (fields.size() <= kResident) return {};
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
  return {
      single({"process_cpu_seconds_total",
              "seconds",
              "User and system CPU time",
              {},
              Metric::Kind::counter},
             report::fixed((fields[kUserTime] + fields[kSystemTime]) / ticks, 2)),
      single({"process_resident_memory_bytes", "bytes", "Resident memory"},
             report::fixed(fields[kResident] * page, 0)),
      single({"process_start_time_seconds", "seconds", "When the process began, Unix time"},
             report::fixed(boot_time() + fields[kStartTime] / ticks, 2)),
  };
}

}  // namespace

std::vector<Metric> metrics_of(const ExporterState& state) {
  std::vector<Metric> all = {
      {"dcv_build_info",
       "",
       "1, with the version of dcvtools",
       {{label("version", DCV_VERSION), "1"}},
       Metric::Kind::info},
      probes(state),
      failures(state),
      single({"dcv_exporter_probes_in_flight", "", "Probes that run now"},
             std::to_string(state.in_flight)),
      single({"dcv_exporter_probe_limit", "", "Probes that may run at once"},
             std::to_string(state.limit)),
      single({"dcv_exporter_config_last_reload_successful", "",
              "1 if the last reload of the configuration succeeded, 0 if not"},
             state.reload_successful ? "1" : "0"),
      single({"dcv_exporter_config_last_reload_success_timestamp_seconds", "seconds",
              "When the configuration was last loaded with success"},
             report::fixed(state.reloaded_at, 0)),
  };
  for (Metric& metric : process()) all.push_back(std::move(metric));
  return all;
}

}  // namespace dcv::probes
