// Reads the table of messages. It comes with the program, so any slip is an error and is named.
#include <boost/regex.hpp>
#include <set>
#include <stdexcept>

#include "observe/json_field.h"
#include "rules/shipped_symptoms.h"
#include "rules/symptoms.h"

namespace dcv::rules {
namespace {

using Json = nlohmann::json;
using observe::Field;

std::string required(const Field& field, const char* key) {
  std::string text = field[key].string();
  if (text.empty()) field[key].fail("must not be empty");
  return text;
}

void check_expression(const Field& field, const std::string& expression) {
  try {
    const boost::regex compiled(expression);
  } catch (const boost::regex_error&) {
    field.fail("is no expression");
  }
}

Symptom symptom(const Field& field, const Field& programs) {
  static const std::set<std::string> known{"program",  "failed",  "pattern", "says",
                                           "findings", "command", "example", "vague"};
  for (const std::string& key : field.keys())
    if (!known.contains(key)) field.fail("\"" + dns::escape(key, "") + "\" is no field here");
  Symptom row;
  const std::string program = required(field, "program");
  row.program = programs[program.c_str()].string();
  row.failed = required(field, "failed");
  if (row.failed != "ca" && row.failed != "client" && row.failed != "nobody")
    field["failed"].fail("is ca, client or nobody");
  row.pattern = required(field, "pattern");
  check_expression(field["pattern"], row.pattern);
  row.says = required(field, "says");
  for (const Field& each : field["findings"].items()) row.findings.push_back(each.string());
  row.command = required(field, "command");
  row.example = required(field, "example");
  if (field.has("vague")) row.vague = field["vague"].boolean();
  return row;
}

}  // namespace

Result<Symptoms> symptoms_from_json(const std::string& text) {
  const Result<Json> read_document = observe::parsed_json(text);
  if (!read_document) return Error{read_document.error()};
  const Json& document = *read_document;
  std::string error;
  const Field field(&document, "", error);
  if (field["kind"].string() != "dcv-symptoms")
    return Error{"not a table of messages (kind \"dcv-symptoms\")"};
  if (field["version"].count(1) != 1) return Error{"version must be 1"};
  Symptoms symptoms;
  for (const Field& each : field["symptoms"].items())
    symptoms.push_back(symptom(each, field["programs"]));
  if (!error.empty()) return Error{error};
  return symptoms;
}

const Symptoms& shipped_symptoms() {
  static const Symptoms symptoms = [] {
    Result<Symptoms> table = symptoms_from_json(std::string(shipped_symptoms_text()));
    if (!table) throw std::logic_error("tools/symptoms.json: " + table.error());
    return std::move(*table);
  }();
  return symptoms;
}

}  // namespace dcv::rules
