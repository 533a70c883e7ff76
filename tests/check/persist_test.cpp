#include "check/persist.h"

#include "check/vote.h"
#include "observe/ca_profile_json.h"
#include "support/catch.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;

namespace {

const std::string kPlace = "_validation-persist.app.shop.example.";
const std::string kAccount = "https://acme-v02.api.letsencrypt.org/acme/acct/7";
const std::string kGood = "letsencrypt.org; accounturi=" + kAccount;
constexpr double kNow = 1790000000;  // 2026-09-21

Lines lines(const std::vector<std::string>& values) {
  Lines lines;
  for (const std::string& value : values) lines.push_back(txt_line(kPlace, value));
  return lines;
}

ObservationBuilder world_with(const std::vector<std::string>& values,
                              std::vector<std::string> accounts = {kAccount}) {
  ObservationBuilder world = healthy_world({});
  observe::Target& target = world.observation.targets.front();
  target.method = "dns-persist-01";
  target.validation_name = dns::Name::of(kPlace);
  target.steps.front().name = target.validation_name;
  target.steps.front().end = values.empty() ? StepEnd::nxdomain : StepEnd::answer;
  world.proof_all(kZone, kPlace, values.empty() ? nxdomain(kZone) : data(lines(values)));
  world.observation.account_uris = std::move(accounts);
  return world;
}

std::vector<Finding> findings_of(const ObservationBuilder& world,
                                 const observe::CaProfile& ca = observe::default_profile()) {
  std::vector<Finding> findings;
  kPersistFamily.check(
      {world.observation, world.observation.targets.front(), ca, Overview(world.observation)},
      findings);
  return findings;
}

// "error persist-missing" of each.
std::vector<std::string> told(const ObservationBuilder& world,
                              const observe::CaProfile& ca = observe::default_profile()) {
  std::vector<std::string> texts;
  for (const Finding& each : findings_of(world, ca))
    texts.push_back(std::string(text(each.severity)) + " " + each.id);
  return texts;
}

using Told = std::vector<std::string>;

Finding only(const ObservationBuilder& world) {
  const std::vector<Finding> findings = findings_of(world);
  REQUIRE(findings.size() == 1);
  return findings.front();
}

ObservationBuilder wildcard_world(const std::vector<std::string>& values) {
  ObservationBuilder world = world_with(values);
  world.observation.targets.front().identifier = "*.app.shop.example";
  return world;
}

std::string line(const std::string& value) {
  return kPlace + "\t60\tIN\tTXT\t\"" + value + "\"";
}

std::vector<std::string> tabbed(std::vector<std::string> records) {
  for (std::string& record : records)
    for (int blanks = 0; char& each : record)
      if (each == ' ' && blanks++ < 4) each = '\t';
  return records;
}

}  // namespace

TEST_CASE("a record for this CA and the told account is fine") {
  CHECK(told(world_with({kGood})).empty());
  CHECK(told(world_with({kGood + "; policy=wildcard"})).empty());
  CHECK(told(wildcard_world({kGood + "; policy=WildCard"})).empty());
  CHECK(told(world_with({"LetsEncrypt.org.; accounturi=" + kAccount})).empty());
}

TEST_CASE("the family is about lasting records only") {
  ObservationBuilder world = world_with({kGood});
  const Overview overview(world.observation);
  const observe::CaProfile ca = observe::default_profile();
  const Case test{world.observation, world.observation.targets.front(), ca, overview};
  CHECK(applies(kPersistFamily, test));
  CHECK(persist::is_accepted(test, {kGood}) == true);
  CHECK(persist::is_accepted(test, {}) == false);
  world.observation.targets.front().method = "dns-01";
  CHECK_FALSE(applies(kPersistFamily, test));
  CHECK_FALSE(persist::is_accepted(test, {kGood}));
}

TEST_CASE("no record is an error, and the remedy is the record") {
  const Finding finding = only(world_with({}));
  CHECK(finding.id == "persist-missing");
  CHECK(finding.severity == Severity::error);
  REQUIRE(finding.remedy.edits.size() == 1);
  CHECK(tabbed(finding.remedy.edits[0].add) == std::vector<std::string>{line(kGood)});
  CHECK(
      only(world_with({}, {})).remedy.action ==
      "Publish a TXT record \"letsencrypt.org; accounturi=ACCOUNT-URL\" at "
      "_validation-persist.app.shop.example, with the account's URL as the ACME client shows it.");
}

TEST_CASE("records of other CAs alone are an error, beside a good one they are nothing") {
  const std::string other = "sectigo.com; accounturi=https://acme.sectigo.com/7";
  CHECK(told(world_with({other})) == Told{"error persist-issuer-differs"});
  CHECK(told(world_with({other, kGood})).empty());
}

TEST_CASE("a malformed record says which rule it breaks") {
  const Finding finding = only(world_with({kGood + ";"}));
  CHECK(finding.id == "persist-malformed");
  CHECK(finding.arguments.at("fault") == "has an empty parameter: a semicolon too many");
  REQUIRE(finding.remedy.edits.size() == 1);
  CHECK(tabbed(finding.remedy.edits[0].remove) == std::vector<std::string>{line(kGood + ";")});
  CHECK(tabbed(finding.remedy.edits[0].add) == std::vector<std::string>{line(kGood)});
  CHECK(told(world_with({kDigest})) == Told{"error persist-malformed"});
  CHECK(told(world_with({kGood, kGood + ";"})) == Told{"notice persist-malformed"});
  CHECK(told(world_with({kGood, "sectigo.com; accounturi=x;"})).empty());
}

