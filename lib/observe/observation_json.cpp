// Writes an observation as JSON. What is said of a reply in words is for readers only: the bytes
// are what counts. Docs: docs/observation-format.md.
#include "observe/observation_json.h"

#include <nlohmann/json.hpp>

#include "observe/base64.h"
#include "observe/json_ca_profile.h"
#include "observe/json_fetch.h"
#include "observe/json_provider.h"
#include "observe/json_resolver.h"

namespace dcv::observe {
namespace {

using Json = nlohmann::ordered_json;

Json to_value(const dns::Name& name) {
  return name.text();
}
Json to_value(const dns::IpAddress& address) {
  return address.text();
}
Json to_value(const std::string& value) {
  return value;
}
Json to_value(const dns::Record& record) {
  return dns::zone_line(record);
}
Json to_value(const dns::ClientSubnet& network) {
  return network.text();
}
Json to_value(ExchangeId id) {
  return id;
}

Json to_value(const CaProfile& profile) {
  return profile_value(profile);
}

Json to_value(const Provider& provider) {
  return provider_value(provider);
}

Json to_value(const Step& step);
Json to_value(const CaaLevel& level);
Json to_value(const Place& place);
Json to_value(const Target& target);
Json to_value(const NameServer& server);
Json to_value(const Zone& zone);
Json to_value(const dns::Message& reply);
Json to_value(const Exchange& exchange);
Json to_value(const CaAnswer& answer);
Json to_value(const View& view);
Json to_value(const PublicResolver& resolver);

template <typename T>
Json to_value(const std::optional<T>& value) {
  return value ? to_value(*value) : Json(nullptr);
}

template <typename T>
Json to_value(const std::vector<T>& items) {
  Json list = Json::array();
  for (const T& item : items) list.push_back(to_value(item));
  return list;
}

Json to_value(const Settings& settings) {
  return {{"ipv4", settings.ipv4},
          {"ipv6", settings.ipv6},
          {"allow_private", settings.allow_private},
          {"timeout", settings.timeout},
          {"query_timeout", settings.query_timeout}};
}

Json to_value(const Step& step) {
  return {{"name", to_value(step.name)},
          {"zone", to_value(step.zone)},
          {"end", text(step.end)},
          {"target", to_value(step.target)},
          {"through_dname", step.through_dname}};
}

Json to_value(const CaaLevel& level) {
  return {{"name", to_value(level.name)}, {"steps", to_value(level.steps)}};
}

// Text that may hold any bytes is in presentation form, as names are.
Json escaped(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& each : texts) list.push_back(dns::escape(each, ""));
  return list;
}

Json to_value(const Place& place) {
  return {{"name", to_value(place.name)},
          {"type", dns::text(place.type)},
          {"steps", to_value(place.steps)}};
}

Json to_value(const Target& target) {
  Json value{{"identifier", target.identifier},
             {"method", target.method},
             {"validation_name", to_value(target.validation_name)},
             {"expected", escaped(target.expected)},
             {"steps", to_value(target.steps)},
             {"caa", to_value(target.caa)},
             {"type", dns::text(target.type)},
             {"views", to_value(target.views)},
             {"views_withheld", target.views_withheld},
             {"profile", target.profile},
             {"others", to_value(target.others)},
             {"web", web_value(target.web)},
             {"csr_key", target.csr_key},
             {"previous_csr_key", target.previous_csr_key},
             {"csr_other_names", escaped(target.csr_other_names)}};
  if (target.delegation) value["delegation"] = to_value(*target.delegation);
  return value;
}

Json to_value(const NameServer& server) {
  return {{"name", to_value(server.name)},
          {"in_parent", server.in_parent},
          {"in_child", server.in_child},
          {"glue", to_value(server.glue)},
          {"addresses", to_value(server.addresses)},
          {"state", text(server.state)},
          {"alias_target", to_value(server.alias_target)}};
}

Json to_value(const Zone& zone) {
  return {{"apex", to_value(zone.apex)},
          {"parent", to_value(zone.parent)},
          {"probed", zone.probed},
          {"referred", zone.referred},
          {"servers", to_value(zone.servers)},
          {"delegation", to_value(zone.delegation)}};
}

Json flags(const dns::Message& reply) {
  Json set = Json::array();
  if (reply.authoritative) set.push_back("AA");
  if (reply.truncated) set.push_back("TC");
  if (reply.recursion_desired) set.push_back("RD");
  if (reply.recursion_available) set.push_back("RA");
  if (reply.authentic_data) set.push_back("AD");
  if (reply.checking_disabled) set.push_back("CD");
  return set;
}

Json to_value(const dns::Message& reply) {
  return {{"rcode", dns::text(reply.rcode)},          {"flags", flags(reply)},
          {"answer", to_value(reply.answer)},         {"authority", to_value(reply.authority)},
          {"additional", to_value(reply.additional)}, {"faults", to_value(reply.faults)}};
}

Json to_value(const dns::Question& question) {
  return {{"name", to_value(question.name)},
          {"type", dns::text(question.type)},
          {"class", question.record_class}};
}

Json to_value(const Exchange& exchange) {
  return {{"purpose", text(exchange.purpose)},
          {"zone", to_value(exchange.zone)},
          {"server", to_value(exchange.server)},
          {"address", to_value(exchange.address)},
          {"question", to_value(exchange.question)},
          {"sent_at", exchange.sent_at},
          {"duration", exchange.duration},
          {"depth", exchange.depth},
          {"attempts", exchange.attempts},
          {"mismatched", exchange.mismatched},
          {"transport", text(exchange.transport)},
          {"truncated", exchange.truncated},
          {"udp_silent", exchange.udp_silent},
          {"edns", text(exchange.edns)},
          {"letter_case", text(exchange.letter_case)},
          {"outcome", text(exchange.outcome)},
          {"detail", exchange.detail},
          {"bytes", base64(exchange.bytes)},
          {"kind", exchange.kind ? Json(dns::text(*exchange.kind)) : Json(nullptr)},
          {"reply", to_value(exchange.reply)}};
}

Json to_value(const CaAnswer& answer) {
  const bool has_code = answer.extended_error >= 0;
  return {{"profile", answer.profile},
          {"perspective", answer.perspective},
          {"question", to_value(answer.question)},
          {"duration", answer.duration},
          {"finished", answer.finished},
          {"rcode", dns::text(answer.rcode)},
          {"secure", answer.secure},
          {"bogus", answer.bogus},
          {"reason", dns::escape(answer.reason, "")},
          {"extended_error", has_code ? Json(answer.extended_error) : Json(nullptr)},
          {"bytes", base64(answer.bytes)},
          {"reply", to_value(answer.reply)}};
}

Json to_value(const View& view) {
  return {{"resolver", view.resolver}, {"exchanges", to_value(view.exchanges)}};
}

Json to_value(const PublicResolver& resolver) {
  return {{"resolver", resolver_value(resolver.resolver)},
          {"endpoint", endpoint_value(resolver.endpoint)},
          {"identity", to_value(resolver.identity)}};
}

Json to_value(const Stats& stats) {
  return {{"queries", stats.queries},
          {"seconds", stats.seconds},
          {"round_trips", stats.round_trips},
          {"limits", to_value(stats.limits)}};
}

}  // namespace

std::string to_json(const Observation& observation) {
  const Json document = {{"kind", "dcv-observation"},
                         {"version", 1},
                         {"tool_version", observation.tool_version},
                         {"started_at", observation.started_at},
                         {"now", observation.now},
                         {"settings", to_value(observation.settings)},
                         {"targets", to_value(observation.targets)},
                         {"zones", to_value(observation.zones)},
                         {"exchanges", to_value(observation.exchanges)},
                         {"profiles", to_value(observation.profiles)},
                         {"account_uris", escaped(observation.account_uris)},
                         {"ca_answers", to_value(observation.ca_answers)},
                         {"trust_anchors", to_value(observation.trust_anchors)},
                         {"providers", to_value(observation.providers)},
                         {"resolvers", to_value(observation.resolvers)},
                         {"client_subnet", to_value(observation.client_subnet)},
                         {"stats", to_value(observation.stats)}};
  return document.dump(1, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace dcv::observe
