// The same for programs. docs/report-format.md describes it, docs/schema/delegation-1.json checks
// it.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "observe/json_provider.h"
#include "report/delegate.h"
#include "report/json_values.h"
#include "report/words.h"

namespace dcv::report {
namespace {

using Json = nlohmann::ordered_json;

Json record_value(const dns::Record& record, const dns::Name& zone) {
  return {{"line", dns::zone_line(record)},
          {"owner", record.owner.text()},
          {"type", dns::text(record.type)},
          {"ttl", record.ttl},
          {"host", rules::name_within(record.owner, zone)},
          {"value", dns::rdata_text(record)}};
}

Json part_value(const rules::ZonePart& part) {
  Json records = Json::array();
  for (const dns::Record& record : part.records) records.push_back(record_value(record, part.zone));
  return {{"zone", part.zone.text()},
          {"assumed", part.assumed},
          {"new", part.theirs},
          {"records", records}};
}

Json delegation_value(const rules::Delegation& delegation) {
  Json zones = Json::array();
  for (const rules::ZonePart& part : delegation.parts) zones.push_back(part_value(part));
  return {{"provider", delegation.provider.empty() ? Json(nullptr) : Json(delegation.provider)},
          {"title", delegation.title},
          {"identifiers", delegation.identifiers},
          {"needed", delegation.needed},
          {"zones", zones}};
}

Json document(const std::string& tool) {
  return {
      {"kind", "dcv-delegation"}, {"version", 1}, {"tool", tool}, {"tool_version", DCV_VERSION}};
}

Json advised_value(const check::Advised& advised) {
  Json advice = Json::array();
  for (const check::Advice& each : advised.advice)
    advice.push_back({{"about", each.about}, {"answer", each.answer}, {"reasons", each.reasons}});
  return {{"identifier", advised.identifier},
          {"validation_name", advised.validation_name},
          {"zone", advised.zone},
          {"judged", advised.judged},
          {"advice", advice}};
}

}  // namespace

std::string render_forms_json(const DelegationForms& forms, const std::string& tool) {
  Json delegations = Json::array(), files = Json::array();
  for (const rules::Delegation& each : forms.delegations)
    delegations.push_back(delegation_value(each));
  for (const TokenFile& each : forms.files)
    files.push_back({{"identifier", each.identifier}, {"url", each.url}, {"lines", each.lines}});
  Json value = document(tool);
  value["delegations"] = delegations;
  value["files"] = files;
  value["notes"] = forms.notes;
  value["next"] = forms.next;
  return dumped(value, false);
}

std::string render_advice_json(const std::vector<check::Advised>& advised, double at,
                               const std::string& tool) {
  Json value = document(tool);
  value["at"] = rfc3339(at);
  value["advice"] = Json::array();
  for (const check::Advised& each : advised) value["advice"].push_back(advised_value(each));
  return dumped(value, false);
}

std::string render_providers_json(const rules::Providers& own) {
  Json rows = Json::array();
  const auto add = [&](const observe::Provider& row) {
    if (rules::can_be_published(row)) rows.push_back(observe::provider_value(row));
  };
  std::ranges::for_each(own, add);
  for (const observe::Provider& row : rules::shipped_providers())
    if (std::ranges::find(own, row.id, &observe::Provider::id) == own.end()) add(row);
  return dumped({{"kind", "dcv-providers"}, {"version", 1}, {"providers", rows}}, false);
}

}  // namespace dcv::report
