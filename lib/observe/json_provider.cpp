// The fields of a provider, written and read from one list.
#include "observe/json_provider.h"

#include <set>

namespace dcv::observe {
namespace {

using Json = nlohmann::ordered_json;

// Calls visit(key, member) for every field, in the order of the documents.
template <typename Row, typename Visit>
void each_field(Row& provider, const Visit& visit) {
  visit("id", provider.id);
  visit("title", provider.title);
  visit("method", provider.method);
  visit("type", provider.type);
  visit("owner", provider.owner);
  visit("target", provider.target);
  visit("suffix", provider.suffix);
  visit("owner_form", provider.owner_form);
  visit("target_form", provider.target_form);
  visit("id_hint", provider.id_hint);
  visit("cas", provider.cas);
  visit("on_demand", provider.on_demand);
  visit("same_host", provider.same_host);
  visit("retired", provider.retired);
  visit("retired_since", provider.retired_since);
  visit("claimable", provider.claimable);
  visit("most_aliases", provider.most_aliases);
  visit("values", provider.values);
  visit("twin_owner", provider.twin_owner);
  visit("twin_target", provider.twin_target);
  visit("note", provider.note);
  visit("source", provider.source);
}

// Null for what says nothing.
Json to_value(const std::string& value) {
  return value.empty() ? Json() : Json(value);
}
Json to_value(const std::vector<std::string>& value) {
  return value.empty() ? Json() : Json(value);
}
Json to_value(bool value) {
  return value ? Json(true) : Json();
}
Json to_value(const std::optional<int>& value) {
  return value ? Json(*value) : Json();
}
Json to_value(dns::RecordType value) {
  return dns::text(value);
}

void read(const Field& field, std::string& value) {
  value = field.string();
}
void read(const Field& field, std::vector<std::string>& value) {
  value = field.list<std::string>([](const Field& item) { return item.string(); });
}
void read(const Field& field, bool& value) {
  value = field.boolean();
}
void read(const Field& field, std::optional<int>& value) {
  constexpr std::uint64_t kMost = 1000;  // of aliases or values: more is a slip
  value = static_cast<int>(field.count(kMost));
}
void read(const Field& field, dns::RecordType& value) {
  const std::string word = field.string();
  const auto known = dns::record_type(word);
  if (!known) field.fail("\"" + dns::escape(word, "") + "\" is no record type");
  value = known.value_or(dns::RecordType::cname);
}

}  // namespace

Json provider_value(const Provider& provider) {
  Json object = Json::object();
  each_field(provider, [&](const char* key, const auto& member) {
    Json value = to_value(member);
    if (!value.is_null()) object[key] = std::move(value);
  });
  return object;
}

Provider read_provider(const Field& field) {
  field.keys();  // it must be an object
  Provider provider;
  each_field(provider, [&](const char* key, auto& member) {
    if (field.has(key)) read(field[key], member);
  });
  return provider;
}

void refuse_unknown_provider_fields(const Field& field) {
  std::set<std::string> known;
  const Provider provider;
  each_field(provider, [&](const char* key, const auto&) { known.insert(key); });
  for (const std::string& key : field.keys()) {
    if (!known.contains(key))
      field.fail("\"" + dns::escape(key, "") + "\" is no field of a provider");
  }
}

}  // namespace dcv::observe
