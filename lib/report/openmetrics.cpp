// The report as OpenMetrics 1.0 text; gauges only, so that scrapers of the older Prometheus text
// format read it as well.
#include <map>
#include <tuple>

#include "report/formats.h"
#include "report/words.h"

namespace dcv::report {
namespace {

struct Family {
  std::string_view name, unit, help;
};

std::string header(const Family& family) {
  const std::string name(family.name);
  std::string text = "# TYPE " + name + " gauge\n";
  if (!family.unit.empty()) text += "# UNIT " + name + " " + std::string(family.unit) + "\n";
  return text + "# HELP " + name + " " + std::string(family.help) + "\n";
}

std::string label(std::string_view name, std::string_view value) {
  const std::string slashes = replaced(printable(value), '\\', "\\\\");
  return std::string(name) + "=\"" + replaced(slashes, '"', "\\\"") + "\"";
}

std::string labels(const check::Judgement& target) {
  return label("identifier", target.identifier) + "," + label("method", target.method) + "," +
         label("ca", target.ca);
}

std::string sample(const Family& family, const std::string& labels, const std::string& value) {
  const std::string set = labels.empty() ? "" : "{" + labels + "}";
  return std::string(family.name) + set + " " + value + "\n";
}

std::string verdicts(const Report& report) {
  const Family family{"dcv_verdict", "", "1 for the verdict of the name, 0 for the others"};
  std::string text = header(family);
  for (const check::Judgement& target : report.targets) {
    for (const check::Verdict verdict : {check::Verdict::ready, check::Verdict::at_risk,
                                         check::Verdict::blocked, check::Verdict::unknown}) {
      text += sample(family, labels(target) + "," + label("verdict", check::text(verdict)),
                     target.verdict == verdict ? "1" : "0");
    }
  }
  return text;
}

// A family with one sample for each target that has the value.
std::string optional_values(const Report& report, const Family& family,
                            std::optional<double> check::Judgement::*value, int decimals) {
  std::string text = header(family);
  for (const check::Judgement& target : report.targets) {
    if (target.*value) text += sample(family, labels(target), fixed(*(target.*value), decimals));
  }
  return text;
}

std::string findings(const Report& report) {
  const Family family{"dcv_findings", "", "Findings of the name"};
  std::string text = header(family);
  for (const check::Judgement& target : report.targets) {
    std::map<std::string, int> counts;
    for (const check::Finding& finding : target.findings) {
      ++counts[labels(target) + "," + label("id", finding.id) + "," +
               label("severity", check::text(finding.severity)) + "," +
               label("affects", check::text(finding.affects))];
    }
    for (const auto& [set, count] : counts) text += sample(family, set, std::to_string(count));
  }
  return text;
}

// The first one named, of names that are not ready.
std::string root_causes(const Report& report) {
  const Family family{"dcv_root_cause", "",
                      "1 for the finding that explains why a name is not ready"};
  std::string text = header(family);
  for (const check::Judgement& target : report.targets) {
    if (target.verdict == check::Verdict::ready || target.findings.empty()) continue;
    text += sample(family, labels(target) + "," + label("id", target.findings.front().id), "1");
  }
  return text;
}

std::string single(const Family& family, const std::string& value) {
  return header(family) + sample(family, "", value);
}

}  // namespace

std::string render_openmetrics(const Report& report) {
  return verdicts(report) +
         optional_values(report,
                         {"dcv_chance_ratio", "ratio", "Probability that an order passes now"},
                         &check::Judgement::chance, 4) +
         optional_values(report,
                         {"dcv_wait_seconds", "seconds", "Time until caches and servers can agree"},
                         &check::Judgement::wait_seconds, 0) +
         findings(report) + root_causes(report) +
         single({"dcv_queries", "", "Packets and connections sent"},
                std::to_string(report.stats.queries)) +
         single({"dcv_round_trips", "", "Longest chain of questions that depend on each other"},
                std::to_string(report.stats.round_trips)) +
         single({"dcv_duration_seconds", "seconds", "Duration of the collection"},
                fixed(report.stats.seconds, 3)) +
         single({"dcv_observation_timestamp_seconds", "seconds", "When the observation was made"},
                fixed(report.at, 0)) +
         "# EOF\n";
}

}  // namespace dcv::report
