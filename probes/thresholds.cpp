// Numbers against ranges.
#include "thresholds.h"

#include <algorithm>

#include "dns/name.h"

namespace dcv::probes {
namespace {

using report::State;

std::string known_metrics() {
  std::string list;
  for (const report::PluginMetric& metric : report::plugin_metrics())
    list += (list.empty() ? "" : ", ") + std::string(metric.name);
  return list;
}

Error unknown_metric(const std::string& option, const std::string& name) {
  return Error{option + ": there is no metric " + dns::quoted(name) + "; there are " +
               known_metrics()};
}

Result<Limit> parse_limit(const std::string& option, const std::string& text, State state) {
  const std::size_t sign = text.find('=');
  if (sign == std::string::npos)
    return Error{option + " takes METRIC=RANGE, not " + dns::quoted(text)};
  const std::string name = text.substr(0, sign), range_text = text.substr(sign + 1);
  if (!report::metric_named(name)) return unknown_metric(option, name);
  Result<Range> range = parse_range(range_text);
  if (!range)
    return Error{option + " " + name + ": " + dns::quoted(range_text) +
                 " is no range: " + range.error()};
  return Limit{name, state, std::move(range).value()};
}

std::string alarm_text(const report::Reading& reading, const Range& range) {
  return std::string(reading.metric->name) + " " + report::value_text(reading) +
         std::string(reading.metric->unit) + (range.inside ? " is in " : " is out of ") +
         range.text;
}

}  // namespace

Result<Limits> parse_limits(const std::vector<std::string>& warning,
                            const std::vector<std::string>& critical,
                            const std::vector<std::string>& required) {
  Limits limits;
  const auto add = [&](const std::string& option, const auto& texts, State state) -> std::string {
    for (const std::string& text : texts) {
      Result<Limit> limit = parse_limit(option, text, state);
      if (!limit) return limit.error();
      for (const Limit& other : limits.ranges) {
        if (other.metric == limit->metric && other.state == state)
          return option + " " + limit->metric + " is given twice";
      }
      limits.ranges.push_back(std::move(limit).value());
    }
    return "";
  };
  std::string error = add("--warning", warning, State::warning);
  if (error.empty()) error = add("--critical", critical, State::critical);
  if (!error.empty()) return Error{error};
  for (const std::string& name : required) {
    if (!report::metric_named(name)) return unknown_metric("--require", name);
  }
  limits.required = required;
  return limits;
}

Verdicts apply(const Limits& limits, std::vector<report::Reading>& readings) {
  Verdicts verdicts;
  for (report::Reading& reading : readings) {
    const std::string name(reading.metric->name);
    std::optional<Alarm> worst;
    const auto alarm = [&](State state, const std::string& text) {
      if (!worst || report::worse(worst->state, state) != worst->state)
        worst = Alarm{state, reading.target, text};
    };
    for (const Limit& limit : limits.ranges) {
      if (limit.metric != name) continue;
      (limit.state == State::warning ? reading.warning : reading.critical) = limit.range.text;
      if (reading.value && alerts(limit.range, *reading.value))
        alarm(limit.state, alarm_text(reading, limit.range));
      if (!reading.value && std::ranges::count(verdicts.unmeasured, name) == 0)
        verdicts.unmeasured.push_back(name);
    }
    if (!reading.value && std::ranges::count(limits.required, name) > 0)
      alarm(State::unknown, name + " could not be measured");
    if (worst) verdicts.alarms.push_back(*worst);
  }
  return verdicts;
}

}  // namespace dcv::probes
