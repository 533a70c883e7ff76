// The dates of the Baseline Requirements: the shipped table, look-ups at the edges, slips.
#include "rules/requirements.h"

#include <algorithm>

#include "observe/ca_profile_json.h"
#include "rules/requirements_json.h"
#include "support/catch.h"

using namespace dcv;
using namespace dcv::rules;

namespace {

constexpr double kToday = 1795305600;      // 2026-11-22
constexpr double k2027March = 1805068800;  // 2027-03-15
constexpr double k2028March = 1836691200;
constexpr double k2029March = 1868227200;

// The error when `from` is replaced by `to` in the shipped table.
std::string error_with(const std::string& from, const std::string& to) {
  std::string text(requirements_text());
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  const auto read = requirements_from_json(text.replace(at, from.size(), to));
  return read ? "no error" : read.error();
}

}  // namespace

TEST_CASE("every method has its rule, and e-mail alone has an end") {
  for (const Method method : kMethods) {
    INFO(text(method));
    CHECK("BR " + rule_of(method).section == section(method));
    CHECK(sunset_of(method).has_value() == (method == Method::email));
  }
  CHECK(day_text(sunset_of(Method::email)->ends) == "2028-03-15");
  CHECK(day_text(*sunset_of(Method::email)->discouraged) == "2026-03-15");
  CHECK(sunset_of(Method::email)->source == "Ballot SC-090");
}

TEST_CASE("the methods that end do so on the days of the ballots") {
  const auto end = [](std::string_view section) { return day_text(*rule_of(section)->ends); };
  CHECK(end("3.2.2.4.2") == "2025-07-15");
  CHECK(end("3.2.2.4.15") == "2025-07-15");
  CHECK(end("3.2.2.4.8") == "2026-03-15");
  CHECK(end("3.2.2.4.16") == "2027-03-15");
  CHECK(end("3.2.2.4.17") == "2027-03-15");
  CHECK(end("3.2.2.4.4") == "2028-03-15");
  CHECK(end("3.2.2.4.13") == "2028-03-15");
  CHECK(end("3.2.2.4.14") == "2028-03-15");
  CHECK_FALSE(rule_of("3.2.2.4.7")->ends);
  CHECK(rule_of("3.2.2.4.99") == nullptr);
  CHECK(rule_of(Method::dns_persist_01).reuse_days == 10);
}

TEST_CASE("validity and reuse shrink on their days") {
  CHECK(validity_days(0) == 398);
  CHECK(validity_days(kToday) == 200);
  CHECK(validity_days(k2027March - 1) == 200);
  CHECK(validity_days(k2027March) == 100);
  CHECK(validity_days(k2029March) == 47);
  CHECK(reuse_days(kToday) == 200);
  CHECK(reuse_days(k2027March) == 100);
  CHECK(reuse_days(k2029March - 1) == 100);
  CHECK(reuse_days(k2029March) == 10);
  CHECK(day_text(next_renewal(kToday)) == "2027-06-10");
}

TEST_CASE("Let's Encrypt is stricter than the Baseline Requirements") {
  CHECK(validity_days(kToday, "letsencrypt") == 90);
  CHECK(reuse_hours(kToday, "letsencrypt") == 30 * 24);
  CHECK(validity_days(k2027March, "letsencrypt") == 64);
  CHECK(reuse_hours(k2027March, "letsencrypt") == 10 * 24);
  CHECK(validity_days(k2028March, "letsencrypt") == 45);
  CHECK(reuse_hours(k2028March, "letsencrypt") == 7);
  CHECK(validity_days(kToday, "sectigo") == 200);
  CHECK(day_text(next_renewal(kToday, "letsencrypt")) == "2027-02-20");
}

TEST_CASE("the CA profiles' defaults are those of the Baseline Requirements") {
  const observe::CaProfile& defaults = observe::shipped_ca_table().defaults;
  const std::vector<Perspectives>& steps = requirements().perspectives;
  CHECK(std::ranges::equal(
      steps, defaults.quorum, [](const Perspectives& one, const observe::Quorum& other) {
        return one.quorum.from == other.from && one.quorum.remotes == other.remotes &&
               one.quorum.may_fail == other.may_fail;
      }));
  CHECK(requirements().random_value_days == defaults.token_days);
}

TEST_CASE("no CA profile asks fewer perspectives than the Baseline Requirements demand") {
  for (const observe::CaProfile& profile : observe::shipped_ca_table().profiles) {
    for (const Perspectives& step : requirements().perspectives) {
      INFO(profile.name << " " << day_text(step.quorum.from));
      const observe::Quorum quorum = observe::quorum_at(profile, step.quorum.from);
      CHECK(quorum.remotes >= step.quorum.remotes);
      CHECK(quorum.may_fail <= step.quorum.may_fail);
    }
  }
}

TEST_CASE("CAs with limits of their own are CAs that have a profile") {
  const auto& profiles = observe::shipped_ca_table().profiles;
  for (const CaLifetimes& each : requirements().cas)
    CHECK(std::ranges::count(profiles, each.ca, &observe::CaProfile::name) == 1);
}

TEST_CASE("the parameters of CAA bind every CA from March 2027") {
  CHECK(requirements().caa_parameters_from == k2027March);
  CHECK(requirements().as_of == "2026-11-21");
}

TEST_CASE("a moment is told as its day") {
  CHECK(day_text(0) == "1970-01-01");
  CHECK(day_text(86399) == "1970-01-01");
  CHECK(day_text(-1) == "1969-12-31");
  CHECK(day_text(kToday) == "2026-11-22");
}

TEST_CASE("a slip in the table of requirements is named") {
  CHECK(error_with("dcv-requirements", "dcv-requirement") == "kind: must be \"dcv-requirements\"");
  CHECK(error_with("\"version\": 1", "\"version\": 2") == "version: must be 1");
  CHECK(error_with("2025-07-15", "2025-07-32") ==
        "methods[0].ends: \"2025-07-32\" is not a day such as 2026-12-15");
  CHECK(error_with("\"discouraged\": \"2026-03-15\"", "\"discouraged\": \"2029-03-15\"") ==
        "methods[1].discouraged: is later than ends");
  CHECK(error_with("\"validity_days\": 398", "\"validity_days\": 39800") ==
        "lifetimes[0].validity_days must be a whole number from 0 to 1000");
  CHECK(error_with("\"reuse_days\": 398, ", "") ==
        "lifetimes[0]: must have reuse_days or reuse_hours");
  CHECK(error_with("2020-09-01", "2027-01-01") == "lifetimes: must have the earliest first");
  CHECK(error_with("\"source\": \"Ballot SC-080\"", "\"source\": \"\"") ==
        "methods[0].source: must not be empty");
  CHECK(error_with("\"title\"", "\"titel\"") == "methods[0]: \"titel\" is no field here");
  CHECK(requirements_from_json("[").error() == "this is not JSON");
  CHECK(requirements_from_json("{}").error() == "kind is missing");
}
