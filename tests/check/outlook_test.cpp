#include "check/outlook.h"

#include <filesystem>

#include "lab/signing.h"
#include "resolve/collect.h"
#include "resolve/root_hints.h"
#include "support/catch.h"
#include "support/lab_transport.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;

namespace {

std::vector<Outlook> outlooks(const ObservationBuilder& world) {
  return outlooks_of(world.observation, evaluate(world.observation)).front();
}

// Root, registry and customer signed; seen right after.
observe::Observation signed_world() {
  constexpr std::uint32_t now = 1790000000;
  const std::filesystem::path folder = DCV_SOURCE_DIR "/tests/scenarios";
  auto loaded = lab::load_scenario(folder / "ok-direct-txt", folder / "base");
  REQUIRE(loaded);
  lab::Scenario scenario = std::move(loaded).value();
  for (const char* apex : {".", "example", "shop.example"}) scenario.sign[dns::Name::of(apex)] = {};
  const auto anchor = lab::sign_zones(scenario, now);
  REQUIRE(anchor);
  LabTransport transport(scenario);
  resolve::Plan plan;
  plan.targets.push_back({*dns::parse_identifier("app.shop.example"), {}});
  plan.root_hints = resolve::builtin_root_hints();
  plan.now = now;
  observe::Observation observation = resolve::collect(plan, transport);
  observation.trust_anchors = *anchor;
  return observation;
}

// A world whose records name so many moments, at a target with the method.
ObservationBuilder lasting_world(const std::string& method, int records) {
  ObservationBuilder world = healthy_world({});
  const std::string name = "_validation-persist.app.shop.example.";
  observe::Target& target = world.observation.targets.front();
  target.method = method;
  target.validation_name = dns::Name::of(name);
  target.steps.clear();
  world.step(name, kZone, StepEnd::answer);
  Lines lines;
  for (int i = 0; i < records; ++i) {
    const auto until = static_cast<long long>(world.observation.now) + 86400LL * (1 + i);
    lines.push_back(txt_line(name, "letsencrypt.org; accounturi=https://ca.example/" +
                                       std::to_string(i) +
                                       "; persistUntil=" + std::to_string(until)));
  }
  world.proof_all(kZone, name, data(lines));
  return world;
}

}  // namespace

TEST_CASE("the end of signatures comes only unless they are made anew") {
  observe::Observation observation = signed_world();
  observe::CaProfile profile = observe::default_profile();
  const double later = observation.now + 300 * 86400;
  profile.quorum = {{.from = 0, .remotes = 4, .may_fail = 1},
                    {.from = later, .remotes = 5, .may_fail = 1}};
  observation.profiles = {profile};
  const std::vector<Judgement> judgements = evaluate(observation);
  REQUIRE(judgements.front().verdict == Verdict::ready);
  REQUIRE(judgements.front().measures.signature_end);
  const double end = *judgements.front().measures.signature_end;
  const std::vector<Outlook> ahead = outlooks_of(observation, judgements).front();
  REQUIRE(ahead.size() == 3);
  CHECK(ahead[0].from < end);
  CHECK(ahead[0].from >= end - 48 * 3600);
  CHECK(ahead[0].unless_signed_anew);
  CHECK(ahead[0].verdict == Verdict::at_risk);
  REQUIRE_FALSE(ahead[0].findings.empty());
  CHECK(ahead[0].findings.front().id == "dnssec-signature-expiring");
  CHECK(ahead[1].from == end + 1);
  CHECK(ahead[1].unless_signed_anew);
  CHECK(ahead[1].verdict == Verdict::blocked);
  REQUIRE_FALSE(ahead[1].findings.empty());
  CHECK(ahead[1].findings.front().id == "dnssec-signature-expired");
  CHECK(ahead[2].from == later);
  CHECK_FALSE(ahead[2].unless_signed_anew);
  CHECK(ahead[2].verdict == Verdict::ready);
}

TEST_CASE("records that end are moments only where they are the proof, and not without end") {
  const auto count = [](const std::string& method) {
    std::set<double> moments;
    for (const Outlook& each : outlooks(lasting_world(method, 100))) moments.insert(each.from);
    return moments.size();
  };
  CHECK(count("dns-01") == 0);
  CHECK(count("dns-persist-01") > 0);
  CHECK(count("dns-persist-01") <= 33);
}

TEST_CASE("a name that keeps all rules meets only those that change for its CA") {
  ObservationBuilder world = healthy_world();
  observe::CaProfile profile = observe::default_profile();
  profile.quorum = {{.from = 0, .remotes = 4, .may_fail = 1}};
  world.observation.profiles = {profile};
  CHECK(outlooks(world).empty());
}

TEST_CASE("a CA that will ask more perspectives is told with the day") {
  ObservationBuilder world = healthy_world();
  observe::CaProfile profile = observe::default_profile();
  const double later = world.observation.now + 30 * 86400;
  profile.quorum = {{.from = 0, .remotes = 4, .may_fail = 1},
                    {.from = later, .remotes = 5, .may_fail = 1}};
  world.observation.profiles = {profile};
  const std::vector<Outlook> ahead = outlooks(world);
  REQUIRE(ahead.size() == 1);
  CHECK(ahead.front().from == later);
  CHECK(ahead.front().perspectives ==
        "5 remote perspectives, of which 1 may fail, instead of 4 and 1");
  CHECK(ahead.front().verdict == Verdict::ready);
}

TEST_CASE("the end of a lasting record is an outlook with its finding") {
  ObservationBuilder world = healthy_world({});
  const double until = world.observation.now + 10 * 86400;
  const std::string name = "_validation-persist.app.shop.example.";
  observe::Target& target = world.observation.targets.front();
  target.method = "dns-persist-01";
  target.validation_name = dns::Name::of(name);
  target.steps.clear();
  world.step(name, kZone, StepEnd::answer);
  const std::string value = "letsencrypt.org; accounturi=https://ca.example/1; persistUntil=" +
                            std::to_string(static_cast<long long>(until));
  world.proof_all(kZone, name, data({txt_line(name, value)}));
  const std::vector<Outlook> ahead = outlooks(world);
  REQUIRE_FALSE(ahead.empty());
  CHECK(ahead.front().from == until + 1);
  REQUIRE_FALSE(ahead.front().findings.empty());
  CHECK(ahead.front().findings.front().id == "persist-expired");
}
