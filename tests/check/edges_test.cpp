// Every family over worlds in which nothing usable was seen: no verdict may come from nothing, and
// nothing may crash.
#include "check/evaluate.h"
#include "observe/ca_profile_json.h"
#include "rules/method.h"
#include "support/catch.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;

namespace {

constexpr StepEnd kEnds[] = {StepEnd::limit, StepEnd::no_usable_reply};
const std::string kElsewhere = "abcdefghijklmnopqrstuvwxyz012345.dcv.digicert.com.";

// The way leads, through an alias or not, to where no server told anything.
ObservationBuilder world_of(const std::string& method, StepEnd end, bool aliased, bool expects) {
  ObservationBuilder world = healthy_world();
  observe::Target& target = world.observation.targets.front();
  target.method = method;
  target.expected = expects ? std::vector<std::string>{kDigest} : std::vector<std::string>{};
  target.type = method == "dns-cname" ? RecordType::cname
                : method == "email"   ? RecordType::mx
                : method == "http-01" ? RecordType::a
                                      : RecordType::txt;
  target.steps.clear();
  for (observe::Exchange& each : world.observation.exchanges) {
    each.outcome = Outcome::timeout;
    each.reply.reset();
    each.kind.reset();
  }
  if (aliased) {
    world.step(kProofName, kZone, StepEnd::alias, kElsewhere);
    world.proof_all(kZone, kProofName, data({cname_line(kProofName, kElsewhere)}));
  }
  world.step(aliased ? kElsewhere : kProofName, aliased ? "com." : kZone, end);
  return world;
}

}  // namespace

TEST_CASE("whatever the method, a walk that saw nothing is never ready") {
  for (const rules::Method method : rules::kMethods) {
    for (const StepEnd end : kEnds) {
      for (const bool aliased : {false, true}) {
        for (const bool expects : {false, true}) {
          ObservationBuilder world =
              world_of(std::string(rules::text(method)), end, aliased, expects);
          world.observation.profiles = observe::shipped_ca_table().profiles;
          for (const Judgement& judgement : evaluate(world.observation)) {
            INFO(judgement.method << " at " << judgement.ca << ", end " << static_cast<int>(end)
                                  << (aliased ? ", aliased" : "") << (expects ? ", expects" : ""));
            CHECK(judgement.verdict != Verdict::ready);
          }
        }
      }
    }
  }
}
