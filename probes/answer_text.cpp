// The answer in the forms of Nagios and of Checkmk.
#include <cmath>
#include <sstream>

#include "answer.h"
#include "report/render.h"

namespace dcv::probes {
namespace {

std::string evidence_of(const check::Finding& finding) {
  std::string text;
  for (const check::Evidence& each : finding.evidence) {
    text += "  " + report::plugin_safe(each.server) + "  " + report::plugin_safe(each.question) +
            "  " + report::plugin_safe(each.saw) + "\n";
  }
  if (!finding.remedy.action.empty())
    text += "  fix: " + report::plugin_safe(finding.remedy.action) + "\n";
  for (const check::Edit& edit : finding.remedy.edits) {
    text += "  in zone " + report::plugin_safe(edit.zone) +
            (edit.server.empty() ? "" : " at " + report::plugin_safe(edit.server)) + ":\n";
    for (const std::string& line : edit.remove) text += "  - " + report::plugin_safe(line) + "\n";
    for (const std::string& line : edit.add) text += "  + " + report::plugin_safe(line) + "\n";
  }
  return text;
}

std::string walk_of(const observe::Observation& observation) {
  std::istringstream lines(report::render_trace_text(observation, {.servers = true}));
  std::string text;
  for (std::string line; std::getline(lines, line);) text += report::plugin_safe(line) + "\n";
  return text;
}

// The levels of Checkmk are "upper" or "lower:upper", of which one may be missing; it has none that
// alert inside.
std::string checkmk_level(const std::string& text) {
  const Result<Range> range = parse_range(text);
  if (!range || range->inside) return "";
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) return text;
  return text.starts_with("~:") ? text.substr(2) : text;
}

std::string checkmk_metrics(const std::vector<report::Reading>& readings) {
  std::string text;
  for (const report::Reading& each : readings) {
    if (!each.value) continue;
    std::string metric = std::string(each.metric->name) + "=" + report::value_text(each) + ";" +
                         checkmk_level(each.warning) + ";" + checkmk_level(each.critical) + ";" +
                         std::string(each.metric->limits);
    metric.erase(metric.find_last_not_of(';') + 1);
    text += (text.empty() ? "" : "|") + metric;
  }
  return text.empty() ? "-" : text;
}

// Quotes and backslashes have a meaning in a line of a local check.
std::string checkmk_safe(const std::string& text) {
  std::string safe;
  for (const char c : text) safe += c == '\\' ? '/' : c;
  return safe;
}

std::string service(const report::Report& report, const check::Judgement& target) {
  std::string name = "DCV " + report::subject_of(report, target);
  std::erase(name, '"');
  return checkmk_safe(name);
}

}  // namespace

std::string nagios_text(const Answer& answer, const report::Report& report,
                        const observe::Observation& observation, int verbosity) {
  std::string text = "DCV " + std::string(report::text(answer.state)) + " - " + answer.summary +
                     " | " + report::performance(report, answer.readings) + "\n";
  if (verbosity < 1) return text;
  for (const std::string& alarm : answer.alarms) text += alarm + "\n";
  for (const report::FindingLine& line : report::finding_lines(report)) {
    text += line.text + "\n";
    if (verbosity > 1) text += evidence_of(*line.finding);
  }
  return verbosity > 2 ? text + walk_of(observation) : text;
}

std::string checkmk_text(const report::Report& report, const Limits& limits,
                         const std::string& time_out) {
  std::string text;
  for (const check::Judgement& target : report.targets) {
    report::Report alone = report;
    alone.targets = {target};
    alone.verdict = target.verdict;
    const Answer answer = answer_of(alone, limits, time_out);
    text += std::to_string(report::exit_status(answer.state)) + " \"" + service(report, target) +
            "\" " + checkmk_metrics(answer.readings) + " " + checkmk_safe(answer.summary);
    for (const report::FindingLine& line : report::finding_lines(alone))
      text += "\\n" + checkmk_safe(line.text);
    text += "\n";
  }
  return text;
}

}  // namespace dcv::probes
