#include "check/snapshot.h"

#include <algorithm>

#include "support/catch.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;

namespace {

Snapshot seen(const ObservationBuilder& world) {
  return snapshots_of(world.observation, evaluate(world.observation)).front();
}

using Values = std::vector<std::string>;

Values values(const Snapshot& snapshot, Aspect aspect, const std::string& subject,
              const std::string& zone = "") {
  Values all;
  for (const auto& [value, held] : snapshot.facts.at({aspect, zone, subject}).values)
    all.push_back(value);
  return all;
}

bool is_complete(const Snapshot& snapshot, Aspect aspect, const std::string& subject) {
  return snapshot.facts.at({aspect, "", subject}).complete;
}

bool is_known(const Snapshot& snapshot, Aspect aspect, const std::string& subject) {
  return snapshot.facts.contains({aspect, "", subject});
}

}  // namespace

TEST_CASE("a snapshot has the delegation, the denials' time and the value of a healthy name") {
  const Snapshot snapshot = seen(healthy_world());
  CHECK(snapshot.name == "app.shop.example");
  CHECK(snapshot.method == "dns-01");
  CHECK(snapshot.ca == "letsencrypt");
  CHECK(snapshot.arrived);
  CHECK(snapshot.opinion.verdict == Verdict::ready);
  const Values hosts = {"ns1.shop.example.", "ns2.shop.example."};
  CHECK(values(snapshot, Aspect::parent_servers, kZone) == hosts);
  CHECK(values(snapshot, Aspect::zone_servers, kZone) == hosts);
  CHECK(values(snapshot, Aspect::glue, "ns1.shop.example.", kZone) ==
        Values{"2a07:a8c0::10", "45.90.28.10"});
  CHECK(values(snapshot, Aspect::soa_minimum, kZone) == Values{"300"});
  CHECK(values(snapshot, Aspect::ttl, kProofName) == Values{"60"});
  CHECK(values(snapshot, Aspect::value, kProofName) == Values{kDigest});
  CHECK(values(snapshot, Aspect::alias, kProofName).empty());
  CHECK(values(snapshot, Aspect::provider, kProofName).empty());
}

TEST_CASE("a snapshot follows aliases and knows who takes them") {
  ObservationBuilder world = healthy_world({});
  const std::string target = "0123456789abcdef.dcv.cloudflare.com.";
  world.observation.targets.front().steps.clear();
  world.step(kProofName, kZone, StepEnd::alias, target)
      .step(target, "cloudflare.com.", StepEnd::no_usable_reply);
  world.proof_all(kZone, kProofName, data({cname_line(kProofName, target)}));
  const Snapshot snapshot = seen(world);
  CHECK(values(snapshot, Aspect::alias, kProofName) == Values{target});
  CHECK(values(snapshot, Aspect::ttl, kProofName) == Values{"300"});
  CHECK_FALSE(snapshot.arrived);
  CHECK_FALSE(is_known(snapshot, Aspect::provider, kProofName));
}

TEST_CASE("what servers say differently is all there") {
  ObservationBuilder world = healthy_world();
  world.proof(kZone, "45.90.30.10", kProofName, data({txt_line(kProofName, kOtherDigest, 120)}));
  const Snapshot snapshot = seen(world);
  CHECK(values(snapshot, Aspect::value, kProofName) == Values{kDigest, kOtherDigest});
  CHECK(values(snapshot, Aspect::ttl, kProofName) == Values{"120"});  // the longest
}

TEST_CASE("with a silent server a fact is not complete, without a route to it it is") {
  ObservationBuilder world = healthy_world();
  world.always("45.90.30.10", silent());
  Snapshot snapshot = seen(world);
  CHECK_FALSE(is_complete(snapshot, Aspect::value, kProofName));
  CHECK_FALSE(is_complete(snapshot, Aspect::zone_servers, kZone));
  CHECK_FALSE(is_complete(snapshot, Aspect::soa_minimum, kZone));
  world.always("45.90.30.10", no_reply(Outcome::unreachable));
  snapshot = seen(world);
  CHECK(is_complete(snapshot, Aspect::value, kProofName));
  CHECK(is_complete(snapshot, Aspect::zone_servers, kZone));
}

TEST_CASE("a server of the parent that is silent may know other name servers") {
  ObservationBuilder world = healthy_world();
  world.zone("example.", ".", false).server("b.nic.example.", {"45.90.0.2"});
  const Lines names = {ns_line(kZone, "ns1.shop.example.")};
  world.delegated(kZone, "45.90.0.1", referral(names, {"ns1.shop.example. 3600 IN A 45.90.28.10"}));
  world.asked(Purpose::delegation, "example.", "45.90.0.2", kZone, RecordType::ns, silent());
  CHECK_FALSE(is_complete(seen(world), Aspect::parent_servers, kZone));
  CHECK_FALSE(seen(world).facts.at({Aspect::glue, kZone, "ns1.shop.example."}).complete);
  world.delegated(kZone, "45.90.0.2", referral(names));
  CHECK(is_complete(seen(world), Aspect::parent_servers, kZone));
}

