#include "check/verdict.h"

#include "support/catch.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;

namespace {

Finding made(const std::string& id, Severity severity, Affects affects = Affects::ca,
             const std::string& action = "") {
  Finding finding;
  finding.id = id;
  finding.severity = severity;
  finding.affects = affects;
  finding.remedy.action = action;
  return finding;
}

Verdict verdict(const ObservationBuilder& world, const std::vector<Finding>& findings) {
  return verdict_of({world.observation, world.observation.targets.front(),
                     observe::default_profile(), Overview(world.observation)},
                    findings);
}

ObservationBuilder ending(StepEnd end) {
  ObservationBuilder world = healthy_world();
  world.observation.targets.front().steps.back().end = end;
  return world;
}

const Finding kError = made("alias-loop", Severity::error);
const Finding kWarning = made("authority-txt-differs", Severity::warning);

}  // namespace

TEST_CASE("errors block, warnings are a risk, lesser findings are neither") {
  const ObservationBuilder world = healthy_world();
  CHECK(verdict(world, {}) == Verdict::ready);
  CHECK(verdict(world, {made("value-extra", Severity::notice)}) == Verdict::ready);
  CHECK(verdict(world, {kWarning}) == Verdict::at_risk);
  CHECK(verdict(world, {kWarning, kError}) == Verdict::blocked);
}

TEST_CASE("a warning blocks where resolvers come to none of the servers that are right") {
  ObservationBuilder world = healthy_world();
  world.proof(kZone, "45.90.28.10", kProofName, nxdomain(kZone));
  world.proof(kZone, "2a07:a8c0::10", kProofName, nxdomain(kZone));
  CHECK(verdict(world, {kWarning}) == Verdict::at_risk);
  world.server_at(kZone, "ns2.shop.example.").in_parent = false;
  CHECK(verdict(world, {kWarning}) == Verdict::blocked);
  CHECK(verdict(ending(StepEnd::limit), {kWarning}) == Verdict::unknown);
}

TEST_CASE("only what affects the CA counts") {
  const ObservationBuilder world = healthy_world();
  CHECK(verdict(world, {made("x", Severity::error, Affects::client)}) == Verdict::ready);
  CHECK(verdict(world, {made("x", Severity::warning, Affects::hygiene)}) == Verdict::ready);
}

TEST_CASE("without a network nothing can be told, whatever else was found") {
  const Finding no_network = made("transport-no-network", Severity::error, Affects::client);
  CHECK(verdict(healthy_world(), {kError, no_network}) == Verdict::unknown);
}

TEST_CASE("where port 53 is intercepted nothing can be told, whatever else was found") {
  const Finding intercepted = made("transport-intercepted", Severity::error, Affects::client);
  CHECK(verdict(healthy_world(), {kError, intercepted}) == Verdict::unknown);
}

TEST_CASE("a walk that did not reach the proof is unknown, unless an error blocks") {
  for (const StepEnd end : {StepEnd::limit, StepEnd::no_usable_reply, StepEnd::alias}) {
    CHECK(verdict(ending(end), {kWarning}) == Verdict::unknown);
    CHECK(verdict(ending(end), {kError}) == Verdict::blocked);
  }
  for (const StepEnd end : {StepEnd::nodata, StepEnd::nxdomain})
    CHECK(verdict(ending(end), {}) == Verdict::ready);
  ObservationBuilder world = healthy_world();
  world.observation.targets.front().steps.clear();
  CHECK(verdict(world, {}) == Verdict::unknown);
}

TEST_CASE("a limit that kept a server from being asked for the proof leaves it unknown") {
  ObservationBuilder world = healthy_world();
  world.asked(Purpose::proof, kZone, "45.90.30.10", kProofName, RecordType::txt,
              no_reply(Outcome::not_asked));
  CHECK(verdict(world, {}) == Verdict::ready);
  world.observation.stats.limits = {"the run's time-out of 30 s was reached"};
  CHECK(verdict(world, {}) == Verdict::unknown);
  world.observation.settings.ipv4 = false;  // not wanted, so not missed
  CHECK(verdict(world, {}) == Verdict::ready);
}

