// The numbers of a report as performance data.
#include <algorithm>

#include "report/groups.h"
#include "report/plugin.h"
#include "report/words.h"

namespace dcv::report {
namespace {

using Value = std::optional<double>;

struct OfRun {
  PluginMetric metric;
  double (*value)(const observe::Stats&);
};
const OfRun kOfRun[] = {
    {{"queries", "", "", 0}, [](const auto& stats) { return static_cast<double>(stats.queries); }},
    {{"round_trips", "", "", 0},
     [](const auto& stats) { return static_cast<double>(stats.round_trips); }},
    {{"time", "s", "", 3}, [](const auto& stats) { return stats.seconds; }},
};

struct OfTarget {
  PluginMetric metric;
  Value (*value)(const Report&, const check::Judgement&);
};
const OfTarget kOfTarget[] = {
    {{"chance", "", "0;1", 4}, [](const auto&, const auto& target) { return target.chance; }},
    {{"wait", "s", "", 0}, [](const auto&, const auto& target) { return target.wait_seconds; }},
    {{"agreement", "", "0;1", 4},
     [](const auto&, const auto& target) { return target.measures.agreement; }},
    {{"aliases", "", "", 0},
     [](const auto&, const auto& target) { return Value(target.measures.aliases); }},
    {{"longest_ttl", "s", "", 0},
     [](const auto&, const auto& target) { return target.measures.longest_ttl; }},
    {{"negative_ttl", "s", "", 0},
     [](const auto&, const auto& target) { return target.measures.negative_ttl; }},
    {{"signature_days", "", "", 2},
     [](const auto& report, const auto& target) {
       const Value& end = target.measures.signature_end;
       return end ? Value((*end - report.at) / 86400) : std::nullopt;
     }},
    {{"slowest_reply", "s", "", 3},
     [](const auto&, const auto& target) { return target.measures.slowest_reply; }},
};

// A label has no apostrophe and no equals sign. Several names or CAs are told apart in it.
std::string label(const Report& report, const Reading& reading) {
  const std::string name(reading.metric->name);
  if (!reading.target || report.targets.size() == 1) return name;
  std::string text = reading.target->identifier + " ";
  if (has_several_cas(report)) text += reading.target->ca + " ";
  return "'" + replaced(replaced(plugin_safe(text), '\'', "_"), '=', "_") + name + "'";
}

}  // namespace

const std::vector<PluginMetric>& plugin_metrics() {
  static const std::vector<PluginMetric> all = [] {
    std::vector<PluginMetric> list;
    for (const OfTarget& each : kOfTarget) list.push_back(each.metric);
    for (const OfRun& each : kOfRun) list.push_back(each.metric);
    return list;
  }();
  return all;
}

const PluginMetric* metric_named(std::string_view name) {
  const auto found = std::ranges::find(plugin_metrics(), name, &PluginMetric::name);
  return found == plugin_metrics().end() ? nullptr : &*found;
}

std::vector<Reading> readings(const Report& report) {
  std::vector<Reading> list;
  for (const OfRun& each : kOfRun)
    list.push_back({&each.metric, nullptr, each.value(report.stats)});
  for (const check::Judgement& target : report.targets) {
    for (const OfTarget& each : kOfTarget)
      list.push_back({&each.metric, &target, each.value(report, target)});
  }
  return list;
}

std::string value_text(const Reading& reading) {
  return fixed(*reading.value, reading.metric->decimals);
}

std::string performance(const Report& report, const std::vector<Reading>& readings) {
  std::string text;
  for (const Reading& each : readings) {
    if (!each.value) continue;
    std::string datum = label(report, each) + "=" + value_text(each) +
                        std::string(each.metric->unit) + ";" + each.warning + ";" + each.critical +
                        ";" + std::string(each.metric->limits);
    datum.erase(datum.find_last_not_of(';') + 1);
    text += (text.empty() ? "" : " ") + datum;
  }
  return text;
}

}  // namespace dcv::report
