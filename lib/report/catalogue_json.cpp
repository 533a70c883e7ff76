// The catalogue for programs.
#include "report/catalogue_json.h"

#include <nlohmann/json.hpp>

#include "check/catalogue.h"
#include "report/pages.h"

namespace dcv::report {
namespace {

using Json = nlohmann::ordered_json;

Json row(const check::FindingKind& kind) {
  return {{"id", kind.id},
          {"severity", check::text(kind.severity)},
          {"affects", check::text(kind.affects)},
          {"message", kind.message},
          {"reference", kind.reference},
          {"since", kind.since}};
}

}  // namespace

std::string catalogue_json() {
  Json rows = Json::array();
  for (const check::FindingKind* kind : check::kinds()) rows.push_back(row(*kind));
  const Json document{
      {"kind", "dcv-catalogue"}, {"version", 1}, {"tool_version", DCV_VERSION}, {"findings", rows}};
  return document.dump(2) + "\n";
}

std::string finding_json(const check::FindingKind& kind) {
  Json document{{"kind", "dcv-finding"}, {"version", 1}, {"tool_version", DCV_VERSION}};
  document.update(row(kind));
  document["page"] = page(kind.id);
  return document.dump(2) + "\n";
}

}  // namespace dcv::report
