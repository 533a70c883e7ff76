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
  CHECK(values(snapshot, Aspect::ttl, kProofName) == Values{"120", "60"});
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
