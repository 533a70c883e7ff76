// The table's fields. It comes with the program, so any slip is an error and is named.
#include "rules/requirements_json.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <set>
#include <stdexcept>

#include "observe/json_field.h"

namespace dcv::rules {
namespace {

using observe::Field;

constexpr std::uint64_t kMostDays = 1000;  // beyond it a number of days is a slip

void refuse_others(const Field& field, const std::set<std::string>& known) {
  for (const std::string& key : field.keys())
    if (!known.contains(key)) field.fail("\"" + dns::escape(key, "") + "\" is no field here");
}

double day(const Field& field) {
  const std::string text = field.string();
  int year = 0, length = 0;
  unsigned month = 0, number = 0;
  const int read = std::sscanf(text.c_str(), "%4d-%2u-%2u%n", &year, &month, &number, &length);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(number)};
  if (read != 3 || text.size() != 10 || length != 10 || !date.ok()) {
    field.fail("\"" + dns::escape(text, "") + "\" is not a day such as 2026-12-15");
    return 0;
  }
  return static_cast<double>(std::chrono::sys_days(date).time_since_epoch().count()) * 86400;
}

int days(const Field& field) {
  return static_cast<int>(field.count(kMostDays));
}

std::string source(const Field& field) {
  const std::string text = field["source"].string();
  if (text.empty()) field["source"].fail("must not be empty");
  return text;
}

MethodRule method(const Field& field) {
  refuse_others(field, {"section", "title", "discouraged", "ends", "reuse_days", "source"});
  MethodRule rule;
  rule.section = field["section"].string();
  rule.title = field["title"].string();
  if (field.has("discouraged")) rule.discouraged = day(field["discouraged"]);
  if (field.has("ends")) rule.ends = day(field["ends"]);
  if (field.has("reuse_days")) rule.reuse_days = days(field["reuse_days"]);
  rule.source = source(field);
  if (rule.discouraged && rule.ends && *rule.discouraged > *rule.ends)
    field["discouraged"].fail("is later than ends");
  return rule;
}

Lifetime lifetime(const Field& field) {
  refuse_others(field, {"from", "validity_days", "reuse_days", "reuse_hours", "source"});
  const bool by_days = field.has("reuse_days");
  if (by_days == field.has("reuse_hours")) field.fail("must have reuse_days or reuse_hours");
  return {.from = day(field["from"]),
          .validity_days = days(field["validity_days"]),
          .reuse_hours = days(field[by_days ? "reuse_days" : "reuse_hours"]) * (by_days ? 24 : 1),
          .source = source(field)};
}

Perspectives perspectives(const Field& field) {
  refuse_others(field, {"from", "remotes", "may_fail", "source"});
  return {{day(field["from"]), field["remotes"].integer(), field["may_fail"].integer()},
          source(field)};
}

// Not empty, and the earliest first.
template <typename T>
void check_order(const Field& field, const std::vector<T>& list, auto from) {
  if (list.empty()) field.fail("must not be empty");
  if (!std::ranges::is_sorted(list, {}, from)) field.fail("must have the earliest first");
}

std::vector<Lifetime> lifetimes(const Field& field) {
  std::vector<Lifetime> list = field.list(lifetime);
  check_order(field, list, &Lifetime::from);
  return list;
}

CaLifetimes own_lifetimes(const Field& field) {
  refuse_others(field, {"ca", "lifetimes"});
  return {field["ca"].string(), lifetimes(field["lifetimes"])};
}

Requirements read(const Field& field) {
  refuse_others(field, {"kind", "version", "as_of", "methods", "lifetimes", "cas", "perspectives",
                        "random_value_days", "caa_parameters"});
  if (field["kind"].string() != "dcv-requirements")
    field["kind"].fail("must be \"dcv-requirements\"");
  if (field["version"].integer() != 1) field["version"].fail("must be 1");
  const Field random_value = field["random_value_days"], caa = field["caa_parameters"];
  refuse_others(random_value, {"days", "source"});
  refuse_others(caa, {"from", "source"});
  Requirements table;
  table.as_of = day_text(day(field["as_of"]));
  table.methods = field["methods"].list(method);
  table.lifetimes = lifetimes(field["lifetimes"]);
  table.cas = field["cas"].list(own_lifetimes);
  table.perspectives = field["perspectives"].list(perspectives);
  check_order(field["perspectives"], table.perspectives,
              [](const Perspectives& each) { return each.quorum.from; });
  table.random_value_days = days(random_value["days"]);
  table.random_value_source = source(random_value);
  table.caa_parameters_from = day(caa["from"]);
  table.caa_parameters_source = source(caa);
  return table;
}

}  // namespace

Result<Requirements> requirements_from_json(const std::string& text) {
  const auto document = Field::Json::parse(text, nullptr, false);
  if (document.is_discarded()) return Error{"this is not JSON"};
  std::string error;
  Requirements table = read(Field(&document, "", error));
  if (!error.empty()) return Error{error};
  return table;
}

const Requirements& requirements() {
  static const Requirements table = [] {
    Result<Requirements> read = requirements_from_json(std::string(requirements_text()));
    if (!read) throw std::logic_error("tools/requirements.json: " + read.error());
    return std::move(read).value();
  }();
  return table;
}

}  // namespace dcv::rules
