// Servers that have different CAA records.
#include "check/caa_world.h"

#include "check/chance.h"
#include "check/evaluate.h"
#include "support/catch.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;

TEST_CASE("servers with different records are a risk when they decide differently") {
  ObservationBuilder world = world_with({"0 issue \"letsencrypt.org\""});
  at(world, kServers[2], kZone, caa_reply(kZone, {"0 issue \"other.example\""}));
  CHECK(caa_told(world) == Told{"warning caa-differs shop.example."});
  CHECK(share(world) == Approx(0.75));
  const Overview overview(world.observation);
  const Case test{world.observation, world.observation.targets.front(), observe::default_profile(),
                  overview};
  CHECK(*chance_of(test) == Approx(pass_probability(0.75, 4)));
  CHECK(found(world).front().arguments.at("views") ==
        "ns1.shop.example and ns2.shop.example: 0 issue \"letsencrypt.org\"; ns2.shop.example: 0 "
        "issue "
        "\"other.example\"");
}

TEST_CASE("where servers have different records the best set is spread to the others") {
  ObservationBuilder world = world_with({"0 issue \"letsencrypt.org\"", "0 iodef \"mailto:a@b\""});
  const Reply other = caa_reply(kZone, {"0 issue \"other.example\"", "0 iodef \"mailto:a@b\""});
  for (const std::string address : {"45.90.30.10", "2a07:a8c1::10"})
    at(world, address, kZone, other);
  const std::vector<Edit> edits = found(world).front().remedy.edits;
  REQUIRE(edits.size() == 1);
  CHECK(edits[0].zone == kZone);
  CHECK(edits[0].server == "ns2.shop.example.");
  CHECK(edits[0].remove == Lines{"shop.example. 3600 IN CAA 0 issue \"other.example\""});
  CHECK(edits[0].add == Lines{"shop.example. 3600 IN CAA 0 issue \"letsencrypt.org\""});
}

TEST_CASE("records that lag behind are worth waiting for") {
  ObservationBuilder world = world_with({"0 issue \"letsencrypt.org\""});
  world.healthy_zone(kZone, 10);
  for (const std::string address : {"45.90.30.10", "2a07:a8c1::10"}) {
    at(world, address, kZone, caa_reply(kZone, {"0 issue \"other.example\""}));
    world.asked(Purpose::zone_soa, kZone, address, kZone, RecordType::soa,
                data({soa_line(kZone, 9)}));
  }
  const Judgement judgement = evaluate(world.observation).front();
  CHECK(judgement.verdict == Verdict::at_risk);
  CHECK(judgement.wait_seconds == 7200);
  world.healthy_zone(kZone, 10);
  CHECK_FALSE(evaluate(world.observation).front().wait_seconds);
}

TEST_CASE("what a wildcard may have made is not removed at the name") {
  ObservationBuilder world = quiet_world();
  everywhere(world, kApp, kZone, caa_reply(kApp, {"128 unknown \"x\""}));
  CHECK(found(world).front().remedy.edits.size() == 1);
  world.asked_all(Purpose::control, kZone, kControlName, RecordType::txt, nodata(kZone));
  CHECK(found(world).front().remedy.edits.empty());
  CHECK(found(world).front().remedy.action ==
        "Remove the record app.shop.example. 3600 IN CAA 128 unknown \"x\"; if it is made from a "
        "wildcard, do so there.");
}

TEST_CASE("the remedy is about what the servers do not answer to") {
  const auto action = [](const Reply& reply) {
    ObservationBuilder world = quiet_world();
    alias_to_cdn(world, reply);
    return found(world).front().remedy.action;
  };
  Reply reply = nodata("cdn.example.");
  reply.edns = observe::EdnsSupport::dropped;
  CHECK(action(reply) ==
        "Ask whoever runs cdn.example to make ns.cdn.example answer questions with EDNS, with or "
        "without the help of their firewall.");
  reply = over_tcp(nodata("cdn.example."));
  reply.udp_silent = true;
  CHECK(
      action(reply) ==
      "Ask whoever runs cdn.example to make ns.cdn.example answer on UDP port 53, with or without "
      "the help of their firewall.");
}

TEST_CASE("different records that decide the same are worth a note") {
  ObservationBuilder world = world_with({"0 issue \"letsencrypt.org\""});
  at(world, kServers[2], kZone, caa_reply(kZone, {"0 iodef \"mailto:a@b\""}));
  CHECK(caa_told(world) == Told{"notice caa-differs shop.example."});
  CHECK(share(world) == 1);
}

TEST_CASE("where some servers forbid and most do not let in, the odds are left") {
  ObservationBuilder world = world_with({"0 issue \"other.example\""});
  at(world, kServers[2], kZone, nodata(kZone));
  CHECK(caa_told(world) ==
        Told{"warning caa-differs shop.example.", "warning caa-forbids shop.example."});
  CHECK(share(world) == Approx(0.25));
}
