// The facts about a resolver and the way to it, written and read.
#include "observe/json_resolver.h"

namespace dcv::observe {
namespace {

using Json = nlohmann::ordered_json;

Json seconds_value(const std::optional<double>& seconds) {
  return seconds ? Json(*seconds) : Json(nullptr);
}

std::optional<double> read_seconds(const Field& field) {
  if (field.is_null()) return std::nullopt;
  return field.number();
}

}  // namespace

Json resolver_value(const Resolver& resolver) {
  return {{"operator", resolver.operator_name},
          {"service", resolver.service},
          {"country", resolver.country},
          {"anycast", resolver.anycast},
          {"filtering", resolver.filtering},
          {"validates", resolver.validates},
          {"client_subnet", resolver.client_subnet},
          {"flush_page", resolver.flush_page},
          {"twin", resolver.twin},
          {"instance", resolver.instance},
          {"ttl_cap", seconds_value(resolver.ttl_cap)},
          {"negative_cap", seconds_value(resolver.negative_cap)},
          {"system", resolver.system}};
}

Resolver read_resolver(const Field& field) {
  return {.operator_name = field["operator"].string(),
          .service = field["service"].string(),
          .country = field["country"].string(),
          .anycast = field["anycast"].boolean(),
          .filtering = field["filtering"].string(),
          .validates = field["validates"].string(),
          .client_subnet = field["client_subnet"].string(),
          .flush_page = field["flush_page"].string(),
          .twin = field["twin"].string(),
          .instance = field["instance"].string(),
          .ttl_cap = read_seconds(field["ttl_cap"]),
          .negative_cap = read_seconds(field["negative_cap"]),
          .system = field["system"].boolean()};
}

Json endpoint_value(const Endpoint& endpoint) {
  return {{"transport", text(endpoint.transport)},
          {"address", endpoint.address.text()},
          {"port", endpoint.port},
          {"host", endpoint.host},
          {"path", endpoint.path},
          {"post", endpoint.post}};
}

Endpoint read_endpoint(const Field& field) {
  const Field address = field["address"];
  return {.transport = field["transport"].word(Transport::https),
          .address = address.checked(dns::IpAddress::parse(address.string())),
          .port = static_cast<std::uint16_t>(field["port"].count(65535)),
          .host = field["host"].string(),
          .path = field["path"].string(),
          .post = field["post"].boolean()};
}

}  // namespace dcv::observe
