#include "check/measures.h"

#include "support/catch.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;

namespace {

Measures measured(const ObservationBuilder& world) {
  const Overview overview(world.observation);
  return measures_of(
      {world.observation, world.observation.targets.front(), observe::default_profile(), overview});
}

}  // namespace

TEST_CASE("what a healthy zone shows is counted") {
  const Measures seen = measured(healthy_world({kDigest}));
  CHECK(seen.aliases == 0);
  CHECK(seen.right == 4);
  CHECK(seen.wrong == 0);
  CHECK(seen.unusable == 0);
  CHECK(seen.agreement == 1);
  CHECK(seen.longest_ttl == 60);
  CHECK(seen.negative_ttl == 300);
  CHECK(seen.slowest_reply.has_value());
  CHECK_FALSE(seen.signature_end);
}

TEST_CASE("servers without the value are wrong, silent ones unusable") {
  ObservationBuilder world = healthy_world({kDigest});
  world.proof(kZone, "45.90.30.10", kProofName, nxdomain(kZone));
  world.proof(kZone, "2a07:a8c1::10", kProofName, silent());
  const Measures seen = measured(world);
  CHECK(seen.right == 2);
  CHECK(seen.wrong == 1);
  CHECK(seen.unusable == 1);
  CHECK(seen.agreement == 0.5);
}

TEST_CASE("nothing is measured where nothing was reached") {
  ObservationBuilder world = healthy_world();
  world.observation.targets.front().steps.clear();
  CHECK(measured(world) == Measures());
}

TEST_CASE("aliases are counted only where somebody answered who could have told of one") {
  ObservationBuilder world = healthy_world({kDigest});
  world.proof_all(kZone, kProofName, silent());
  const Measures seen = measured(world);
  CHECK(seen.unusable == 4);
  CHECK(seen.agreement == 0);
  CHECK_FALSE(seen.aliases);
}

TEST_CASE("of several signatures over a set the last counts, of the sets the first to end") {
  ObservationBuilder world = healthy_world();
  const auto rrsig = [](const std::string& owner, const std::string& covered,
                        const std::string& end) {
    return owner + " 60 IN RRSIG " + covered + " 13 3 60 " + end +
           " 20260901000000 1 shop.example. YWJj";
  };
  Lines lines = {txt_line(kProofName, kDigest), rrsig(kProofName, "TXT", "20260925000000"),
                 rrsig(kProofName, "TXT", "20261001000000")};
  world.proof_all(kZone, kProofName, data(lines));
  CHECK(measured(world).signature_end == 1790812800);  // 2026-10-01
  lines.push_back(rrsig("app.shop.example.", "CNAME", "20260924000000"));
  world.proof_all(kZone, kProofName, data(lines));
  CHECK(measured(world).signature_end == 1790208000);  // 2026-09-24
}