TEST_CASE("of registries, each server's own words are noted") {
  ObservationBuilder world = healthy_world();
  world.zone("example.", ".", false).server("b.nic.example.", {"45.90.0.2"});
  world.delegated(
      kZone, "45.90.0.2",
      referral({ns_line(kZone, "ns1.shop.example.")}, {"ns1.shop.example. 3600 IN A 45.90.28.10"}));
  const Snapshot snapshot = seen(world);
  const std::string one = "ns1.shop.example.", other = "ns2.shop.example.";
  using Sides = std::set<std::set<std::string>>;
  CHECK(snapshot.facts.at({Aspect::parent_servers, "", kZone}).sides == Sides{{one}, {one, other}});
  CHECK(snapshot.facts.at({Aspect::glue, kZone, one}).sides ==
        Sides{{"45.90.28.10"}, {"2a07:a8c0::10", "45.90.28.10"}});
  CHECK(snapshot.facts.at({Aspect::glue, kZone, other}).sides.size() == 1);
}

TEST_CASE("each place where the CA may find the proof has its own values") {
  const std::string own = "_dnsauth.app.shop.example.", host = "app.shop.example.";
  const std::string token = "8qe4wyhk1bnq8z3mpnxcm6bv62fdpv7h";
  ObservationBuilder world = healthy_world({});
  world.observation.profiles = {observe::default_profile()};
  observe::Target& target = world.observation.targets.front();
  target.method = "dns-txt";
  target.validation_name = dns::Name::of(own);
  target.steps.clear();
  world.step(own, kZone, StepEnd::nodata);
  observe::Step step = target.steps.front();
  step.name = dns::Name::of(host);
  target.others = {{.name = step.name, .type = RecordType::txt, .steps = {step}}};
  const auto publish = [&](const Reply& at_own, const Reply& at_host) {
    world.asked_all(Purpose::proof, kZone, own, RecordType::txt, at_own);
    world.asked_all(Purpose::proof, kZone, host, RecordType::txt, at_host);
    return seen(world);
  };
  const std::string note = txt_line(host, "v=spf1 -all");
  const Snapshot first = publish(data({txt_line(own, token)}), data({note}));
  CHECK(values(first, Aspect::value, own) == Values{token});
  CHECK(values(first, Aspect::value, host).empty());
  const Snapshot moved = publish(nodata(kZone), data({note, txt_line(host, token)}));
  CHECK(values(moved, Aspect::value, own).empty());
  CHECK(values(moved, Aspect::value, host) == Values{token});
  CHECK(moved.scope == first.scope);
}

TEST_CASE("of thousands of values a few are told apart") {
  Lines lines;
  for (int i = 100; i < 300; ++i) lines.push_back(txt_line(kProofName, std::to_string(i)));
  ObservationBuilder world = healthy_world();
  world.proof_all(kZone, kProofName, data(lines));
  const Values told = values(seen(world), Aspect::value, kProofName);
  REQUIRE(told.size() == kMostValues + 1);
  CHECK(told.front() == "100");
  CHECK(told.back() == "and 136 more");
}

TEST_CASE("of what nobody answers there is no fact") {
  ObservationBuilder world = healthy_world();
  for (const std::string& address : world.addresses(kZone)) world.always(address, silent());
  world.observation.targets.front().steps.front().end = StepEnd::no_usable_reply;
  const Snapshot snapshot = seen(world);
  CHECK_FALSE(is_known(snapshot, Aspect::value, kProofName));
  CHECK_FALSE(is_known(snapshot, Aspect::zone_servers, kZone));
  CHECK(is_known(snapshot, Aspect::parent_servers, kZone));
}

TEST_CASE("a token may not stay, but for the one that is expected and for what is no token") {
  ObservationBuilder world = healthy_world({kDigest});
  world.proof_all(kZone, kProofName,
                  data({txt_line(kProofName, kDigest), txt_line(kProofName, kOtherDigest),
                        txt_line(kProofName, "a note")}));
  const Snapshot snapshot = seen(world);
  const auto& held = snapshot.facts.at({Aspect::value, "", kProofName}).values;
  CHECK(held.at(kDigest).may_stay);
  CHECK_FALSE(held.at(kOtherDigest).may_stay);
  CHECK(held.at("a note").may_stay);
}

TEST_CASE("findings are noted by id and subject") {
  ObservationBuilder world = healthy_world();
  world.proof(kZone, "45.90.30.10", kProofName, nxdomain(kZone));
  const Snapshot snapshot = seen(world);
  CHECK(snapshot.opinion.verdict == Verdict::at_risk);
  CHECK(std::ranges::any_of(snapshot.opinion.findings, [](const Noted& each) {
    return each.id == "authority-name-denied" || each.id == "authority-txt-differs" ||
           each.id == "authority-addresses-differ";
  }));
}

TEST_CASE("aspects are read as they are written") {
  for (int i = 0; i < 10; ++i)
    CHECK(aspect_of(text(static_cast<Aspect>(i))) == static_cast<Aspect>(i));
  CHECK_THROWS_AS(aspect_of("mood"), std::invalid_argument);
}
