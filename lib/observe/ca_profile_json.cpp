// Reads a table of CA profiles. Tables are written by people, so slips are refused, not guessed at.
#include "observe/ca_profile_json.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "observe/json_ca_profile.h"
#include "observe/shipped_ca_profiles.h"

namespace dcv::observe {
namespace {

using Json = nlohmann::json;

bool is_usable_name(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

// How errors call the profile.
std::string label(const Json& profile, std::size_t index) {
  if (profile.is_object() && profile.contains("name") && profile["name"].is_string())
    return "profile " + dns::quoted(profile["name"].get<std::string>());
  return "profiles[" + std::to_string(index) + "]";
}

Result<CaProfile> read_one(const Json& object, const std::string& called,
                           const CaProfile& defaults) {
  std::string error;
  const Field field(&object, "", error);
  refuse_unknown_fields(field);
  CaProfile profile = read_profile(field, defaults);
  if (!error.empty()) return Error{called + ": " + error};
  return profile;
}

// What makes a profile whole; empty when it is.
std::string lacking(const CaProfile& profile) {
  if (profile.name.empty()) return "name is missing";
  if (!is_usable_name(profile.name))
    return "name must be of lower-case letters, digits and hyphens";
  if (profile.title.empty()) return "title is missing";
  if (profile.quorum.empty()) return "quorum is missing";
  return "";
}

std::string refusal(const Json& document) {
  if (!document.is_object() || document.value("kind", Json()) != "dcv-ca-profiles")
    return "not a table of CA profiles (kind \"dcv-ca-profiles\")";
  if (document.value("version", Json()) != 1) return "version must be 1";
  if (!document.contains("profiles") || !document["profiles"].is_array())
    return "profiles must be a list";
  const std::set<std::string> known{"kind", "version", "as_of", "defaults", "profiles"};
  for (const auto& [key, value] : document.items())
    if (!known.contains(key)) return "\"" + dns::escape(key, "") + "\" is no field of the table";
  return "";
}

Result<CaTable> read_table(const Json& document, const CaProfile& inherited) {
  CaTable table;
  table.defaults = inherited;
  if (document.contains("defaults")) {
    Result<CaProfile> defaults = read_one(document["defaults"], "defaults", inherited);
    if (!defaults) return Error{defaults.error()};
    table.defaults = std::move(defaults).value();
    for (const char* own : {"name", "title"})
      if (document["defaults"].contains(own))
        return Error{"defaults: " + std::string(own) + " is each profile's own"};
  }
  std::set<std::string> names;
  const Json& profiles = document["profiles"];
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    const std::string called = label(profiles[i], i);
    const Result<CaProfile> profile = read_one(profiles[i], called, table.defaults);
    if (!profile) return Error{profile.error()};
    const std::string fault = lacking(*profile);
    if (!fault.empty()) return Error{called + ": " + fault};
    if (!names.insert(profile->name).second) return Error{called + ": is there twice"};
    table.profiles.push_back(*profile);
  }
  return table;
}

}  // namespace

Result<CaTable> ca_table_from_json(const std::string& text, const CaProfile& defaults) {
  const Result<Json> read_document = parsed_json(text);
  if (!read_document) return Error{read_document.error()};
  const Json& document = *read_document;
  const std::string error = refusal(document);
  if (!error.empty()) return Error{error};
  return read_table(document, defaults);
}

const CaTable& shipped_ca_table() {
  static const CaTable table = [] {
    Result<CaTable> read = ca_table_from_json(std::string(shipped_ca_profiles()), CaProfile{});
    if (!read || read->profiles.empty())
      throw std::logic_error("tools/ca_profiles.json: " + (read ? "no profile" : read.error()));
    return std::move(read).value();
  }();
  return table;
}

}  // namespace dcv::observe
