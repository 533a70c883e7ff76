#include "check/chance.h"

#include "support/catch.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;

namespace {

double chance(const ObservationBuilder& world) {
  return *chance_of({world.observation, world.observation.targets.front(),
                     observe::default_profile(), Overview(world.observation)});
}

Reply right() {
  return data({txt_line(kProofName, kDigest)});
}

}  // namespace

TEST_CASE("the quorum turns the share of right answers into a probability") {
  CHECK(pass_probability(0.50, 4) == Approx(0.15625));
  CHECK(pass_probability(0.67, 4) == Approx(0.401).margin(0.001));
  CHECK(pass_probability(2.0 / 3, 4) == Approx(0.395).margin(0.001));
  CHECK(pass_probability(0.75, 4) == Approx(0.554).margin(0.001));
  CHECK(pass_probability(0.90, 4) == Approx(0.853).margin(0.001));
  CHECK(pass_probability(0.50, 5) == Approx(0.09375));
  CHECK(pass_probability(0.90, 5) == Approx(0.827).margin(0.001));
  CHECK(pass_probability(1, 5) == 1);
  CHECK(pass_probability(0, 4) == 0);
}

TEST_CASE("as many remotes may fail as the quorum says") {
  CHECK(pass_probability(0.5, 2, 0) == Approx(0.125));
  CHECK(pass_probability(0.5, 6, 2) == Approx(0.5 * 22 / 64));
  CHECK(pass_probability(0.5, 1, 3) == Approx(0.5));
}

TEST_CASE("a fifth remote perspective is required from 2026-12-15") {
  const observe::CaProfile profile = observe::default_profile();
  CHECK(quorum_at(profile, 1797292799).remotes == 4);
  CHECK(quorum_at(profile, 1797292800).remotes == 5);
  CHECK(quorum_at(profile, 1797292800).may_fail == 1);
}

TEST_CASE("the chance follows the quorum of the CA") {
  ObservationBuilder world = healthy_world();
  world.proof(kZone, "45.90.30.10", kProofName, nxdomain(kZone));
  observe::CaProfile lenient = observe::default_profile();
  lenient.quorum = {{0, 2, 0}};
  CHECK(*chance_of({world.observation, world.observation.targets.front(), lenient,
                    Overview(world.observation)}) == Approx(0.75 * 0.75 * 0.75));
}

TEST_CASE("all addresses right means certain") {
  CHECK(chance(healthy_world()) == 1);
}

TEST_CASE("a wrong but valid answer at half of the addresses lowers the chance") {
  for (const Reply& wrong :
       {nxdomain(kZone), nodata(kZone), data({txt_line(kProofName, kOtherDigest)}),
        data({cname_line(kProofName, "elsewhere.example.")}), nxdomain("example.")}) {
    ObservationBuilder world = healthy_world();
    world.proof(kZone, "45.90.30.10", kProofName, wrong);
    world.proof(kZone, "2a07:a8c1::10", kProofName, wrong);
    CHECK(chance(world) == Approx(pass_probability(0.5, 4)));
  }
}

TEST_CASE("lame and silent servers are asked around, so they do not lower the chance") {
  Reply empty;  // NOERROR without SOA
  for (const Reply& useless : {refused(), servfail(), silent(), empty}) {
    ObservationBuilder world = healthy_world();
    world.proof(kZone, "45.90.30.10", kProofName, useless);
    CHECK(chance(world) == 1);
  }
}

TEST_CASE("a server that a resolver cannot hear over UDP has no vote") {
  ObservationBuilder world = healthy_world();
  Reply unheard = over_tcp(right());
  unheard.udp_silent = true;
  for (const std::string address : {"45.90.28.10", "2a07:a8c0::10"}) {
    world.proof(kZone, address, kProofName, nxdomain(kZone));
    world.always(address == "45.90.28.10" ? "45.90.30.10" : "2a07:a8c1::10", unheard);
  }
  CHECK(chance(world) == 0);
}

TEST_CASE("what only the zone says of its servers comes too late for a resolver") {
  const auto wrong_at = [](ObservationBuilder& world, const std::string& v4,
                           const std::string& v6) {
    world.proof(kZone, v4, kProofName, nxdomain(kZone));
    world.proof(kZone, v6, kProofName, nxdomain(kZone));
  };
  ObservationBuilder world = healthy_world();
  wrong_at(world, "45.90.30.10", "2a07:a8c1::10");
  observe::NameServer& ns2 = world.server_at(kZone, "ns2.shop.example.");
  ns2.glue = {dns::IpAddress::of("45.90.30.99")};
  CHECK(chance(world) == 1);  // nobody comes to the addresses that the zone gives
  ns2.glue.clear();
  CHECK(chance(world) == Approx(pass_probability(0.5, 4)));
  ns2.in_parent = false;
  CHECK(chance(world) == 1);
  world.server("ns3.shop.example.", {"45.90.30.10"});  // an address of ns2
  CHECK(chance(world) == Approx(pass_probability(2.0 / 3, 4)));

  ObservationBuilder other = healthy_world();
  wrong_at(other, "45.90.28.10", "2a07:a8c0::10");
  other.server_at(kZone, "ns2.shop.example.").in_parent = false;
  CHECK(chance(other) == 0);
}

