#include "check/family.h"
#include "observe/ca_profile_json.h"
#include "support/catch.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;

namespace {

constexpr double kDay = 86400;
constexpr double kMailEnds = 1836691200;  // 2028-03-15

std::vector<Finding> findings_of(const std::string& method, const std::string& ca,
                                 double now = 1795305600) {  // 2026-11-22
  ObservationBuilder world = healthy_world({});
  world.observation.now = now;
  world.observation.targets.front().method = method;
  const auto& profiles = observe::shipped_ca_table().profiles;
  const auto profile = std::ranges::find(profiles, ca, &observe::CaProfile::name);
  REQUIRE(profile != profiles.end());
  std::vector<Finding> findings;
  kMethodFamily.check(
      {world.observation, world.observation.targets.front(), *profile, Overview(world.observation)},
      findings);
  return findings;
}

std::vector<std::string> told(const std::string& method, const std::string& ca,
                              double now = 1795305600) {
  std::vector<std::string> texts;
  for (const Finding& each : findings_of(method, ca, now))
    texts.push_back(std::string(text(each.severity)) + " " + each.id);
  return texts;
}

using Told = std::vector<std::string>;

}  // namespace

TEST_CASE("dns-01 is offered by every CA in the table, and never ends") {
  for (const observe::CaProfile& each : observe::shipped_ca_table().profiles) {
    INFO(each.name);
    CHECK(told("dns-01", each.name).empty());
    CHECK(told("dns-01", each.name, kMailEnds + 3000 * kDay).empty());
  }
}

TEST_CASE("a method that a CA does not offer is a warning with what it offers") {
  const auto findings = findings_of("dns-persist-01", "letsencrypt");
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].id == "method-not-offered");
  CHECK(findings[0].severity == Severity::warning);
  CHECK(findings[0].message ==
        "Let's Encrypt is not known to validate by dns-persist-01; what it offers: dns-01, http-01 "
        "and tls-alpn-01");
  CHECK(told("dns-persist-01", "letsencrypt-staging").empty());
  CHECK(told("dns-account-01", "letsencrypt") == Told{"warning method-not-offered"});
  CHECK(told("dns-txt", "letsencrypt") == Told{"error method-not-offered"});
  CHECK(told("email", "google") == Told{"warning method-discouraged", "error method-not-offered"});
  CHECK(told("tls-alpn-01", "sectigo") == Told{"warning method-not-offered"});
}

TEST_CASE("methods without a name in ACME are known by their labels") {
  for (const std::string method : {"dns-txt", "dns-cname", "http-file"})
    CHECK(told(method, "sectigo").empty());
  CHECK(told("dns-txt", "google").empty());  // it is known where Google looks
  CHECK(told("http-file", "amazon") == Told{"warning method-not-offered"});
}

TEST_CASE("a profile of any CA, or one without methods, says nothing of what is offered") {
  CHECK(told("dns-txt", "strict").empty());
  CHECK(told("dns-account-01", "strict").empty());
}

TEST_CASE("mail is discouraged, then ends before the next renewal, then has ended") {
  CHECK(told("email", "digicert") == Told{"warning method-discouraged"});
  CHECK(findings_of("email", "digicert").front().affects == Affects::hygiene);
  CHECK(told("email", "digicert", kMailEnds - 101 * kDay) == Told{"warning method-discouraged"});
  CHECK(told("email", "digicert", kMailEnds - 100 * kDay) ==
        Told{"warning method-ends-before-renewal"});
  CHECK(told("email", "digicert", kMailEnds - 1) == Told{"warning method-ends-before-renewal"});
  CHECK(told("email", "digicert", kMailEnds) == Told{"error method-ended"});
}

TEST_CASE("the end of a method is told with its days") {
  const Finding before = findings_of("email", "digicert", kMailEnds - 10 * kDay).front();
  CHECK(before.message ==
        "email (BR 3.2.2.4.4) ends on 2028-03-15, and a certificate issued now has to be renewed "
        "by 2028-06-13");
  CHECK(before.remedy.action ==
        "Bring app.shop.example to another method, such as dns-01 or dns-txt, before 2028-03-15; "
        "an earlier validation helps for 100 days at most.");
  CHECK(findings_of("email", "digicert", kMailEnds).front().message ==
        "No CA may validate by email (BR 3.2.2.4.4) any more since 2028-03-15");
}
