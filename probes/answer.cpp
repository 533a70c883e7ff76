// The worst of verdict, limits and time-out as one line.
#include "answer.h"

namespace dcv::probes {
namespace {

using report::State;

constexpr std::size_t kAlarmsInSummary = 3;

// "longest_ttl 86400s is out of 3600", with the name before it where there are several.
std::string told(const report::Report& report, const Alarm& alarm) {
  const bool several = alarm.target && report.targets.size() > 1;
  return (several ? report::subject_of(report, *alarm.target) + ": " : "") + alarm.text;
}

std::string summary_of_alarms(const report::Report& report, const std::vector<Alarm>& alarms,
                              State state) {
  std::string text =
      report.targets.size() == 1 ? report::subject_of(report, report.targets.front()) + ": " : "";
  std::size_t count = 0;
  for (const Alarm& alarm : alarms) {
    if (alarm.state != state) continue;
    if (++count > kAlarmsInSummary) continue;
    text += (count > 1 ? "; " : "") + told(report, alarm);
  }
  if (count > kAlarmsInSummary)
    text += "; and " + std::to_string(count - kAlarmsInSummary) + " more";
  return text;
}

}  // namespace

Answer answer_of(const report::Report& report, const Limits& limits, const std::string& time_out) {
  Answer answer;
  answer.readings = report::readings(report);
  const Verdicts verdicts = apply(limits, answer.readings);
  const State verdict = report::state_of(report.verdict);
  answer.state = verdict;
  if (!time_out.empty()) {
    answer.alarms.push_back("UNKNOWN: " + time_out);
  }
  for (const Alarm& alarm : verdicts.alarms) {
    answer.state = report::worse(answer.state, alarm.state);
    answer.alarms.push_back(std::string(report::text(alarm.state)) + ": " + told(report, alarm));
  }
  if (!time_out.empty()) {
    answer.state = State::unknown;
    answer.summary = time_out;
    if (report.verdict == check::Verdict::blocked || report.verdict == check::Verdict::at_risk)
      answer.summary += "; so far " + report::summary_of(report);
  } else if (answer.state == verdict) {
    answer.summary = report::summary_of(report);
  } else {
    answer.summary = summary_of_alarms(report, verdicts.alarms, answer.state);
  }
  std::string unmeasured;
  for (const std::string& name : verdicts.unmeasured)
    unmeasured += (unmeasured.empty() ? "" : ", ") + name;
  if (!unmeasured.empty()) answer.summary += " (not measured: " + unmeasured + ")";
  return answer;
}

}  // namespace dcv::probes
