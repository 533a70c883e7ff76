#include "check/propagation.h"

#include "check/view_world.h"
#include "support/catch.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;

namespace {

Propagation propagation(const ViewWorld& world, const Deadlines& earlier = {}) {
  const Judgement judgement = evaluate(world.observation).front();
  const observe::CaProfile profile = observe::default_profile();
  const Overview overview(world.observation);
  return propagation_of({world.observation, world.observation.targets.front(), profile, overview},
                        judgement.findings, earlier);
}

std::vector<std::string> words(const Propagation& result) {
  std::vector<std::string> found;
  for (const Row& row : result.rows) found.push_back(row.who + " " + row.address + " " + row.word);
  return found;
}

void make_lag(ViewWorld& world) {
  world.builder.healthy_zone(kZone, 10);
  for (const std::string address : {"45.90.30.10", "2a07:a8c1::10"}) {
    world.builder.asked(Purpose::zone_soa, kZone, address, kZone, RecordType::soa,
                        data({soa_line(kZone, 9)}));
    world.builder.proof(kZone, address, kProofName, nxdomain(kZone, 9));
  }
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("when all authorities hold it, it is ready") {
  const Propagation result = propagation(ViewWorld());
  CHECK(result.verdict == Verdict::ready);
  CHECK(words(result) ==
        Words{"ns1.shop.example 45.90.28.10 holds", "ns1.shop.example 2a07:a8c0::10 holds",
              "ns2.shop.example 45.90.30.10 holds", "ns2.shop.example 2a07:a8c1::10 holds"});
  CHECK(result.authorities == 4);
  CHECK(result.authorities_holding == 4);
  CHECK(result.resolvers == 0);
  CHECK_FALSE(result.wait_seconds);
  CHECK(result.certainty == "full");
  CHECK(result.summary == "4 of 4 addresses of the authorities hold it.");
  CHECK(result.rows[0].zone == "shop.example");
  CHECK(result.rows[0].samples == 3);
  CHECK(result.rows[0].samples_holding == 3);
  CHECK(result.rows[0].round_trip == 0.02);
}

TEST_CASE("a lagging authority comes first, with its finding and the refresh of its copy") {
  ViewWorld world;
  make_lag(world);
  const Propagation result = propagation(world);
  CHECK(result.verdict == Verdict::at_risk);
  CHECK(result.authorities_holding == 2);
  REQUIRE(result.rows.size() == 4);
  CHECK(result.rows[0].who == "ns2.shop.example");
  CHECK(result.rows[0].odd);
  CHECK(result.rows[0].word == "NXDOMAIN");
  CHECK(result.rows[0].reason == "authority-txt-differs");
  CHECK(result.rows[0].wait_seconds == 7200.0);
  CHECK_FALSE(result.rows[2].odd);
  CHECK(result.wait_seconds == 7200.0);
  CHECK(result.summary ==
        "2 of 4 addresses of the authorities hold it; ns2.shop.example (45.90.30.10): NXDOMAIN "
        "(authority-txt-differs); all should within 2 h, by 2026-09-21 16:13:20 UTC.");
}

TEST_CASE("a copy that was seen to lag is not due later for being seen again") {
  ViewWorld world;
  make_lag(world);
  const double first = world.observation.now;
  const Deadlines told = deadlines_of(propagation(world), first);
  CHECK(told.size() == 2);
  CHECK(told.at({"shop.example", "45.90.30.10"}) == first + 7200);
  world.observation.now = first + 1200;
  CHECK(propagation(world, told).wait_seconds == 6000.0);
  CHECK(deadlines_of(propagation(world, told), first + 1200) == told);
  world.observation.now = first + 7200;  // it was not renewed: the bound has to be told anew
  CHECK(propagation(world, told).wait_seconds == 7200.0);
}

TEST_CASE("what no authority has is not published yet, and cannot come by waiting alone") {
  ViewWorld world;
  world.builder.proof_all(kZone, kProofName, nxdomain(kZone));
  world.target().steps.back().end = StepEnd::nxdomain;
  Propagation result = propagation(world);
  CHECK(result.verdict == Verdict::blocked);
  CHECK(result.unpublished);
  CHECK_FALSE(result.wait_seconds);
  CHECK(result.summary ==
        "Not published yet: 0 of 4 addresses of the authorities hold it; ns1.shop.example "
        "(45.90.28.10): NXDOMAIN (value-expected-absent).");
  world.target().expected.clear();
  result = propagation(world);
  CHECK(result.unpublished);
  CHECK(result.rows.front().reason.empty());
}

TEST_CASE("silent authorities count neither for nor against") {
  ViewWorld world;
  world.builder.always("45.90.30.10", silent());
  Propagation result = propagation(world);
  CHECK(result.verdict == Verdict::ready);
  CHECK(result.authorities == 3);
  CHECK(result.certainty == "some addresses of the authorities did not answer");
  CHECK(result.rows[0].word == "silent");
  CHECK(result.rows[0].odd);

  for (const std::string& address : world.builder.addresses(kZone))
    world.builder.always(address, silent());
  result = propagation(world);
  CHECK(result.authorities == 0);
  CHECK(result.verdict != Verdict::ready);
}

TEST_CASE("that some authorities were not asked is told") {
  ViewWorld world;
  world.builder.always("45.90.30.10", no_reply(observe::Outcome::not_asked, "private"));
  const Propagation result = propagation(world);
  CHECK(result.authorities == 3);
  CHECK(result.certainty == "some addresses of the authorities were not asked");
}

TEST_CASE("one address that answers this way and that does not hold it") {
  ViewWorld world;
  world.builder.asked(Purpose::proof_again, kZone, "45.90.30.10", kProofName, RecordType::txt,
                      nxdomain(kZone));
  const Propagation result = propagation(world);
  CHECK(result.authorities_holding == 3);
  CHECK(result.rows[0].address == "45.90.30.10");
  CHECK(result.rows[0].word == "answers differ");
  CHECK(result.rows[0].samples_holding == 2);
  CHECK(result.rows[0].reason == "authority-answers-alternate");
}

TEST_CASE("an authority that lacks the alias on the way is a row of its own zone") {
  ViewWorld world;
  const std::string there = "app.acme.hosting.example.";
  world.builder.zone("hosting.example.", "example.")
      .server("ns1.hosting.example.", {"45.90.29.1"})
      .healthy_zone("hosting.example.");
  world.target().steps.clear();
  world.builder.step(kProofName, kZone, StepEnd::alias, there)
      .step(there, "hosting.example.", StepEnd::answer);
  world.builder.proof_all(kZone, kProofName, data({cname_line(kProofName, there)}));
  world.builder.proof(kZone, "45.90.30.10", kProofName, nxdomain(kZone));
  world.builder.proof_all("hosting.example.", there, data({txt_line(there, kDigest)}));
  const Propagation result = propagation(world);
  CHECK(result.authorities == 1);
  CHECK(result.authorities_holding == 1);
  CHECK(result.on_the_way == 4);
  CHECK(result.leading == 3);
  CHECK(result.summary ==
        "1 of 1 addresses of the authorities holds it; 3 of 4 on the way lead there; "
        "ns2.shop.example (45.90.30.10): NXDOMAIN (alias-targets-differ).");
  CHECK(result.verdict == Verdict::at_risk);
  CHECK(result.rows[0].address == "45.90.30.10");
  CHECK(result.rows[0].word == "NXDOMAIN");
  CHECK(result.rows[1].seen.values == Words{there});
  CHECK(result.rows[1].word == "alias");
  CHECK(result.rows[4].zone == "hosting.example");
}

TEST_CASE("an alias that all have is no record: what counts is the end of the way") {
  ViewWorld world;
  const std::string there = "app.acme.hosting.example.";
  world.builder.zone("hosting.example.", "example.")
      .server("ns1.hosting.example.", {"45.90.29.1"})
      .healthy_zone("hosting.example.");
  world.target().steps.clear();
  world.builder.step(kProofName, kZone, StepEnd::alias, there)
      .step(there, "hosting.example.", StepEnd::nxdomain);
  world.builder.proof_all(kZone, kProofName, data({cname_line(kProofName, there)}));
  world.builder.proof_all("hosting.example.", there, nxdomain("hosting.example."));
  const Propagation led = propagation(world);
  CHECK(led.verdict == Verdict::blocked);
  CHECK(led.unpublished);
  CHECK(led.authorities == 1);
  CHECK(led.authorities_holding == 0);
  CHECK(led.on_the_way == 4);
  CHECK(led.leading == 4);
  world.builder.proof_all("hosting.example.", there, no_reply(Outcome::not_asked));
  world.target().steps.back().end = StepEnd::limit;
  CHECK(propagation(world).verdict == Verdict::unknown);
  world.target().steps.pop_back();
  world.target().steps.back().end = StepEnd::loop;
  CHECK(propagation(world).verdict == Verdict::blocked);
  CHECK_FALSE(propagation(world).unpublished);
}

TEST_CASE("without expected values the authorities are held to what most of them have") {
  ViewWorld world;
  world.target().expected.clear();
  world.builder.proof(kZone, "45.90.30.10", kProofName, data({txt_line(kProofName, kOtherDigest)}));
  const Propagation result = propagation(world);
  CHECK(result.authorities_holding == 3);
  CHECK(result.rows[0].word == "other value");
}

TEST_CASE("resolvers follow, the odd ones first, with what they wait for; the system's are last") {
  ViewWorld world;
  world.resolver("", "127.0.0.53", cached_value(kDigest, 60)).resolver.system = true;
  world.resolver("Quad9", "9.9.9.9", cached_value(kDigest, 60)).resolver.anycast = true;
  world.resolver("Google", "8.8.8.8", cached(nxdomain(kZone), 120));
  world.resolver("Cloudflare", "1.1.1.1", silent());
  const Propagation result = propagation(world);
  CHECK(result.verdict == Verdict::at_risk);
  CHECK(result.resolvers == 3);
  CHECK(result.resolvers_holding == 2);
  REQUIRE(result.rows.size() == 8);
  const Row& dead = result.rows[5];
  CHECK(dead.who == "Cloudflare");
  CHECK(dead.word == "silent");
  CHECK(dead.reason == "visibility-resolver-silent");
  CHECK_FALSE(dead.counted);
  const Row& late = result.rows[4];
  CHECK(late.who == "Google");
  CHECK(late.word == "NXDOMAIN");
  CHECK(late.reason == "visibility-negative-cached");
  CHECK(late.samples == 3);
  CHECK(late.wait_seconds == 120.0);
  CHECK(result.rows[6].who == "Quad9");
  CHECK(result.rows[6].country == "anycast");
  CHECK_FALSE(result.rows[6].odd);
  CHECK(result.rows[7].eye == Eye::system);
  CHECK(result.rows[7].who == "this machine's resolver");
  CHECK(result.wait_seconds == 120.0);
  CHECK(result.summary ==
        "4 of 4 addresses of the authorities and 2 of 3 resolvers hold it; Google (8.8.8.8): "
        "NXDOMAIN (visibility-negative-cached); all should within 2 min, by 2026-09-21 14:15:20 "
        "UTC.");
}

TEST_CASE("that no resolver answered is told") {
  ViewWorld world;
  world.resolver("Cloudflare", "1.1.1.1", silent());
  CHECK(propagation(world).summary ==
        "4 of 4 addresses of the authorities hold it; the resolver asked did not answer.");
  world.resolver("Google", "8.8.8.8", silent());
  CHECK(propagation(world).verdict == Verdict::ready);
  CHECK(propagation(world).summary ==
        "4 of 4 addresses of the authorities hold it; none of 2 resolvers asked answered.");
}

TEST_CASE("of the name that an instance gives itself only the start is kept") {
  ViewWorld world;
  world.resolver("Google", "8.8.8.8", cached_value(kDigest, 60));
  world.identifies(std::string(200, 'x'));
  const Propagation result = propagation(world);
  REQUIRE(result.rows.size() == 5);
  CHECK(result.rows[4].instance == std::string(100, 'x'));
}

TEST_CASE("a resolver that will not heal leaves no time to tell, and a filter does not count") {
  ViewWorld world;
  world.resolver("Google", "8.8.8.8", cached(nxdomain(kZone), 120));
  world.resolver("OpenDNS", "208.67.222.222", nxdomain(kZone));
  world.explains(15);
  CHECK(propagation(world).resolvers == 1);
  CHECK(propagation(world).wait_seconds == 120.0);
  world.resolver("Level3", "4.2.2.1", refused());
  CHECK(propagation(world).resolvers == 2);
  CHECK_FALSE(propagation(world).wait_seconds);
}

TEST_CASE("whoever answers in the place of others does not count for them") {
  ViewWorld world;
  world.resolver("Google", "8.8.8.8", cached_value(kDigest, 60));
  world.identifies("router");
  world.resolver("Cloudflare", "1.1.1.1", cached(nxdomain(kZone), 60));
  world.identifies("router");
  world.resolver("Cloudflare", "1.1.1.1", cached_value(kDigest, 60)).endpoint.transport =
      observe::Transport::tls;
  const Propagation result = propagation(world);
  CHECK(result.resolvers == 1);
  CHECK(result.resolvers_holding == 1);
  CHECK(result.rows[5].who == "Google");
  CHECK(result.rows[5].odd);
  CHECK(result.rows[5].word == "intercepted");
  CHECK(result.rows[5].reason == "visibility-intercepted");
  CHECK(result.verdict == Verdict::ready);
  CHECK(result.certainty == "port 53 is intercepted here; what answers is not whom was asked");
}

TEST_CASE("where no authority can be asked, that lowers the certainty") {
  const ViewWorld world;
  const observe::CaProfile profile = observe::default_profile();
  const Overview overview(world.observation);
  const auto certainty = [&](const std::string& id) {
    Finding finding;
    finding.id = id;
    return propagation_of({world.observation, world.observation.targets.front(), profile, overview},
                          {finding})
        .certainty;
  };
  CHECK(certainty("transport-no-network") ==
        "no authority could be asked from here; resolvers show what they hold");
  CHECK(certainty("transport-intercepted") ==
        "port 53 is intercepted here, so no authority could be asked");
}
