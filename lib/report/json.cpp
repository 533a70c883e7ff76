// The report as JSON: for programs. docs/report-format.md describes it, docs/schema/report-1.json
// checks it.
#include <nlohmann/json.hpp>

#include "report/formats.h"
#include "report/groups.h"
#include "report/json_values.h"
#include "report/words.h"

namespace dcv::report {
namespace {

using Json = nlohmann::ordered_json;

Json to_value(const check::Judgement& target, const observe::Stats& stats) {
  Json findings = Json::array();
  for (const check::Finding& finding : target.findings) findings.push_back(json_of(finding));
  return {{"identifier", target.identifier},
          {"method", target.method},
          {"ca", target.ca},
          {"validation_name", target.validation_name},
          {"final_name", target.final_name},
          {"verdict", check::text(target.verdict)},
          {"chance", json_of(target.chance, 4)},
          {"wait_seconds", json_of(target.wait_seconds, 3)},
          {"wait_reason", target.wait_reason},
          {"next_step", target.next_step},
          {"ca_error", target.ca_error},
          {"findings", findings},
          {"stats", json_of(stats)}};
}

Json document(const Report& report, check::Verdict verdict, Json targets) {
  return {{"kind", "dcv-report"},         {"version", 1},
          {"tool", report.tool},          {"tool_version", report.tool_version},
          {"at", rfc3339(report.at)},     {"verdict", check::text(verdict)},
          {"targets", std::move(targets)}};
}

}  // namespace

std::string render_json(const Report& report) {
  const std::vector<Group> names = groups(report);
  if (names.empty()) return dumped(document(report, report.verdict, Json::array()), false);
  std::string text;
  for (const Group& group : names) {
    Json targets = Json::array();
    for (const check::Judgement* target : group.judgements)
      targets.push_back(to_value(*target, report.stats));
    text += dumped(document(report, group.verdict(), std::move(targets)), names.size() > 1);
  }
  return text;
}

}  // namespace dcv::report