TEST_CASE("servers that a limit left out may not have the proof") {
  ObservationBuilder world = healthy_world();
  std::vector<std::string>& limits = world.observation.stats.limits;
  limits = {"name servers of one zone: 40", "addresses of one name server: 8"};
  CHECK(verdict(world, {}) == Verdict::ready);  // of another zone
  limits = {"name servers of one zone: 2"};
  CHECK(verdict(world, {}) == Verdict::unknown);
  limits = {"addresses of one name server: 2"};
  CHECK(verdict(world, {}) == Verdict::unknown);
  limits = {"look-ups of name-server hosts of one zone: 20"};
  CHECK(verdict(world, {}) == Verdict::ready);
  world.zone(kZone, "example.").server("ns.other.net.", {});
  observe::NameServer& other = world.server_at(kZone, "ns.other.net.");
  other.state = observe::HostState::glue_only;
  CHECK(verdict(world, {}) == Verdict::unknown);
  other.state = observe::HostState::nxdomain;  // it was looked up
  CHECK(verdict(world, {}) == Verdict::ready);
}

TEST_CASE("signatures that nobody judged leave it unknown") {
  ObservationBuilder world = healthy_world();
  Finding limit = made("transport-limit-reached", Severity::notice, Affects::client);
  limit.arguments["limit"] = "DNSSEC of one name: the work of 1000 signatures";
  CHECK(verdict(world, {limit}) == Verdict::unknown);
  observe::CaAnswer answer;
  answer.profile = "letsencrypt";
  answer.question = {dns::Name::of(kProofName), RecordType::txt};
  answer.finished = true;
  answer.rcode = dns::Rcode::noerror;
  world.observation.ca_answers = {answer};
  CHECK(verdict(world, {limit}) == Verdict::ready);
  limit.arguments["limit"] = "resolvers: 300";
  world.observation.ca_answers.clear();
  CHECK(verdict(world, {limit}) == Verdict::ready);
}

TEST_CASE("the next step is the remedy of the first finding that decides") {
  const ObservationBuilder world = healthy_world();
  const observe::CaProfile profile = observe::default_profile();
  const Overview overview(world.observation);
  const Case test{world.observation, world.observation.targets.front(), profile, overview};
  const Finding notice = made("n", Severity::notice, Affects::ca, "Do nothing.");
  const Finding mute = made("alias-loop", Severity::error);
  const Finding first = made("a", Severity::error, Affects::ca, "Do this.");
  const Finding second = made("b", Severity::error, Affects::ca, "Do that.");
  const Finding warning = made("c", Severity::warning, Affects::ca, "Do more.");
  CHECK(next_step(test, Verdict::blocked, {first, second, warning}) == "Do this.");
  CHECK(next_step(test, Verdict::at_risk, {warning, notice}) == "Do more.");
  CHECK(next_step(test, Verdict::blocked, {mute}) ==
        "Read what to do about it: dcv-explain alias-loop.");
  CHECK(next_step(test, Verdict::ready, {notice}) == "Ask the CA now.");
  const Finding limit =
      made("transport-limit-reached", Severity::notice, Affects::client, "Run it longer.");
  CHECK(next_step(test, Verdict::unknown, {warning, limit}) == "Run it longer.");
  CHECK(next_step(test, Verdict::unknown, {}).starts_with("Run it again from another network"));
  observe::Observation only_v4 = world.observation;
  only_v4.settings.ipv6 = false;
  CHECK(next_step({only_v4, only_v4.targets.front(), profile, overview}, Verdict::unknown, {})
            .starts_with("Run it again without -4"));
}

TEST_CASE("without expected values the next step says what is left to do") {
  ObservationBuilder world = healthy_world({});
  CHECK(
      next_step({world.observation, world.observation.targets.front(), observe::default_profile(),
                 Overview(world.observation)},
                Verdict::ready, {}) ==
      "Order the certificate; --expect VALUE tells whether the value published is the right one.");
  world.observation.targets.front().steps.back().end = StepEnd::nxdomain;
  CHECK(next_step({world.observation, world.observation.targets.front(), observe::default_profile(),
                   Overview(world.observation)},
                  Verdict::ready, {}) ==
        "Order the certificate; the ACME client publishes the digest at "
        "_acme-challenge.app.shop.example.");
}
