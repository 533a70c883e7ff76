#include "check/wait.h"

#include "support/catch.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;

namespace {

std::optional<Wait> wait_of(const ObservationBuilder& world,
                            const std::vector<Finding>& findings = {}) {
  return wait_for({world.observation, world.observation.targets.front(), observe::default_profile(),
                   Overview(world.observation)},
                  findings);
}

// ns2 has another copy of the zone: its serial, and its answer to the proof question.
ObservationBuilder world_with_copy(const std::string& serial_and_refresh, const Reply& answer,
                                   std::vector<std::string> expected = {kDigest}) {
  ObservationBuilder world = healthy_world(std::move(expected));
  world.healthy_zone(kZone, 10);
  for (const std::string address : {"45.90.30.10", "2a07:a8c1::10"}) {
    world.asked(Purpose::zone_soa, kZone, address, kZone, RecordType::soa,
                data({kZone + " 3600 IN SOA ns1." + kZone + " hostmaster." + kZone + " " +
                      serial_and_refresh + " 900 1209600 300"}));
    world.proof(kZone, address, kProofName, answer);
  }
  return world;
}

}  // namespace

TEST_CASE("nobody waits when all servers agree") {
  CHECK_FALSE(wait_of(healthy_world()));
  CHECK_FALSE(wait_of(world_with_copy("9 1800", data({txt_line(kProofName, kDigest)}))));
}

TEST_CASE("a lagging secondary asks again after the refresh of its own copy") {
  for (const std::vector<std::string>& expected :
       {std::vector<std::string>{kDigest}, std::vector<std::string>{}}) {
    const auto wait = wait_of(world_with_copy("9 1800", nxdomain(kZone, 9), expected));
    REQUIRE(wait);
    CHECK(wait->seconds == 1800);
    CHECK(wait->reason ==
          "ns2.shop.example (45.90.30.10) still has serial 9 of shop.example while "
          "ns1.shop.example (45.90.28.10) has 10; a secondary asks its primary again after the "
          "SOA refresh of 1800 s at the latest.");
  }
}

TEST_CASE("nobody waits for servers that the zone has given up and its parent has not") {
  const ObservationBuilder world = world_with_copy("9 1800", nxdomain(kZone, 9));
  Finding differs;
  differs.id = "authority-txt-differs";
  CHECK(wait_of(world, {differs}));
  differs.cause = {"delegation-ns-sets-differ", kZone};
  CHECK_FALSE(wait_of(world, {differs}));
}

TEST_CASE("serials compare by serial number arithmetic") {
  CHECK(wait_of(world_with_copy("4294967290 1800", nxdomain(kZone))));
}

TEST_CASE("waiting does not help when the newest copy lacks the value") {
  CHECK_FALSE(wait_of(world_with_copy("11 1800", nxdomain(kZone))));
}

TEST_CASE("waiting does not help when the serials are equal") {
  CHECK_FALSE(wait_of(world_with_copy("10 1800", nxdomain(kZone))));
}
