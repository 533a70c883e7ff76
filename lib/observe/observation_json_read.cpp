// Reads an observation from JSON. The file may come from anywhere: every field is checked, and the
// first thing wrong is named by its place. Replies are decoded and classified anew.
#include <limits>
#include <nlohmann/json.hpp>

#include "dns/wire.h"
#include "dns/zone_file.h"
#include "observe/base64.h"
#include "observe/json_ca_profile.h"
#include "observe/json_fetch.h"
#include "observe/json_field.h"
#include "observe/json_provider.h"
#include "observe/json_resolver.h"
#include "observe/observation_json.h"

namespace dcv::observe {
namespace {

using Json = nlohmann::json;

constexpr int kVersion = 1;

dns::Name name(const Field& field) {
  return field.checked(dns::Name::parse(field.string()));
}

dns::IpAddress address(const Field& field) {
  return field.checked(dns::IpAddress::parse(field.string()));
}

std::optional<dns::Name> optional_name(const Field& field) {
  if (field.is_null()) return std::nullopt;
  return name(field);
}

std::string plain(const Field& field) {
  return field.string();
}

std::string unescaped(const Field& field) {
  return field.bytes();
}

Settings settings(const Field& field) {
  return {.ipv4 = field["ipv4"].boolean(),
          .ipv6 = field["ipv6"].boolean(),
          .allow_private = field["allow_private"].boolean(),
          .timeout = field["timeout"].number(),
          .query_timeout = field["query_timeout"].number()};
}

Step step(const Field& field) {
  return {.name = name(field["name"]),
          .zone = name(field["zone"]),
          .end = field["end"].word(StepEnd::limit),
          .target = optional_name(field["target"]),
          .through_dname = field["through_dname"].boolean()};
}

// A list that files of earlier versions do not have.
template <typename T>
std::vector<T> later_list(const Field& field, const char* key, T (*read)(const Field&)) {
  return field.has(key) ? field[key].list(read) : std::vector<T>();
}

CaaLevel caa_level(const Field& field) {
  return {.name = name(field["name"]), .steps = field["steps"].list(step)};
}

dns::RecordType record_type(const Field& field) {
  const std::optional<dns::RecordType> known = dns::record_type(field.string());
  if (!known) field.fail("not a record type");
  return known.value_or(dns::RecordType::a);
}

dns::Question question(const Field& field) {
  return {.name = name(field["name"]),
          .type = record_type(field["type"]),
          .record_class = static_cast<std::uint16_t>(field["class"].count(65535))};
}

Exchange exchange(const Field& field) {
  Exchange exchange{.purpose = field["purpose"].word(Purpose::identity),
                    .zone = name(field["zone"]),
                    .server = name(field["server"]),
                    .address = address(field["address"]),
                    .question = question(field["question"]),
                    .sent_at = field["sent_at"].number(),
                    .duration = field["duration"].number(),
                    .depth = field["depth"].integer(),
                    .attempts = field["attempts"].integer(),
                    .mismatched = field["mismatched"].integer(),
                    .transport = field["transport"].word(Transport::https),
                    .truncated = field["truncated"].boolean(),
                    .udp_silent = field["udp_silent"].boolean(),
                    .edns = field["edns"].word(EdnsSupport::unknown),
                    .letter_case = field["letter_case"].word(CaseSupport::unknown),
                    .outcome = field["outcome"].word(Outcome::not_asked),
                    .detail = field["detail"].string(),
                    .bytes = field["bytes"].checked(from_base64(field["bytes"].string())),
                    .reply = std::nullopt,
                    .kind = std::nullopt};
  if (exchange.outcome == Outcome::reply) {
    exchange.reply = field["bytes"].checked(dns::decode_reply(exchange.bytes));
    exchange.kind = dns::classify(*exchange.reply, exchange.question, exchange.zone);
  }
  return exchange;
}

std::size_t resolver_index(const Field& field) {
  return field.count(std::numeric_limits<std::uint32_t>::max());
}

View view(const Field& field) {
  return {.resolver = resolver_index(field["resolver"]),
          .exchanges = field["exchanges"].list(exchange)};
}

PublicResolver public_resolver(const Field& field) {
  return {.resolver = read_resolver(field["resolver"]),
          .endpoint = read_endpoint(field["endpoint"]),
          .identity = field["identity"].list(exchange)};
}

Place place(const Field& field) {
  Place place{.name = name(field["name"]),
              .type = record_type(field["type"]),
              .steps = field["steps"].list(step)};
  if (place.steps.empty()) field["steps"].fail("must not be empty");
  return place;
}

dns::Record record_line(const Field& field) {
  return field.checked(dns::parse_record(field.string(), dns::Name()));
}

Target target(const Field& field) {
  Target target{.identifier = field["identifier"].string(),
                .method = field["method"].string(),
                .validation_name = name(field["validation_name"]),
                .expected = field["expected"].list(unescaped),
                .steps = field["steps"].list(step),
                .caa = later_list(field, "caa", caa_level),
                .views = later_list(field, "views", view)};
  if (field.has("type")) target.type = record_type(field["type"]);
  if (field.has("views_withheld")) target.views_withheld = field["views_withheld"].string();
  if (field.has("profile")) target.profile = field["profile"].string();
  target.others = later_list(field, "others", place);
  if (field.has("web")) target.web = read_web(field["web"]);
  if (field.has("csr_key")) target.csr_key = field["csr_key"].string();
  if (field.has("delegation")) target.delegation = field["delegation"].list(record_line);
  if (field.has("previous_csr_key")) target.previous_csr_key = field["previous_csr_key"].string();
  if (field.has("csr_other_names"))
    target.csr_other_names = field["csr_other_names"].list(unescaped);
  if (target.steps.empty()) field["steps"].fail("must not be empty");
  return target;
}

NameServer name_server(const Field& field) {
  return {.name = name(field["name"]),
          .in_parent = field["in_parent"].boolean(),
          .in_child = field["in_child"].boolean(),
          .glue = field["glue"].list(address),
          .addresses = field["addresses"].list(address),
          .state = field["state"].word(HostState::circular),
          .alias_target = optional_name(field["alias_target"])};
}

ExchangeId exchange_id(const Field& field) {
  return field.count(std::numeric_limits<std::uint32_t>::max());
}

Zone zone(const Field& field) {
  return {.apex = name(field["apex"]),
          .parent = name(field["parent"]),
          .probed = field["probed"].boolean(),
          .referred = field["referred"].boolean(),
          .servers = field["servers"].list(name_server),
          .delegation = field["delegation"].list(exchange_id)};
}

CaProfile profile(const Field& field) {
  const CaProfile profile = read_profile(field, CaProfile{});
  if (profile.name.empty()) field["name"].fail("must not be empty");
  if (profile.quorum.empty()) field["quorum"].fail("must not be empty");
  return profile;
}

dns::Rcode rcode(const Field& field) {
  constexpr int kRcodes = 4096;  // 12 bits with EDNS
  const std::string word = field.string();
  for (int i = 0; i < kRcodes; ++i) {
    if (dns::text(static_cast<dns::Rcode>(i)) == word) return static_cast<dns::Rcode>(i);
  }
  field.fail("not an rcode");
  return dns::Rcode::servfail;
}

CaAnswer ca_answer(const Field& field) {
  const Field code = field["extended_error"];
  CaAnswer answer{.profile = field["profile"].string(),
                  .perspective = field["perspective"].integer(),
                  .question = question(field["question"]),
                  .duration = field["duration"].number(),
                  .finished = field["finished"].boolean(),
                  .rcode = rcode(field["rcode"]),
                  .secure = field["secure"].boolean(),
                  .bogus = field["bogus"].boolean(),
                  .reason = unescaped(field["reason"]),
                  .extended_error = code.is_null() ? -1 : static_cast<int>(code.count(65535)),
                  .bytes = field["bytes"].checked(from_base64(field["bytes"].string())),
                  .reply = std::nullopt};
  if (!answer.bytes.empty()) answer.reply = field["bytes"].checked(dns::decode_reply(answer.bytes));
  return answer;
}

std::optional<dns::ClientSubnet> client_subnet(const Field& root) {
  if (!root.has("client_subnet") || root["client_subnet"].is_null()) return std::nullopt;
  const Field field = root["client_subnet"];
  return field.checked(dns::ClientSubnet::parse(field.string()));
}

Stats stats(const Field& field) {
  return {.queries = field["queries"].integer(),
          .seconds = field["seconds"].number(),
          .round_trips = field["round_trips"].integer(),
          .limits = field["limits"].list(plain)};
}

// Each id in a delegation must be that of an exchange, each resolver of a view must be there.
void check_ids(const Observation& observation, const Field& root) {
  for (const Field& zone_field : root["zones"].items()) {
    const Field ids = zone_field["delegation"];
    for (const Field& id : ids.items()) {
      if (exchange_id(id) >= observation.exchanges.size()) id.fail("there is no such exchange");
    }
  }
  for (const Field& target_field : root["targets"].items()) {
    if (!target_field.has("views")) continue;
    for (const Field& view_field : target_field["views"].items()) {
      const Field index = view_field["resolver"];
      if (resolver_index(index) >= observation.resolvers.size())
        index.fail("there is no such resolver");
    }
  }
}

// Why `document` is not an observation that this tool can read; empty when it is.
std::string refusal(const Json& document) {
  const std::string wanted = "not a saved observation (dcv-observation)";
  if (!document.is_object() || !document.contains("kind") || !document["kind"].is_string()) {
    return "this is JSON without a \"kind\", " + wanted;
  }
  const auto kind = document["kind"].get<std::string>();
  if (kind != "dcv-observation") {
    return "this is a \"" + dns::escape(kind.substr(0, 80), "") + "\" file, " + wanted;
  }
  if (!document.contains("version")) return "version is missing";
  const Json& version = document["version"];
  if (!version.is_number_unsigned() || version.get<std::uint64_t>() == 0) {
    return "version must be a whole number from 1";
  }
  if (version.get<std::uint64_t>() > kVersion) {
    return "was saved by a newer dcvtools (observation version " + version.dump() +
           ", this tool reads version " + std::to_string(kVersion) + ")";
  }
  return "";
}

}  // namespace

Result<Observation> from_json(const std::string& text) {
  const Result<Json> read_document = parsed_json(text);
  if (!read_document) return Error{read_document.error()};
  const Json& document = *read_document;
  std::string error = refusal(document);
  if (!error.empty()) return Error{error};

  const Field root(&document, "", error);
  const Observation observation{.tool_version = root["tool_version"].string(),
                                .started_at = root["started_at"].number(),
                                .now = root["now"].number(),
                                .settings = settings(root["settings"]),
                                .targets = root["targets"].list(target),
                                .zones = root["zones"].list(zone),
                                .exchanges = root["exchanges"].list(exchange),
                                .profiles = later_list(root, "profiles", profile),
                                .account_uris = later_list(root, "account_uris", unescaped),
                                .ca_answers = later_list(root, "ca_answers", ca_answer),
                                .trust_anchors = later_list(root, "trust_anchors", record_line),
                                .providers = later_list(root, "providers", read_provider),
                                .resolvers = later_list(root, "resolvers", public_resolver),
                                .client_subnet = client_subnet(root),
                                .stats = stats(root["stats"])};
  check_ids(observation, root);
  if (!error.empty()) return Error{error};
  return observation;
}

}  // namespace dcv::observe
