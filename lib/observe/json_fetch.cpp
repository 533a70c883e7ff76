// Fetches and handshakes, written and read. What servers sent may be any bytes: texts are in
// presentation form, bodies in base64.
#include "observe/json_fetch.h"

#include "observe/base64.h"

namespace dcv::observe {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kPorts = 65535, kHops = 1000, kStatuses = 999, kNames = 1'000'000,
                        kAlerts = 255;

std::string shown(const std::string& bytes) {
  return dns::escape(bytes, "");
}

dns::Name name(const Field& field) {
  return field.checked(dns::Name::parse(field.string()));
}

dns::IpAddress address(const Field& field) {
  return field.checked(dns::IpAddress::parse(field.string()));
}

std::uint16_t port(const Field& field) {
  return static_cast<std::uint16_t>(field.count(kPorts));
}

std::string bytes(const Field& field) {
  return field.bytes();
}

Json fetch_value(const Fetch& fetch) {
  return {{"url", shown(fetch.url)},
          {"host", fetch.host.text()},
          {"address", fetch.address.text()},
          {"port", fetch.port},
          {"tls", fetch.tls},
          {"hop", fetch.hop},
          {"came_from", fetch.came_from ? Json(*fetch.came_from) : Json(nullptr)},
          {"sent_at", fetch.sent_at},
          {"duration", fetch.duration},
          {"connected", fetch.connected},
          {"outcome", text(fetch.outcome)},
          {"detail", shown(fetch.detail)},
          {"status", fetch.status},
          {"location", shown(fetch.location)},
          {"server", shown(fetch.server)},
          {"content_type", shown(fetch.content_type)},
          {"body", base64(fetch.body)},
          {"body_cut", fetch.body_cut}};
}

Fetch read_fetch(const Field& field) {
  Fetch fetch{.url = field["url"].bytes(),
              .host = name(field["host"]),
              .address = address(field["address"]),
              .port = port(field["port"]),
              .tls = field["tls"].boolean(),
              .hop = static_cast<int>(field["hop"].count(kHops)),
              .sent_at = field["sent_at"].number(),
              .duration = field["duration"].number(),
              .connected = field["connected"].boolean(),
              .outcome = field["outcome"].word(Outcome::not_asked),
              .detail = field["detail"].bytes(),
              .status = static_cast<int>(field["status"].count(kStatuses)),
              .location = field["location"].bytes(),
              .server = field["server"].bytes(),
              .content_type = field["content_type"].bytes(),
              .body = field["body"].checked(from_base64(field["body"].string())),
              .body_cut = field["body_cut"].boolean()};
  if (!field["came_from"].is_null()) fetch.came_from = field["came_from"].count(kNames);
  return fetch;
}

Json certificate_value(const ShownCertificate& certificate) {
  Json names = Json::array();
  for (const std::string& each : certificate.dns_names) names.push_back(shown(each));
  return {{"subject", shown(certificate.subject)},
          {"issuer", shown(certificate.issuer)},
          {"self_signed", certificate.self_signed},
          {"dns_names", names},
          {"other_names", certificate.other_names},
          {"acme_identifier", certificate.acme_identifier},
          {"acme_critical", certificate.acme_critical},
          {"acme_digest", certificate.acme_digest}};
}

ShownCertificate read_certificate(const Field& field) {
  return {.subject = field["subject"].bytes(),
          .issuer = field["issuer"].bytes(),
          .self_signed = field["self_signed"].boolean(),
          .dns_names = field["dns_names"].list(bytes),
          .other_names = field["other_names"].count(kNames),
          .acme_identifier = field["acme_identifier"].boolean(),
          .acme_critical = field["acme_critical"].boolean(),
          .acme_digest = field["acme_digest"].string()};
}

Json handshake_value(const Handshake& handshake) {
  return {{"host", handshake.host.text()},
          {"address", handshake.address.text()},
          {"port", handshake.port},
          {"sent_at", handshake.sent_at},
          {"duration", handshake.duration},
          {"connected", handshake.connected},
          {"outcome", text(handshake.outcome)},
          {"detail", shown(handshake.detail)},
          {"alert", handshake.alert},
          {"tls_version", handshake.tls_version},
          {"protocol", shown(handshake.protocol)},
          {"certificate",
           handshake.certificate ? certificate_value(*handshake.certificate) : Json(nullptr)}};
}

Handshake read_handshake(const Field& field) {
  Handshake handshake{.host = name(field["host"]),
                      .address = address(field["address"]),
                      .port = port(field["port"]),
                      .sent_at = field["sent_at"].number(),
                      .duration = field["duration"].number(),
                      .connected = field["connected"].boolean(),
                      .outcome = field["outcome"].word(Outcome::not_asked),
                      .detail = field["detail"].bytes(),
                      .alert = static_cast<int>(field["alert"].count(kAlerts)),
                      .tls_version = field["tls_version"].string(),
                      .protocol = field["protocol"].bytes()};
  if (!field["certificate"].is_null())
    handshake.certificate = read_certificate(field["certificate"]);
  return handshake;
}

}  // namespace

nlohmann::ordered_json web_value(const WebSight& web) {
  Json fetches = Json::array(), handshakes = Json::array();
  for (const Fetch& each : web.fetches) fetches.push_back(fetch_value(each));
  for (const Handshake& each : web.handshakes) handshakes.push_back(handshake_value(each));
  return {{"url", shown(web.url)},
          {"follows_redirects", web.follows_redirects},
          {"fetches", fetches},
          {"handshakes", handshakes}};
}

WebSight read_web(const Field& field) {
  WebSight web{.url = field["url"].bytes(),
               .follows_redirects = field["follows_redirects"].boolean(),
               .fetches = field["fetches"].list(read_fetch),
               .handshakes = field["handshakes"].list(read_handshake)};
  for (std::size_t i = 0; i < web.fetches.size(); ++i)
    if (web.fetches[i].came_from && *web.fetches[i].came_from >= i)
      field["fetches"].items()[i]["came_from"].fail("there is no such fetch before it");
  return web;
}

}  // namespace dcv::observe
