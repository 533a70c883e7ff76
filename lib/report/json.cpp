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
      targets.push_back(json_of(*target, report.stats));
    text += dumped(document(report, group.verdict(), std::move(targets)), names.size() > 1);
  }
  return text;
}

}  // namespace dcv::report
