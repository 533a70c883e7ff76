#include "check/outlook.h"

#include "support/catch.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;

namespace {

std::vector<Outlook> outlooks(const ObservationBuilder& world) {
  return outlooks_of(world.observation, evaluate(world.observation)).front();
}

}  // namespace

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
