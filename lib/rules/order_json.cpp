// The form of an order in JSON. Files are written by people and programs, so slips are refused, not
// guessed at.
#include "observe/json_field.h"
#include "rules/order_lines.h"

namespace dcv::rules {
namespace {

using observe::Field;
using Json = nlohmann::json;

std::string optional_text(const Field& entry, const char* key) {
  if (!entry.has(key) || entry[key].is_null()) return "";
  return entry[key].string();
}

std::vector<std::string> values_of(const Field& entry) {
  if (!entry.has("expected") || entry["expected"].is_null()) return {};
  const Field value = entry["expected"];
  if (value.is_string()) return {value.string()};
  std::vector<std::string> values;
  for (const Field& each : value.items()) values.push_back(each.string());
  return values;
}

OrderLine read_line(const Field& entry, const OrderBounds& bounds) {
  for (const std::string& key : entry.keys()) {
    const std::string fault = unknown_order_field("field", key, bounds);
    if (!fault.empty()) entry.fail(fault);
  }
  OrderLine line;
  line.name = entry["name"].string();
  line.method = optional_text(entry, "method");
  line.ca = optional_text(entry, "ca");
  line.expected = values_of(entry);
  line.owner = optional_text(entry, "owner");
  line.every = optional_text(entry, "every");
  return line;
}

std::string refusal(const Json& document) {
  if (document.is_array()) return "";
  if (document.is_object() && document.contains("names") && !document.contains("kind"))
    return "\"kind\": \"dcv-order-file\" is missing beside \"names\"";
  if (document.value("kind", Json()) != "dcv-order-file")
    return "not an order: a list, or an object of the kind \"dcv-order-file\"";
  if (document.value("version", Json(1)) != 1) return "version must be 1";
  for (const auto& [key, value] : document.items())
    if (key != "kind" && key != "version" && key != "names")
      return "\"" + dns::escape(key, "") + "\" is no field of an order";
  return "";
}

}  // namespace

Result<std::vector<OrderLine>> order_from_json(std::string_view text, const OrderBounds& bounds) {
  const Result<Json> read_document = observe::parsed_json(text);
  if (!read_document) return Error{read_document.error()};
  const Json& document = *read_document;
  if (std::string fault = refusal(document); !fault.empty()) return Error{std::move(fault)};
  std::string error;
  const Field whole(&document, "", error);
  std::vector<OrderLine> lines;
  int number = 0;
  for (const Field& entry : document.is_array() ? whole.items() : whole["names"].items()) {
    OrderLine line = read_line(entry, bounds);
    line.line = ++number;
    if (!error.empty()) return Error{error};
    const std::string fault = add_order_line(std::move(line), lines, bounds.lines);
    if (!fault.empty()) entry.fail(fault);
  }
  if (!error.empty()) return Error{error};
  return lines;
}

}  // namespace dcv::rules
