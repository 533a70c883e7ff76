// The report as JSON: for programs. docs/report-format.md describes it, docs/schema/report-1.json
// checks it.
#include <nlohmann/json.hpp>

#include "report/formats.h"
#include "report/groups.h"
#include "report/words.h"

namespace dcv::report {
namespace {

using Json = nlohmann::ordered_json;

Json optional_number(const std::optional<double>& number, int decimals) {
  return number ? Json(rounded(*number, decimals)) : Json(nullptr);
}

Json to_value(const check::Remedy& remedy) {
  Json edits = Json::array();
  for (const check::Edit& edit : remedy.edits) {
    edits.push_back(
        {{"zone", edit.zone}, {"server", edit.server}, {"remove", edit.remove}, {"add", edit.add}});
  }
  return {{"action", remedy.action}, {"edits", edits}};
}

Json to_value(const check::Finding& finding) {
  Json evidence = Json::array();
  for (const check::Evidence& each : finding.evidence) {
    evidence.push_back({{"server", each.server},
                        {"question", each.question},
                        {"saw", each.saw},
                        {"at", rfc3339_precise(each.at)}});
  }
  Json arguments = Json::object();
  for (const auto& [key, value] : finding.arguments) arguments[key] = value;
  return {{"id", finding.id},
          {"severity", check::text(finding.severity)},
          {"affects", check::text(finding.affects)},
          {"subject", finding.subject},
          {"message", finding.message},
          {"arguments", arguments},
          {"evidence", evidence},
          {"remedy", to_value(finding.remedy)}};
}

Json to_value(const check::Judgement& target, const observe::Stats& stats) {
  Json findings = Json::array();
  for (const check::Finding& finding : target.findings) findings.push_back(to_value(finding));
  return {{"identifier", target.identifier},
          {"method", target.method},
          {"ca", target.ca},
          {"validation_name", target.validation_name},
          {"final_name", target.final_name},
          {"verdict", check::text(target.verdict)},
          {"chance", optional_number(target.chance, 4)},
          {"wait_seconds", optional_number(target.wait_seconds, 3)},
          {"wait_reason", target.wait_reason},
          {"next_step", target.next_step},
          {"ca_error", target.ca_error},
          {"findings", findings},
          {"stats",
           {{"queries", stats.queries},
            {"seconds", rounded(stats.seconds, 3)},
            {"round_trips", stats.round_trips}}}};
}

Json document(const Report& report, check::Verdict verdict, Json targets) {
  return {{"kind", "dcv-report"},         {"version", 1},
          {"tool", report.tool},          {"tool_version", report.tool_version},
          {"at", rfc3339(report.at)},     {"verdict", check::text(verdict)},
          {"targets", std::move(targets)}};
}

std::string dumped(const Json& value, int indent) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string render_json(const Report& report) {
  const std::vector<Group> names = groups(report);
  if (names.empty()) return dumped(document(report, report.verdict, Json::array()), 2);
  std::string text;
  for (const Group& group : names) {
    Json targets = Json::array();
    for (const check::Judgement* target : group.judgements)
      targets.push_back(to_value(*target, report.stats));
    text +=
        dumped(document(report, group.verdict(), std::move(targets)), names.size() > 1 ? -1 : 2);
  }
  return text;
}

}  // namespace dcv::report
