// The fields of a CA profile, written and read from one list, and what their values must be.
#include "observe/json_ca_profile.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <set>

#include "dns/ip.h"

namespace dcv::observe {
namespace {

using Json = nlohmann::ordered_json;

// Calls visit(key, member) for every field, in the order of the documents.
template <typename Profile, typename Visit>
void each_field(Profile& profile, const Visit& visit) {
  visit("name", profile.name);
  visit("title", profile.title);
  visit("identities", profile.identities);
  visit("methods", profile.methods);
  visit("quorum", profile.quorum);
  visit("random_case", profile.random_case);
  visit("minimises_names", profile.minimises_names);
  visit("edns_size", profile.edns_size);
  visit("most_aliases", profile.most_aliases);
  visit("cache_seconds", profile.cache_seconds);
  visit("soa_required", profile.soa_required);
  visit("honours_accounturi", profile.honours_accounturi);
  visit("honours_validationmethods", profile.honours_validationmethods);
  visit("account_prefix", profile.account_prefix);
  visit("critical_flag_1", profile.critical_flag_1);
  visit("exact_identity", profile.exact_identity);
  visit("asks_top_level", profile.asks_top_level);
  visit("failure_may_permit", profile.failure_may_permit);
  visit("places", profile.places);
  visit("prunes_labels", profile.prunes_labels);
  visit("most_labels", profile.most_labels);
  visit("token_days", profile.token_days);
  visit("resolvers", profile.resolvers);
  visit("sources", profile.sources);
}

template <typename T>
Json to_value(const T& value) {
  return value;
}
Json to_value(const std::vector<Quorum>& quorum) {
  Json list = Json::array();
  for (const Quorum& each : quorum) {
    list.push_back({{"from", each.from}, {"remotes", each.remotes}, {"may_fail", each.may_fail}});
  }
  return list;
}

Json to_value(const std::vector<RecordPlace>& places) {
  Json list = Json::array();
  for (const RecordPlace& each : places)
    list.push_back({{"method", each.method}, {"label", each.label}});
  return list;
}

// A day ("2026-12-15", from midnight UTC) or Unix seconds.
double point_in_time(const Field& field) {
  if (!field.is_string()) return field.number();
  const std::string text = field.string();
  int year = 0, length = 0;
  unsigned month = 0, day = 0;
  const int read = std::sscanf(text.c_str(), "%4d-%2u-%2u%n", &year, &month, &day, &length);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (read != 3 || text.size() != 10 || length != 10 || !date.ok()) {
    field.fail("\"" + dns::escape(text, "") + "\" is not a day such as 2026-12-15");
    return 0;
  }
  return static_cast<double>(std::chrono::sys_days(date).time_since_epoch().count()) * 86400;
}

std::string plain(const Field& field) {
  return field.string();
}

// A whole number within limits that make sense.
int within(const Field& field, std::uint64_t least, std::uint64_t most) {
  const std::uint64_t value = field.count(most);
  if (value < least) field.fail("must be at least " + std::to_string(least));
  return static_cast<int>(value);
}

Quorum quorum(const Field& field) {
  constexpr std::uint64_t kMostRemotes = 100;
  const Quorum quorum{.from = point_in_time(field["from"]),
                      .remotes = within(field["remotes"], 0, kMostRemotes),
                      .may_fail = within(field["may_fail"], 0, kMostRemotes)};
  if (quorum.may_fail > quorum.remotes) field["may_fail"].fail("is more than there are remotes");
  return quorum;
}

void read(const Field& field, std::string& value) {
  value = field.string();
}
void read(const Field& field, bool& value) {
  value = field.boolean();
}
void read(const Field& field, int& value) {
  value = field.integer();
}
void read(const Field& field, std::vector<std::string>& value) {
  value = field.list(plain);
}
void read(const Field& field, std::vector<Quorum>& value) {
  value = field.list(quorum);
  if (value.empty()) field.fail("must not be empty");
  const auto later = [](const Quorum& a, const Quorum& b) { return a.from < b.from; };
  if (!std::is_sorted(value.begin(), value.end(), later))
    field.fail("must have the earliest first");
}

RecordPlace place(const Field& field) {
  return {.method = field["method"].string(), .label = field["label"].string()};
}

void read(const Field& field, std::vector<RecordPlace>& value) {
  value = field.list(place);
}

// An identity is a domain name in lower case: an issuer-domain-name of RFC 8659 4.2.
void check_identities(const Field& field) {
  if (!field.has("identities")) return;
  for (const Field& item : field["identities"].items()) {
    const std::string identity = item.string();
    const Result<dns::Name> name = dns::Name::parse(identity);
    if (!name || name->lower().prose() != identity) {
      item.fail("\"" + dns::escape(identity, "") +
                "\" is not a domain name in lower case without final dot");
    }
  }
}

void check_resolvers(const Field& field) {
  if (!field.has("resolvers")) return;
  for (const Field& item : field["resolvers"].items()) {
    const std::string text = item.string();
    const auto address = dns::IpAddress::parse(text);
    if (!address || address->text() != text)
      item.fail("\"" + dns::escape(text, "") +
                "\" is not an IP address as 192.0.2.53 or 2001:db8::53");
  }
}

void check_ranges(const Field& field) {
  const auto range = [&](const char* key, std::uint64_t least, std::uint64_t most) {
    if (field.has(key)) within(field[key], least, most);
  };
  range("edns_size", 512, 65535);
  range("most_aliases", 0, 100);
  range("cache_seconds", 0, 7 * 86400);
  range("most_labels", 0, 127);
  range("token_days", 1, 398);
}

}  // namespace

nlohmann::ordered_json profile_value(const CaProfile& profile) {
  Json object = Json::object();
  each_field(profile, [&](const char* key, const auto& value) { object[key] = to_value(value); });
  return object;
}

CaProfile read_profile(const Field& field, CaProfile profile) {
  field.keys();  // it must be an object
  each_field(profile, [&](const char* key, auto& value) {
    if (field.has(key)) read(field[key], value);
  });
  check_identities(field);
  check_resolvers(field);
  check_ranges(field);
  return profile;
}

void refuse_unknown_fields(const Field& field) {
  std::set<std::string> known;
  const CaProfile profile;
  each_field(profile, [&](const char* key, const auto&) { known.insert(key); });
  for (const std::string& key : field.keys()) {
    if (!known.contains(key))
      field.fail("\"" + dns::escape(key, "") + "\" is no field of a profile");
  }
}

}  // namespace dcv::observe
