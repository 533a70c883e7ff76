// The trace as JSON: for programs. docs/report-format.md describes it, docs/schema/trace-1.json
// checks it.
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "observe/interception.h"
#include "report/render.h"
#include "report/trace.h"
#include "report/words.h"

namespace dcv::report {
namespace {

using Json = nlohmann::ordered_json;

Json optional_text(const std::optional<dns::Name>& name) {
  return name ? Json(name->lower().text()) : Json(nullptr);
}

Json milliseconds(double seconds) {
  return std::round(seconds * 1e6) / 1e3;
}

Json address_value(const AddressView& view) {
  const observe::Exchange* exchange = view.exchange;
  const bool asked = exchange != nullptr;
  return {{"server", view.server->name.lower().text()},
          {"address", view.address.text()},
          {"outcome", observe::text(asked ? exchange->outcome : observe::Outcome::not_asked)},
          {"kind", asked && exchange->kind ? Json(dns::text(*exchange->kind)) : Json(nullptr)},
          {"edns", observe::text(asked ? exchange->edns : observe::EdnsSupport::unknown)},
          {"tcp", view.tcp != nullptr ? Json(observe::text(view.tcp->outcome)) : Json(nullptr)},
          {"milliseconds", asked ? milliseconds(exchange->duration) : Json(nullptr)}};
}

Json zone_value(const ZoneView& view) {
  Json servers = Json::array(), addresses = Json::array();
  for (const observe::NameServer& server : view.zone->servers) {
    servers.push_back({{"name", server.name.lower().text()},
                       {"in_parent", server.in_parent},
                       {"in_child", server.in_child},
                       {"state", observe::text(server.state)}});
  }
  for (const AddressView& each : view.addresses) addresses.push_back(address_value(each));
  return {{"apex", view.zone->apex.lower().text()},
          {"parent", view.zone->parent.lower().text()},
          {"probed", view.zone->probed},
          {"servers", servers},
          {"addresses", addresses}};
}

Json saying_value(const Saying& saying) {
  Json values = Json::array(), by = Json::array();
  for (const std::string& value : saying.values) values.push_back(dns::escape(value, ""));
  for (const observe::Exchange* exchange : saying.exchanges) {
    by.push_back(
        {{"server", exchange->server.lower().text()}, {"address", exchange->address.text()}});
  }
  return {{"what", saying.what},
          {"target", optional_text(saying.target)},
          {"values", values},
          {"by", by}};
}

Json hop_value(const Hop& hop) {
  Json path = Json::array(), said = Json::array();
  for (const ZoneView& view : hop.path) path.push_back(view.zone->apex.lower().text());
  for (const Saying& saying : hop.said) said.push_back(saying_value(saying));
  return {{"name", hop.step->name.lower().text()},
          {"zone", hop.step->zone.lower().text()},
          {"path", path},
          {"end", observe::text(hop.step->end)},
          {"target", optional_text(hop.step->target)},
          {"through_dname", hop.step->through_dname},
          {"said", said}};
}

// The target's steps, and every zone on their ways once.
Json target_value(const Trace& trace) {
  Json steps = Json::array(), zones = Json::array(), expected = Json::array();
  std::set<dns::Name> met;
  for (const Hop& hop : trace.hops) {
    for (const ZoneView& view : hop.path) {
      if (met.insert(view.zone->apex).second) zones.push_back(zone_value(view));
    }
    steps.push_back(hop_value(hop));
  }
  for (const std::string& value : trace.target->expected) {
    expected.push_back(dns::escape(value, ""));
  }
  return {{"identifier", trace.target->identifier},
          {"method", trace.target->method},
          {"validation_name", trace.target->validation_name.lower().text()},
          {"expected", expected},
          {"steps", steps},
          {"zones", zones}};
}

Json document(const observe::Observation& observation, const std::string& tool, Json targets) {
  return {{"kind", "dcv-trace"},
          {"version", 1},
          {"tool", tool},
          {"tool_version", DCV_VERSION},
          {"at", rfc3339(observation.started_at)},
          {"intercepted", observe::interception(observation).is_certain()},
          {"targets", std::move(targets)},
          {"stats",
           {{"queries", observation.stats.queries},
            {"seconds", std::round(observation.stats.seconds * 1000) / 1000},
            {"round_trips", observation.stats.round_trips}}}};
}

std::string dumped(const Json& value, int indent) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string render_trace_json(const observe::Observation& observation, const std::string& tool) {
  const bool lines = observation.targets.size() > 1;
  if (observation.targets.empty()) return dumped(document(observation, tool, Json::array()), 2);
  std::string text;
  for (const observe::Target& target : observation.targets) {
    const Json targets = Json::array({target_value(trace(observation, target))});
    text += dumped(document(observation, tool, targets), lines ? -1 : 2);
  }
  return text;
}

}  // namespace dcv::report
