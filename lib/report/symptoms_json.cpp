// Pasted messages for programs.
#include <nlohmann/json.hpp>

#include "check/catalogue.h"
#include "report/json_values.h"
#include "report/symptoms.h"

namespace dcv::report {
namespace {

using Json = nlohmann::ordered_json;

Json value(const rules::Reading& reading) {
  const rules::Symptom& symptom = *reading.symptom;
  Json findings = Json::array();
  for (const std::string& id : symptom.findings) {
    const check::FindingKind* kind = check::find_kind(id);
    if (kind == nullptr) continue;
    findings.push_back(
        {{"id", id}, {"severity", check::text(kind->severity)}, {"message", kind->message}});
  }
  return {{"program", symptom.program}, {"failed", symptom.failed}, {"says", symptom.says},
          {"text", reading.text},       {"name", reading.name},     {"host", reading.host},
          {"value", reading.value},     {"server", reading.server}, {"findings", findings},
          {"command", reading.command}};
}

}  // namespace

std::string render_symptoms_json(const std::vector<rules::Reading>& readings) {
  Json messages = Json::array();
  for (const rules::Reading& each : readings) messages.push_back(value(each));
  const Json document{{"kind", "dcv-symptom"},
                      {"version", 1},
                      {"tool_version", DCV_VERSION},
                      {"messages", messages}};
  return dumped(document, false);
}

}  // namespace dcv::report