TEST_CASE("a record for another account is an error, and slips with its URL are named") {
  const std::string staging = "https://acme-staging-v02.api.letsencrypt.org/acme/acct/7";
  const Finding finding = only(world_with({"letsencrypt.org; accounturi=" + staging}));
  CHECK(finding.id == "persist-account-differs");
  CHECK(finding.message ==
        "The record at _validation-persist.app.shop.example is for the account " + staging +
            " (that is the account's URL of the staging environment), not for " + kAccount);
  CHECK(only(world_with({kGood + "/"})).arguments.at("account") ==
        kAccount + "/ (that is the account's URL with a slash at its end)");
  CHECK(only(world_with({"letsencrypt.org; accounturi=https://x.example/9"}))
            .arguments.at("account") == "https://x.example/9");
  CHECK(told(world_with({kGood, kGood + "/"})).empty());
}

TEST_CASE("an account that was not told is noticed, one of another CA is a warning") {
  CHECK(told(world_with({kGood}, {})) == Told{"notice persist-account-unchecked"});
  CHECK(told(world_with({kGood}, {"https://other.example/acct/1"})) ==
        Told{"notice persist-account-unchecked"});
  CHECK(told(world_with({"letsencrypt.org; accounturi=https://other.example/1"}, {})) ==
        Told{"warning persist-account-unchecked"});
}

TEST_CASE("a hashed account cannot be compared, whoever was told") {
  const std::string hashed =
      "letsencrypt.org; accounturi=https://acme-v02.api.letsencrypt.org/hash/sha-256/"
      "5SQm7n6tPh2-PlLbCKGnViTXX5z19SCN4cPGQHSk-kw";
  CHECK(told(world_with({hashed})) == Told{"warning persist-account-unchecked"});
  CHECK(told(world_with({hashed, kGood})).empty());
}

TEST_CASE("a wildcard name needs the policy") {
  const Finding finding = only(wildcard_world({kGood}));
  CHECK(finding.id == "persist-policy-missing");
  REQUIRE(finding.remedy.edits.size() == 1);
  CHECK(tabbed(finding.remedy.edits[0].add) ==
        std::vector<std::string>{line(kGood + "; policy=wildcard")});
}

TEST_CASE("a record counts up to its second, and not beyond") {
  const auto until = [](double moment) {
    return kGood + "; persistUntil=" + std::to_string(static_cast<long>(moment));
  };
  CHECK(told(world_with({until(kNow - 1)})) == Told{"error persist-expired"});
  CHECK(told(world_with({until(kNow)})) == Told{"warning persist-expires-soon"});
  CHECK(told(world_with({until(kNow + 90 * 86400 - 1)})) == Told{"warning persist-expires-soon"});
  CHECK(told(world_with({until(kNow + 90 * 86400)})).empty());
  CHECK(told(world_with({until(kNow * 1000)})) == Told{"warning persist-until-milliseconds"});
  CHECK(told(world_with({until(kNow - 1), kGood})) == Told{"notice persist-expired"});
}

TEST_CASE("several records for one account are noticed") {
  CHECK(told(world_with({kGood, kGood + "; policy=wildcard"})) == Told{"notice persist-duplicate"});
}

TEST_CASE("for a CA not yet chosen any issuer will do") {
  observe::CaProfile any = observe::default_profile();
  any.identities.clear();
  any.account_prefix.clear();
  const std::string url = "https://other.example/acct/1";
  CHECK(told(world_with({"other.example; accounturi=" + url}, {url}), any).empty());
  CHECK(told(world_with({kDigest}, {url}), any) == Told{"error persist-malformed"});
}

TEST_CASE("servers vote by whether the CA accepts their records") {
  ObservationBuilder world = world_with({kGood});
  world.proof(kZone, "45.90.30.10", kPlace, data(lines({kGood, "x.example; accounturi=y"})));
  world.proof(kZone, "2a07:a8c1::10", kPlace, nxdomain(kZone));
  const Overview overview(world.observation);
  const observe::CaProfile ca = observe::default_profile();
  const Case test{world.observation, world.observation.targets.front(), ca, overview};
  int right = 0, all = 0;
  for (const Vote& vote : votes(test, test.target.steps.front(), world.zone_at(kZone))) {
    right += vote.right ? 1 : 0;
    ++all;
  }
  CHECK(all == 8);  // two samples of four addresses
  CHECK(right == 6);
}

TEST_CASE("servers that differ in further records only are nobody's trouble") {
  const auto severity = [](const std::vector<std::string>& values) {
    ObservationBuilder world = world_with({kGood});
    for (const std::string address : {"45.90.30.10", "2a07:a8c1::10"})
      world.proof(kZone, address, kPlace, values.empty() ? nxdomain(kZone) : data(lines(values)));
    world.asked(Purpose::zone_soa, kZone, "45.90.30.10", kZone, RecordType::soa,
                data({soa_line(kZone, 0)}));
    world.asked(Purpose::zone_soa, kZone, "2a07:a8c1::10", kZone, RecordType::soa,
                data({soa_line(kZone, 0)}));
    std::vector<Finding> findings;
    kAuthorityFamily.check({world.observation, world.observation.targets.front(),
                            observe::default_profile(), Overview(world.observation)},
                           findings);
    REQUIRE(findings.size() == 1);
    CHECK(findings.front().id == "authority-txt-differs");
    CHECK(findings.front().arguments.at("lagging") == "ns2.shop.example");
    return findings.front().severity;
  };
  CHECK(severity({}) == Severity::warning);
  CHECK(severity({kGood, "x.example; accounturi=y"}) == Severity::notice);
}
