// Events, snapshots and outlooks as JSON, and back.
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "report/json_values.h"
#include "report/words.h"
#include "watch_event.h"
#include "watch_text.h"

namespace dcv::probes {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const check::Noted& noted) {
  return {{"id", noted.id},
          {"subject", noted.subject},
          {"severity", check::text(noted.severity)},
          {"affects", check::text(noted.affects)}};
}

template <typename Enum>
Enum one_of(std::initializer_list<Enum> values, const std::string& word) {
  for (const Enum each : values)
    if (check::text(each) == word) return each;
  throw std::runtime_error("there is no \"" + word + "\" in what the database may hold");
}

check::Verdict verdict_in(const Json& json) {
  using check::Verdict;
  return one_of({Verdict::ready, Verdict::at_risk, Verdict::blocked, Verdict::unknown},
                json.get<std::string>());
}

check::Noted noted_in(const Json& json) {
  using check::Affects;
  return {json.at("id"), json.at("subject"), severity_in(json.at("severity").get<std::string>()),
          one_of({Affects::ca, Affects::client, Affects::hygiene},
                 json.at("affects").get<std::string>()),
          json.value("message", std::string())};
}

Json json_of(const check::Opinion& opinion, bool with_messages) {
  Json findings = Json::array();
  for (const check::Noted& each : opinion.findings) {
    findings.push_back(json_of(each));
    if (with_messages) findings.back()["message"] = each.message;
  }
  return {{"verdict", check::text(opinion.verdict)}, {"findings", findings}};
}

check::Opinion opinion_in(const Json& json) {
  check::Opinion opinion;
  opinion.verdict = verdict_in(json.at("verdict"));
  for (const Json& each : json.at("findings")) opinion.findings.insert(noted_in(each));
  return opinion;
}

Json json_of(const check::Held& held) {
  return {{"since", held.since},
          {"missed", held.missed},
          {"may_stay", held.may_stay},
          {"is_stray", held.is_stray}};
}

check::Held held_in(const Json& json) {
  return {json.at("since"), json.at("missed"), json.at("may_stay"), json.at("is_stray")};
}

// Values alone, or each with what only a row of looks can tell.
Json json_of(const check::FactKey& key, const check::Fact& fact, bool whole) {
  Json values = whole ? Json::object() : Json::array();
  for (const auto& [value, held] : fact.values) {
    if (whole) {
      values[value] = json_of(held);
    } else {
      values.push_back(value);
    }
  }
  Json json = {{"aspect", check::text(key.aspect)}, {"subject", key.subject}, {"values", values}};
  if (!key.zone.empty()) json["zone"] = key.zone;
  if (whole && fact.looks > 0) {
    json["awaited"] = fact.awaited;
    json["looks"] = fact.looks;
  }
  return json;
}

Json json_of(const check::Snapshot& snapshot, bool whole) {
  Json facts = Json::array();
  for (const auto& [key, fact] : snapshot.facts) facts.push_back(json_of(key, fact, whole));
  return {{"name", snapshot.name},
          {"method", snapshot.method},
          {"ca", snapshot.ca},
          {"validation_name", snapshot.validation_name},
          {"final_name", snapshot.final_name},
          {"opinion", json_of(snapshot.opinion, whole)},
          {"facts", facts}};
}

void read_fact(const Json& json, check::Snapshot& snapshot) {
  const check::FactKey key{check::aspect_of(json.at("aspect").get<std::string>()),
                           json.value("zone", std::string()), json.at("subject")};
  check::Fact& fact = snapshot.facts[key];
  fact.looks = json.value("looks", 0);
  fact.awaited = json.value("awaited", std::set<std::string>());
  for (const auto& [word, value] : json.at("values").items()) {
    if (value.is_string()) {
      fact.values[value.get<std::string>()] = {};
    } else {
      fact.values[word] = held_in(value);
    }
  }
}

// Of use only to tell what has changed since.
void add_way(const check::Snapshot& snapshot, Json& json) {
  json["zones"] = snapshot.zones;
  json["arrived"] = snapshot.arrived;
}