TEST_CASE("no usable answer at all means no chance") {
  ObservationBuilder world = healthy_world();
  world.proof_all(kZone, kProofName, refused());
  CHECK(chance(world) == 0);
}

TEST_CASE("further values beside the expected one do no harm, a missing one does") {
  ObservationBuilder world = healthy_world({kDigest, kOtherDigest});
  CHECK(chance(world) == 0);
  world.proof_all(kZone, kProofName,
                  data({txt_line(kProofName, kDigest), txt_line(kProofName, kOtherDigest),
                        txt_line(kProofName, "unrelated")}));
  CHECK(chance(world) == 1);
}

TEST_CASE("without expected values agreement counts") {
  ObservationBuilder world = healthy_world({});
  CHECK(chance(world) == 1);
  world.proof(kZone, "45.90.30.10", kProofName, nxdomain(kZone));
  CHECK(chance(world) == Approx(pass_probability(0.75, 4)));
  world.proof_all(kZone, kProofName, nxdomain(kZone));
  CHECK(chance(world) == 1);
}

TEST_CASE("back ends behind one address count by their samples") {
  ObservationBuilder world = healthy_world();
  world.asked(Purpose::proof_again, kZone, "45.90.28.10", kProofName, RecordType::txt,
              nxdomain(kZone));
  CHECK(chance(world) == Approx(pass_probability(3.5 / 4, 4)));
}

TEST_CASE("the shares of all zones on the path multiply") {
  const std::string child = "_acme-challenge.app.shop.example.";
  ObservationBuilder world = healthy_world();
  world.zone(child, kZone).server("ns.dns.example.", {"45.90.40.10"});
  world.server("ns.other.example.", {"45.90.40.11"});
  world.observation.targets.front().steps.front().zone = dns::Name::of(child);
  world.proof_all(kZone, kProofName, referral({ns_line(child, "ns.dns.example.")}));
  world.proof_all(child, kProofName, right());
  CHECK(chance(world) == 1);
  world.proof(kZone, "45.90.30.10", kProofName, nxdomain(kZone));
  CHECK(chance(world) == Approx(pass_probability(0.75, 4)));
  world.proof(child, "45.90.40.11", kProofName, nxdomain(child));
  CHECK(chance(world) == Approx(pass_probability(0.75 * 0.5, 4)));
}

TEST_CASE("at an alias the right answer is the alias that the walk followed") {
  ObservationBuilder world = healthy_world();
  world.zone("dns.example.", "example.").server("ns.dns.example.", {"45.90.40.10"});
  world.observation.targets.front().steps.clear();
  world.step(kProofName, kZone, StepEnd::alias, "app.dns.example.")
      .step("app.dns.example.", "dns.example.", StepEnd::answer);
  world.proof_all(kZone, kProofName, data({cname_line(kProofName, "APP.dns.example.")}));
  world.proof_all("dns.example.", "app.dns.example.",
                  data({txt_line("app.dns.example.", kDigest)}));
  CHECK(chance(world) == 1);
  world.proof(kZone, "45.90.28.10", kProofName, right());
  CHECK(chance(world) == Approx(pass_probability(0.75, 4)));
}

TEST_CASE("a CNAME that is looked for counts by its target") {
  const std::string owner = "_dnsauth.app.shop.example.", target = "x.dcv.digicert.com.";
  ObservationBuilder world = healthy_world({target});
  observe::Target& looked_for = world.observation.targets.front();
  looked_for.method = "dns-cname";
  looked_for.type = RecordType::cname;
  looked_for.steps.clear();
  world.step(owner, kZone, StepEnd::answer);
  const auto answer = [&](const std::string& to) { return data({cname_line(owner, to)}); };
  world.asked_all(Purpose::proof, kZone, owner, RecordType::cname, answer(target));
  CHECK(chance(world) == 1);
  world.asked(Purpose::proof, kZone, "45.90.30.10", owner, RecordType::cname,
              answer("y.dcv.digicert.com."));
  CHECK(chance(world) == Approx(pass_probability(0.75, 4)));
}
