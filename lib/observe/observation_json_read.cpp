// Reads an observation from JSON. The file may come from anywhere: every field is checked, and the
// first thing wrong is named by its place. Replies are decoded and classified anew.
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "dns/wire.h"
#include "observe/base64.h"
#include "observe/observation_json.h"

namespace dcv::observe {
namespace {

using Json = nlohmann::json;

constexpr int kVersion = 1;

// A value in the document and its place. After the first error all reads give empty values.
class Field {
 public:
  Field(const Json* value, std::string path, std::string& error)
      : value_(value), path_(std::move(path)), error_(&error) {}

  Field operator[](const char* key) const {
    const std::string path = path_.empty() ? key : path_ + "." + key;
    if (!is(value_ != nullptr && value_->is_object(), "an object")) return {nullptr, path, *error_};
    const auto found = value_->find(key);
    if (found != value_->end()) return {&*found, path, *error_};
    if (error_->empty()) *error_ = path + " is missing";
    return {nullptr, path, *error_};
  }

  std::vector<Field> items() const {
    std::vector<Field> fields;
    if (!is(value_ != nullptr && value_->is_array(), "a list")) return fields;
    for (std::size_t i = 0; i < value_->size(); ++i) {
      fields.push_back({&(*value_)[i], path_ + "[" + std::to_string(i) + "]", *error_});
    }
    return fields;
  }

  bool is_null() const { return value_ != nullptr && value_->is_null(); }

  std::string string() const {
    if (!is(value_ != nullptr && value_->is_string(), "a string")) return {};
    return value_->get<std::string>();
  }
  bool boolean() const {
    return is(value_ != nullptr && value_->is_boolean(), "true or false") && value_->get<bool>();
  }
  double number() const {
    if (!is(value_ != nullptr && value_->is_number(), "a number")) return 0;
    return value_->get<double>();
  }
  // A whole number from 0 to `limit`.
  std::uint64_t count(std::uint64_t limit) const {
    const bool fits =
        value_ != nullptr && value_->is_number_unsigned() && value_->get<std::uint64_t>() <= limit;
    return is(fits, "a whole number from 0 to " + std::to_string(limit))
               ? value_->get<std::uint64_t>()
               : 0;
  }
  int integer() const { return static_cast<int>(count(std::numeric_limits<int>::max())); }

  // The enumerator with this word; `last` is the last one of the enumeration.
  template <typename Enum>
  Enum word(Enum last) const {
    const std::string word = string();
    for (int i = 0; i <= static_cast<int>(last); ++i) {
      if (text(static_cast<Enum>(i)) == word) return static_cast<Enum>(i);
    }
    fail("\"" + dns::escape(word, "") + "\" is not a word that this tool knows here");
    return Enum{};
  }

  // The value of `result`, or an empty one with the error noted.
  template <typename T>
  T checked(const Result<T>& result) const {
    if (result) return *result;
    fail(result.error());
    return T{};
  }

  void fail(const std::string& reason) const {
    if (error_->empty()) *error_ = path_ + ": " + reason;
  }

 private:
  bool is(bool holds, const std::string& wanted) const {
    if (!holds && error_->empty()) {
      *error_ = (path_.empty() ? "the document" : path_) + " must be " + wanted;
    }
    return holds;
  }

  const Json* value_;
  std::string path_;
  std::string* error_;
};

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

// `read` applied to every item.
template <typename T>
std::vector<T> list(const Field& field, T (*read)(const Field&)) {
  std::vector<T> values;
  for (const Field& item : field.items()) values.push_back(read(item));
  return values;
}

std::string plain(const Field& field) {
  return field.string();
}

// The bytes behind presentation form: the way back from dns::escape().
std::string unescaped(const Field& field) {
  const std::string shown = field.string();
  std::string bytes;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (shown[i] != '\\') {
      bytes += shown[i];
      continue;
    }
    const auto digit = [&](std::size_t k) {
      return i + k < shown.size() && shown[i + k] >= '0' && shown[i + k] <= '9';
    };
    if (digit(1) && digit(2) && digit(3)) {
      const int code = std::stoi(shown.substr(i + 1, 3));
      if (code > 255) field.fail("an escape above \\255");
      bytes += static_cast<char>(code);
      i += 3;
    } else if (i + 1 < shown.size()) {
      bytes += shown[++i];
    } else {
      field.fail("a lone backslash at the end");
    }
  }
  return bytes;
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

Target target(const Field& field) {
  Target target{.identifier = field["identifier"].string(),
                .method = field["method"].string(),
                .validation_name = name(field["validation_name"]),
                .expected = list(field["expected"], unescaped),
                .steps = list(field["steps"], step)};
  if (target.steps.empty()) field["steps"].fail("must not be empty");
  return target;
}

NameServer name_server(const Field& field) {
  return {.name = name(field["name"]),
          .in_parent = field["in_parent"].boolean(),
          .in_child = field["in_child"].boolean(),
          .glue = list(field["glue"], address),
          .addresses = list(field["addresses"], address),
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
          .servers = list(field["servers"], name_server),
          .delegation = list(field["delegation"], exchange_id)};
}

dns::Question question(const Field& field) {
  const Field type = field["type"];
  const std::optional<dns::RecordType> known = dns::record_type(type.string());
  if (!known) type.fail("not a record type");
  return {.name = name(field["name"]),
          .type = known.value_or(dns::RecordType::a),
          .record_class = static_cast<std::uint16_t>(field["class"].count(65535))};
}

Exchange exchange(const Field& field) {
  Exchange exchange{.purpose = field["purpose"].word(Purpose::suspicion),
                    .zone = name(field["zone"]),
                    .server = name(field["server"]),
                    .address = address(field["address"]),
                    .question = question(field["question"]),
                    .sent_at = field["sent_at"].number(),
                    .duration = field["duration"].number(),
                    .depth = field["depth"].integer(),
                    .attempts = field["attempts"].integer(),
                    .mismatched = field["mismatched"].integer(),
                    .transport = field["transport"].word(Transport::tcp),
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

Stats stats(const Field& field) {
  return {.queries = field["queries"].integer(),
          .seconds = field["seconds"].number(),
          .round_trips = field["round_trips"].integer(),
          .limits = list(field["limits"], plain)};
}

// Each id in a delegation must be that of an exchange.
void check_ids(const Observation& observation, const Field& zones) {
  for (const Field& zone_field : zones.items()) {
    const Field ids = zone_field["delegation"];
    for (const Field& id : ids.items()) {
      if (exchange_id(id) >= observation.exchanges.size()) id.fail("there is no such exchange");
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
  Json document;
  try {
    document = Json::parse(text);
  } catch (const Json::parse_error& problem) {
    return Error{"this is not JSON (wrong at byte " + std::to_string(problem.byte) + ")"};
  }
  std::string error = refusal(document);
  if (!error.empty()) return Error{error};

  const Field root(&document, "", error);
  const Observation observation{.tool_version = root["tool_version"].string(),
                                .started_at = root["started_at"].number(),
                                .now = root["now"].number(),
                                .settings = settings(root["settings"]),
                                .targets = list(root["targets"], target),
                                .zones = list(root["zones"], zone),
                                .exchanges = list(root["exchanges"], exchange),
                                .stats = stats(root["stats"])};
  check_ids(observation, root["zones"]);
  if (!error.empty()) return Error{error};
  return observation;
}

}  // namespace dcv::observe
