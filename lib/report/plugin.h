#pragma once
// What the outputs for monitoring plug-ins share: states, numbers with their labels, one-line texts
// (https://www.monitoring-plugins.org/doc/guidelines.html).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/report.h"

namespace dcv::report {

enum class State { ok, warning, critical, unknown };

std::string_view text(State state);  // "OK", "WARNING", "CRITICAL", "UNKNOWN"
int exit_status(State state);        // 0, 1, 2, 3
State state_of(check::Verdict verdict);
State worse(State a, State b);  // as for verdicts: critical, unknown, warning, ok

// A number that can be watched; `limits` are least and most, "0;1".
struct PluginMetric {
  std::string_view name, unit, limits;
  int decimals = 0;
};
const std::vector<PluginMetric>& plugin_metrics();
const PluginMetric* metric_named(std::string_view name);  // null: there is none

// One number of one judgement, or of the run. The ranges are as the user gave them.
struct Reading {
  const PluginMetric* metric = nullptr;
  const check::Judgement* target = nullptr;  // null: of the run
  std::optional<double> value;               // empty: not measured
  std::string warning = {}, critical = {};
};
// All of them, those of the run first. Points into the report.
std::vector<Reading> readings(const Report& report);
std::string value_text(const Reading& reading);  // "0.31": no exponent, no unit

// The performance data of what was measured: "queries=42 'a.example chance'=1.0000;;;0;1".
std::string performance(const Report& report, const std::vector<Reading>& readings);

// Text that others wrote, without line ends and without the bar that begins performance data.
std::string plugin_safe(std::string_view text);
// "app.shop.example", or "app.shop.example at sectigo" where several CAs are judged for.
std::string subject_of(const Report& report, const check::Judgement& target);
// Why a name is not ready, or that it is.
std::string reason_of(const check::Judgement& target);
// The first of the worst names with its reason, after a count of the verdicts of several.
std::string summary_of(const Report& report);

// The findings, each with its line, "app.shop.example: warning[id]: message".
struct FindingLine {
  const check::Finding* finding;
  std::string text;
};
std::vector<FindingLine> finding_lines(const Report& report);

}  // namespace dcv::report
