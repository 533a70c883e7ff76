// Advice from what was seen of the zone that holds the validation name.
#include "check/advice.h"

#include "support/catch.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;

namespace {

Advised advised(const ObservationBuilder& world) {
  return advise(world.observation, evaluate(world.observation)).front();
}

const Advice& about(const Advised& advised, const std::string& about) {
  for (const Advice& each : advised.advice)
    if (each.about == about) return each;
  throw std::invalid_argument("no advice about " + about);
}

bool has_reason(const Advice& advice, const std::string& part) {
  for (const std::string& reason : advice.reasons)
    if (reason.find(part) != std::string::npos) return true;
  return false;
}

}  // namespace

TEST_CASE("a zone in good order is no reason to delegate for the sake of speed") {
  const Advised seen = advised(healthy_world());
  CHECK(seen.judged);
  CHECK(seen.zone == kZone);
  CHECK(seen.advice.size() == 3);
  CHECK(about(seen, "delegation").answer.starts_with("Not for the sake of speed."));
  CHECK(has_reason(about(seen, "delegation"),
                   "agree and answer within 0.5 s; a denial is kept for "
                   "300 s."));
  CHECK(about(seen, "kind").answer.starts_with("CNAME"));
}

TEST_CASE("servers that differ or keep silent are a reason to delegate") {
  ObservationBuilder world = healthy_world();
  world.proof(kZone, "45.90.30.10", kProofName, nxdomain(kZone));
  const Advised differing = advised(world);
  CHECK(about(differing, "delegation").answer.starts_with("Worth it"));
  CHECK(has_reason(about(differing, "delegation"), "give different data"));
  world.proof(kZone, "45.90.30.10", kProofName, silent());
  CHECK(has_reason(about(advised(world), "delegation"), "gave no usable answer."));
}

TEST_CASE("a slow server is a reason to delegate") {
  ObservationBuilder world = healthy_world();
  for (observe::Exchange& each : world.observation.exchanges)
    if (each.purpose == Purpose::proof) each.duration = 1.25;
  CHECK(has_reason(about(advised(world), "delegation"), " took 1.3 s to answer."));
}

TEST_CASE("a wildcard needs DNS, a host only where HTTP does not reach it") {
  ObservationBuilder world = healthy_world();
  CHECK(about(advised(world), "method").answer.starts_with("HTTP-01 will do if"));
  observe::Target wildcard = world.observation.targets.front();
  wildcard.identifier = "*." + wildcard.identifier;
  world.observation.targets.push_back(wildcard);
  CHECK(about(advised(world), "method").answer.starts_with("DNS-01: its wildcard needs it"));
  const auto both = advise(world.observation, evaluate(world.observation));
  CHECK(about(both[1], "method").answer ==
        "DNS-01: no other way of ACME shows control of a "
        "wildcard.");
}

TEST_CASE("a name that is delegated already is told with the provider, and nothing else advised") {
  ObservationBuilder world = healthy_world();
  const std::string target = "app.shop.example.8a602f2b29d92dc2.dcv.cloudflare.com.";
  world.observation.targets.clear();
  world.target("app.shop.example").step(kProofName, kZone, StepEnd::alias, target);
  world.proof_all(kZone, kProofName, data({cname_line(kProofName, target)}));
  const Advised seen = advised(world);
  CHECK(seen.advice.size() == 2);
  CHECK(about(seen, "delegation").answer ==
        "_acme-challenge.app.shop.example is delegated already: it is an alias for "
        "app.shop.example.8a602f2b29d92dc2.dcv.cloudflare.com (Cloudflare Delegated DCV).");
}

TEST_CASE("where nothing usable came back only the method is advised") {
  ObservationBuilder world = healthy_world();
  world.proof_all(kZone, kProofName, silent());
  world.observation.targets.front().steps.back().end = StepEnd::no_usable_reply;
  const Advised seen = advised(world);
  CHECK_FALSE(seen.judged);
  CHECK(seen.advice.size() == 1);
}
