#include "check/evaluate.h"

#include "check/chance.h"
#include "support/catch.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;

TEST_CASE("a healthy world is ready, for certain, and nothing is found") {
  const std::vector<Judgement> judgements = evaluate(healthy_world().observation);
  REQUIRE(judgements.size() == 1);
  const Judgement& judgement = judgements.front();
  CHECK(judgement.findings.empty());
  CHECK(judgement.verdict == Verdict::ready);
  CHECK(judgement.chance == 1.0);
  CHECK_FALSE(judgement.wait_seconds);
  CHECK(judgement.next_step == "Ask the CA now.");
  CHECK(judgement.identifier == "app.shop.example");
  CHECK(judgement.method == "dns-01");
  CHECK(judgement.ca == "letsencrypt");
  CHECK(judgement.validation_name == kProofName);
  CHECK(judgement.final_name == kProofName);
}

TEST_CASE("a lagging server is a risk with a chance, a wait and its reason") {
  ObservationBuilder world = healthy_world();
  world.healthy_zone(kZone, 2);
  for (const std::string address : {"45.90.30.10", "2a07:a8c1::10"}) {
    world.asked(Purpose::zone_soa, kZone, address, kZone, RecordType::soa, data({soa_line(kZone)}));
    world.proof(kZone, address, kProofName, nxdomain(kZone));
  }
  const Judgement judgement = evaluate(world.observation).front();
  CHECK(judgement.verdict == Verdict::at_risk);
  CHECK(*judgement.chance == Approx(pass_probability(0.5, 4)));
  CHECK(judgement.wait_seconds == 7200.0);
  CHECK_THAT(judgement.wait_reason, Catch::Contains("still has serial 1"));
}

TEST_CASE("blocked means no chance, unknown that none is told") {
  ObservationBuilder world = healthy_world();
  world.proof_all(kZone, kProofName, refused());
  world.asked_all(Purpose::zone_soa, kZone, kZone, RecordType::soa, refused());
  world.asked_all(Purpose::zone_ns, kZone, kZone, RecordType::ns, refused());
  world.observation.targets.front().steps.back().end = StepEnd::no_usable_reply;
  CHECK(evaluate(world.observation).front().verdict == Verdict::blocked);
  CHECK(evaluate(world.observation).front().chance == 0.0);

  ObservationBuilder cut = healthy_world();
  cut.observation.targets.front().steps.back().end = StepEnd::limit;
  CHECK(evaluate(cut.observation).front().verdict == Verdict::unknown);
  CHECK_FALSE(evaluate(cut.observation).front().chance);
}

TEST_CASE("the final name is where the aliases lead, and each target has its judgement") {
  ObservationBuilder world = healthy_world();
  world.zone("dns.example.", "example.").server("ns.dns.example.", {"45.90.40.10"});
  world.target("*.web.shop.example")
      .step("_acme-challenge.web.shop.example.", kZone, StepEnd::alias, "web.dns.example.")
      .step("web.dns.example.", "dns.example.", StepEnd::answer);
  const std::vector<Judgement> judgements = evaluate(world.observation);
  REQUIRE(judgements.size() == 2);
  CHECK(judgements[1].identifier == "*.web.shop.example");
  CHECK(judgements[1].validation_name == "_acme-challenge.web.shop.example.");
  CHECK(judgements[1].final_name == "web.dns.example.");
}

TEST_CASE("errors come first, and within a severity the family nearer to the root cause") {
  ObservationBuilder world = healthy_world();
  world.always("45.90.30.10", refused());
  world.always("2a07:a8c1::10", refused());
  Reply changed = data({txt_line(kProofName, "not a digest")});
  changed.letter_case = observe::CaseSupport::changed;
  world.proof(kZone, "45.90.28.10", kProofName, changed);
  world.proof(kZone, "2a07:a8c0::10", kProofName, changed);
  std::vector<std::string> ids;
  const Judgement judgement = evaluate(world.observation).front();
  for (const Finding& finding : judgement.findings)
    ids.push_back(std::string(text(finding.severity)) + " " + finding.id);
  CHECK(ids == std::vector<std::string>{"error value-expected-absent",
                                        "warning delegation-server-lame",
                                        "warning transport-case-not-kept"});
}

TEST_CASE("the worst verdict wins, and exit statuses follow the monitoring plug-ins") {
  CHECK(worse(Verdict::ready, Verdict::at_risk) == Verdict::at_risk);
  CHECK(worse(Verdict::unknown, Verdict::at_risk) == Verdict::unknown);
  CHECK(worse(Verdict::unknown, Verdict::blocked) == Verdict::blocked);
  CHECK(exit_status(Verdict::ready) == 0);
  CHECK(exit_status(Verdict::at_risk) == 1);
  CHECK(exit_status(Verdict::blocked) == 2);
  CHECK(exit_status(Verdict::unknown) == 3);
  CHECK(text(Verdict::at_risk) == "at-risk");
}

TEST_CASE("each CA has its own judgement of each target, in the order asked for") {
  ObservationBuilder world = healthy_world();
  world.target("web.shop.example")
      .step("_acme-challenge.web.shop.example.", kZone, StepEnd::nxdomain);
  world.observation.profiles = {observe::default_profile(), observe::default_profile()};
  world.observation.profiles[1].name = "other";
  std::vector<std::string> order;
  for (const Judgement& each : evaluate(world.observation))
    order.push_back(each.identifier + " " + each.ca);
  CHECK(order == std::vector<std::string>{"app.shop.example letsencrypt", "app.shop.example other",
                                          "web.shop.example letsencrypt",
                                          "web.shop.example other"});
}

TEST_CASE("a risk that no server's other answer makes has no chance to be told") {
  ObservationBuilder world = healthy_world();
  world.always("45.90.30.10", refused());
  world.always("2a07:a8c1::10", refused());
  const Judgement judgement = evaluate(world.observation).front();
  CHECK(judgement.verdict == Verdict::at_risk);
  CHECK_FALSE(judgement.chance);
}

TEST_CASE("where port 53 is intercepted, nothing is said of the servers") {
  ObservationBuilder world = healthy_world();
  world.proof_all(kZone, kProofName, refused());
  CHECK(evaluate(world.observation).front().verdict == Verdict::blocked);
  world.asked(Purpose::unused_address, ".", "192.0.2.1", ".", RecordType::ns, refused());
  const Judgement judgement = evaluate(world.observation).front();
  CHECK(judgement.verdict == Verdict::unknown);
  REQUIRE(judgement.findings.size() == 1);
  CHECK(judgement.findings.front().id == "transport-intercepted");
  CHECK_FALSE(judgement.chance);
  CHECK(judgement.ca_error.empty());
  CHECK_THAT(judgement.next_step, Catch::StartsWith("Run it on a network that lets port 53"));
}
