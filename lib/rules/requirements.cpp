// Looks things up in the table by date, section and CA.
#include "rules/requirements.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <stdexcept>

namespace dcv::rules {
namespace {

constexpr double kDay = 86400;

// The last one whose date has come; before all of them the first.
const Lifetime& in_force(const std::vector<Lifetime>& lifetimes, double now) {
  const auto later = std::ranges::find_if(lifetimes.begin() + 1, lifetimes.end(),
                                          [&](const Lifetime& each) { return each.from > now; });
  return *(later - 1);
}

}  // namespace

const MethodRule* rule_of(std::string_view section) {
  const auto& all = requirements().methods;
  const auto found = std::ranges::find(all, section, &MethodRule::section);
  return found == all.end() ? nullptr : &*found;
}

const MethodRule& rule_of(Method method) {
  constexpr std::string_view kPrefix = "BR ";
  const MethodRule* rule = rule_of(section(method).substr(kPrefix.size()));
  if (rule == nullptr)
    throw std::logic_error("tools/requirements.json has no " + std::string(section(method)));
  return *rule;
}

std::optional<Sunset> sunset_of(Method method) {
  const MethodRule& rule = rule_of(method);
  if (!rule.ends) return std::nullopt;
  return Sunset{rule.discouraged, *rule.ends, rule.source};
}

const Lifetime& lifetime_at(double now, std::string_view ca) {
  const Requirements& table = requirements();
  const auto own = std::ranges::find(table.cas, ca, &CaLifetimes::ca);
  const Lifetime& general = in_force(table.lifetimes, now);
  if (own == table.cas.end()) return general;
  const Lifetime& published = in_force(own->lifetimes, now);
  return published.validity_days < general.validity_days ? published : general;
}

int validity_days(double now, std::string_view ca) {
  return lifetime_at(now, ca).validity_days;
}

int reuse_hours(double now, std::string_view ca) {
  return lifetime_at(now, ca).reuse_hours;
}

int reuse_days(double now) {
  return lifetime_at(now).reuse_hours / 24;
}

double next_renewal(double now, std::string_view ca) {
  return now + validity_days(now, ca) * kDay;
}

std::string day_text(double moment) {
  const std::chrono::sys_days day{std::chrono::days(static_cast<int>(std::floor(moment / kDay)))};
  const std::chrono::year_month_day date(day);
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

}  // namespace dcv::rules