std::string compact(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string event_line(const Event& event) {
  const check::Change& change = event.change;
  return report::dumped({{"kind", "dcv-watch-event"},
                         {"version", 1},
                         {"id", event.id},
                         {"at", report::rfc3339_precise(event.at)},
                         {"event", check::text(change.kind)},
                         {"severity", check::text(change.severity)},
                         {"name", event.watch.name},
                         {"method", event.watch.method},
                         {"ca", event.watch.ca},
                         {"subject", change.subject},
                         {"zone", change.zone},
                         {"side", change.side},
                         {"before", change.before},
                         {"after", change.after},
                         {"message", change.message}},
                        true);
}

std::string text_of(const std::vector<std::string>& words) {
  return compact(Json(words));
}

std::vector<std::string> words_in(const std::string& text) {
  return Json::parse(text).get<std::vector<std::string>>();
}

check::ChangeKind change_kind_in(const std::string& word) {
  for (int i = 0; i <= static_cast<int>(check::ChangeKind::finding_gone); ++i)
    if (check::text(static_cast<check::ChangeKind>(i)) == word)
      return static_cast<check::ChangeKind>(i);
  throw std::runtime_error("there is no event \"" + word + "\"");
}

check::Severity severity_in(const std::string& word) {
  using check::Severity;
  return one_of({Severity::error, Severity::warning, Severity::notice, Severity::info}, word);
}

std::string document_of(const check::Snapshot& snapshot) {
  Json json = json_of(snapshot, false);
  add_way(snapshot, json);
  return compact(json);
}

std::string state_of(const check::Snapshot& snapshot) {
  Json json = json_of(snapshot, true);
  json["scope"] = snapshot.scope;
  add_way(snapshot, json);
  json["latest"] = json_of(snapshot.latest, true);
  return compact(json);
}

check::Snapshot snapshot_in(const std::string& text) {
  const Json json = Json::parse(text);
  check::Snapshot snapshot;
  snapshot.name = json.at("name");
  snapshot.method = json.at("method");
  snapshot.ca = json.at("ca");
  snapshot.validation_name = json.at("validation_name");
  snapshot.final_name = json.at("final_name");
  snapshot.opinion = opinion_in(json.at("opinion"));
  snapshot.latest = json.contains("latest") ? opinion_in(json.at("latest")) : snapshot.opinion;
  snapshot.arrived = json.value("arrived", false);
  for (const Json& each : json.value("scope", Json::array()))
    snapshot.scope.insert(each.get<std::string>());
  for (const Json& each : json.value("zones", Json::array()))
    snapshot.zones.insert(each.get<std::string>());
  for (const Json& each : json.at("facts")) read_fact(each, snapshot);
  return snapshot;
}

namespace {

Json json_of(const std::vector<check::Outlook>& outlooks) {
  Json all = Json::array();
  for (const check::Outlook& each : outlooks) {
    Json findings = Json::array();
    for (const check::Noted& noted : each.findings) {
      findings.push_back(json_of(noted));
      findings.back()["message"] = noted.message;
    }
    all.push_back({{"from", each.from},
                   {"verdict", check::text(each.verdict)},
                   {"chance", report::json_of(each.chance, 4)},
                   {"perspectives", each.perspectives},
                   {"unless_signed_anew", each.unless_signed_anew},
                   {"findings", findings}});
  }
  return all;
}

Json json_of(const Watch& watch) {
  return {{"name", watch.name}, {"method", watch.method}, {"ca", watch.ca}};
}

}  // namespace

std::string text_of(const std::vector<check::Outlook>& outlooks) {
  return compact(json_of(outlooks));
}

std::string json_line(const Stay& stay) {
  Json json = {{"kind", "dcv-watch-snapshot"},
               {"version", 1},
               {"first_seen", report::rfc3339_precise(stay.first_seen)},
               {"last_seen", report::rfc3339_precise(stay.last_seen)}};
  json.update(json_of(stay.snapshot, false));
  return report::dumped(json, true);
}

std::string json_line(const Forecast& forecast, std::optional<double> at) {
  Json json = {{"kind", "dcv-watch-forecast"}, {"version", 1}};
  json.update(json_of(forecast.watch));
  json["seen"] = report::rfc3339_precise(forecast.last_seen);
  json["now"] = json_of(forecast.now.opinion, true);
  json["verdict"] = check::text(verdict_at(forecast, at));
  json["ahead"] = json_of(ahead_of(forecast, at));
  for (Json& each : json["ahead"]) each["from"] = report::rfc3339(each["from"].get<double>());
  return report::dumped(json, true);
}

std::vector<check::Outlook> outlooks_in(const std::string& text) {
  std::vector<check::Outlook> all;
  for (const Json& json : Json::parse(text)) {
    check::Outlook& outlook = all.emplace_back();
    outlook.from = json.at("from");
    outlook.verdict = verdict_in(json.at("verdict"));
    if (!json.at("chance").is_null()) outlook.chance = json.at("chance").get<double>();
    outlook.perspectives = json.at("perspectives");
    outlook.unless_signed_anew = json.value("unless_signed_anew", false);
    for (const Json& each : json.at("findings")) outlook.findings.push_back(noted_in(each));
  }
  return all;
}

}  // namespace dcv::probes
