// Judgements, findings and numbers as JSON.
#include "report/json_values.h"

#include <nlohmann/json.hpp>

#include "report/words.h"

namespace dcv::report {

using Json = nlohmann::ordered_json;

namespace {

Json to_value(const check::Remedy& remedy) {
  Json edits = Json::array();
  for (const check::Edit& edit : remedy.edits) {
    edits.push_back(
        {{"zone", edit.zone}, {"server", edit.server}, {"remove", edit.remove}, {"add", edit.add}});
  }
  return {{"action", remedy.action}, {"edits", edits}};
}

Json to_value(const std::optional<check::Cause>& cause) {
  if (!cause) return nullptr;
  return {{"id", cause->id}, {"subject", cause->subject}};
}

Json to_value(const check::Measures& measures) {
  const auto time = [](const std::optional<double>& at) {
    return at ? Json(rfc3339(*at)) : Json(nullptr);
  };
  return {{"aliases", measures.aliases ? Json(*measures.aliases) : Json(nullptr)},
          {"addresses",
           {{"right", measures.right}, {"wrong", measures.wrong}, {"unusable", measures.unusable}}},
          {"agreement", json_of(measures.agreement, 4)},
          {"signature_end", time(measures.signature_end)},
          {"longest_ttl_seconds", json_of(measures.longest_ttl, 0)},
          {"negative_ttl_seconds", json_of(measures.negative_ttl, 0)},
          {"slowest_reply_seconds", json_of(measures.slowest_reply, 3)}};
}

}  // namespace

Json json_of(const check::Finding& finding) {
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
          {"remedy", to_value(finding.remedy)},
          {"cause", to_value(finding.cause)}};
}

Json json_of(const observe::Stats& stats) {
  return {{"queries", stats.queries},
          {"seconds", rounded(stats.seconds, 3)},
          {"round_trips", stats.round_trips}};
}

Json json_of(const check::Judgement& target, const observe::Stats& stats) {
  Json findings = Json::array();
  for (const check::Finding& finding : target.findings) findings.push_back(json_of(finding));
  Json value = {{"identifier", target.identifier},
                {"method", target.method},
                {"ca", target.ca},
                {"validation_name", target.validation_name},
                {"final_name", target.final_name},
                {"provider", target.provider},
                {"verdict", check::text(target.verdict)},
                {"chance", json_of(target.chance, 4)},
                {"wait_seconds", json_of(target.wait_seconds, 3)},
                {"wait_reason", target.wait_reason},
                {"next_step", target.next_step},
                {"ca_error", target.ca_error},
                {"measures", to_value(target.measures)},
                {"findings", findings},
                {"stats", json_of(stats)}};
  if (target.provider.empty()) value.erase("provider");
  return value;
}

Json json_of(const std::optional<double>& number, int decimals) {
  return number ? Json(rounded(*number, decimals)) : Json(nullptr);
}

std::string dumped(const Json& value, bool in_one_line) {
  return value.dump(in_one_line ? -1 : 2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace dcv::report
