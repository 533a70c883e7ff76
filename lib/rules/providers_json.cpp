// Reads a table of providers. Tables are written by people, so slips are refused, not guessed at.
#include <set>
#include <stdexcept>

#include "observe/json_provider.h"
#include "rules/providers.h"
#include "rules/shipped_providers.h"

namespace dcv::rules {
namespace {

using Json = nlohmann::json;
using observe::Field;

// How errors call the row.
std::string label(const Json& row, std::size_t index) {
  if (row.is_object() && row.contains("id") && row["id"].is_string())
    return "provider " + dns::quoted(row["id"].get<std::string>());
  return "providers[" + std::to_string(index) + "]";
}

std::string refusal(const Json& document) {
  if (!document.is_object() || document.value("kind", Json()) != "dcv-providers")
    return "not a table of providers (kind \"dcv-providers\")";
  if (document.value("version", Json()) != 1) return "version must be 1";
  if (!document.contains("providers") || !document["providers"].is_array())
    return "providers must be a list";
  const std::set<std::string> known{"kind", "version", "as_of", "providers"};
  for (const auto& [key, value] : document.items())
    if (!known.contains(key)) return "\"" + dns::escape(key, "") + "\" is no field of the table";
  return "";
}

Result<Providers> read_table(const Json& document) {
  Providers table;
  std::set<std::string> ids;
  const Json& rows = document["providers"];
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::string error;
    const Field field(&rows[i], "", error);
    refuse_unknown_provider_fields(field);
    observe::Provider row = read_provider(field);
    if (error.empty()) error = fault_of(row);
    if (error.empty() && !ids.insert(row.id).second) error = "is there twice";
    if (!error.empty()) return Error{label(rows[i], i) + ": " + error};
    table.push_back(std::move(row));
  }
  return table;
}

}  // namespace

Result<Providers> providers_from_json(const std::string& text) {
  const Result<Json> read_document = observe::parsed_json(text);
  if (!read_document) return Error{read_document.error()};
  const Json& document = *read_document;
  const std::string error = refusal(document);
  if (!error.empty()) return Error{error};
  return read_table(document);
}

const Providers& shipped_providers() {
  static const Providers table = [] {
    Result<Providers> read = providers_from_json(std::string(shipped_providers_text()));
    if (!read || read->empty())
      throw std::logic_error("tools/providers.json: " + (read ? "no provider" : read.error()));
    return std::move(read).value();
  }();
  return table;
}

}  // namespace dcv::rules
