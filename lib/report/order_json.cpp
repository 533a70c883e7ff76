// An order as JSON: for programs. docs/order-format.md describes it, docs/schema/order-1.json
// checks it.
#include <nlohmann/json.hpp>

#include "report/formats.h"
#include "report/json_values.h"
#include "report/order.h"
#include "report/words.h"

namespace dcv::report {

using Json = nlohmann::ordered_json;

namespace {

Json to_value(const OrderRow& row) {
  const check::Judgement& judgement = *row.judgement;
  return {{"identifier", judgement.identifier},
          {"method", judgement.method},
          {"ca", judgement.ca},
          {"verdict", check::text(judgement.verdict)},
          {"course", text(row.course)},
          {"wait_seconds", json_of(judgement.wait_seconds, 3)},
          {"in_the_way", row.in_the_way}};
}

}  // namespace

std::string render_order_json(const Report& report) {
  const std::vector<OrderRow> rows = rows_of(report);
  Json summary, names = Json::array(), targets = Json::array();
  for (const Course course : {Course::ready, Course::wait, Course::mend, Course::unknown})
    summary[std::string(text(course))] = names_on(rows, course);
  summary["text"] = summary_of(rows);
  for (const OrderRow& row : rows) names.push_back(to_value(row));
  for (const check::Judgement& target : report.targets)
    targets.push_back(json_of(target, report.stats));
  return dumped({{"kind", "dcv-order"},
                 {"version", 1},
                 {"tool", report.tool},
                 {"tool_version", report.tool_version},
                 {"at", rfc3339(report.at)},
                 {"verdict", check::text(report.verdict)},
                 {"summary", std::move(summary)},
                 {"names", std::move(names)},
                 {"targets", std::move(targets)}},
                false);
}

}  // namespace dcv::report
