// The matrix as JSON: for programs. docs/propagation-format.md describes it,
// docs/schema/propagation-1.json checks it.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "report/json_values.h"
#include "report/matrix.h"
#include "report/words.h"

namespace dcv::report {
namespace {

using Json = nlohmann::ordered_json;

std::string_view word(check::Eye eye) {
  switch (eye) {
    case check::Eye::authority:
      return "authority";
    case check::Eye::resolver:
      return "public";
    case check::Eye::system:
      return "system";
  }
  return "";
}

Json escaped(const std::vector<std::string>& values) {
  Json list = Json::array();
  for (const std::string& value : values) list.push_back(dns::escape(value, ""));
  return list;
}

template <typename T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json row_value(const check::Row& row, double now) {
  const std::optional<double> milliseconds =
      row.round_trip ? std::optional<double>(*row.round_trip * 1000) : std::nullopt;
  return {
      {"group", word(row.eye)},
      {"zone", row.zone},
      {"who", row.who},
      {"address", row.address},
      {"transport", row.transport},
      {"country", row.country},
      {"instance", dns::escape(row.instance, "")},
      {"sight", observe::text(row.seen.sight)},
      {"word", row.word},
      {"odd", row.odd},
      {"values", escaped(row.seen.values)},
      {"ttl", or_null(row.seen.ttl)},
      {"negative_ttl", or_null(row.seen.negative_ttl)},
      {"denied_by", row.seen.denied_by ? Json(row.seen.denied_by->lower().text()) : Json(nullptr)},
      {"samples", row.samples},
      {"samples_holding", row.samples_holding},
      {"milliseconds", json_of(milliseconds, 3)},
      {"wait_seconds", json_of(row.wait_seconds, 3)},
      {"agrees_at",
       row.wait_seconds ? Json(rfc3339(std::ceil(now + *row.wait_seconds))) : Json(nullptr)},
      {"reason", row.reason}};
}

Json totals_value(const check::Propagation& seen) {
  return {{"authorities", seen.authorities}, {"authorities_holding", seen.authorities_holding},
          {"on_the_way", seen.on_the_way},   {"leading", seen.leading},
          {"resolvers", seen.resolvers},     {"resolvers_holding", seen.resolvers_holding}};
}

Json document(const observe::Observation& observation, const Matrix& matrix,
              const MatrixStyle& style, const std::string& tool) {
  const check::Propagation& seen = matrix.propagation;
  Json rows = Json::array(), findings = Json::array(), way = Json::array();
  for (const check::Row& row : seen.rows) {
    const auto& only = style.only;
    if (only.empty() || std::find(only.begin(), only.end(), row.eye) != only.end())
      rows.push_back(row_value(row, observation.now));
  }
  for (const check::Finding& each : matrix.judgement.findings) findings.push_back(json_of(each));
  for (const observe::Step& step : matrix.target->steps) way.push_back(step.name.lower().text());
  return {{"kind", "dcv-propagation"},
          {"version", 1},
          {"tool", tool},
          {"tool_version", DCV_VERSION},
          {"at", rfc3339(observation.now)},
          {"identifier", matrix.target->identifier},
          {"name", matrix.target->validation_name.lower().text()},
          {"type", dns::text(matrix.target->type)},
          {"expected", escaped(matrix.target->expected)},
          {"way", way},
          {"verdict", check::text(seen.verdict)},
          {"unpublished", seen.unpublished},
          {"summary", seen.summary},
          {"wait_seconds", json_of(seen.wait_seconds, 3)},
          {"agree_at", seen.wait_seconds
                           ? Json(rfc3339(std::ceil(observation.now + *seen.wait_seconds)))
                           : Json(nullptr)},
          {"certainty", seen.certainty},
          {"withheld", matrix.target->views_withheld},
          {"totals", totals_value(seen)},
          {"rows", rows},
          {"findings", findings},
          {"stats", json_of(observation.stats)}};
}

std::string_view word(check::Step::Do next) {
  switch (next) {
    case check::Step::Do::ask_authorities:
      return "authority";
    case check::Step::Do::ask_resolvers:
      return "public";
    case check::Step::Do::stop:
      return "stop";
  }
  return "";
}

}  // namespace

std::string render_matrix_json(const Propagations& propagations, const MatrixStyle& style,
                               const std::string& tool, bool in_lines) {
  std::string text;
  for (const Matrix& matrix : propagations.matrices)
    text += dumped(document(*propagations.observation, matrix, style, tool),
                   in_lines || propagations.matrices.size() > 1);
  return text;
}

std::string render_round_json(const Round& round, const std::string& tool) {
  const check::Propagation& seen = round.matrix.propagation;
  const bool stops = round.step.what == check::Step::Do::stop;
  return dumped({{"kind", "dcv-propagation-round"},
                 {"version", 1},
                 {"tool", tool},
                 {"tool_version", DCV_VERSION},
                 {"at", rfc3339_precise(round.at)},
                 {"name", round.matrix.target->validation_name.lower().text()},
                 {"round", round.number},
                 {"elapsed", rounded(round.elapsed, 3)},
                 {"left", rounded(round.left, 3)},
                 {"verdict", check::text(stops ? round.step.verdict : seen.verdict)},
                 {"wait_seconds", json_of(seen.wait_seconds, 3)},
                 {"totals", totals_value(seen)},
                 {"next", word(round.step.what)},
                 {"after", rounded(round.step.after, 3)},
                 {"sentence", round.step.sentence}},
                true);
}

}  // namespace dcv::report
