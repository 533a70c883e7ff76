// The walker over the lab's servers in memory, with a clock of its own.
#include "resolve/collect.h"

#include <algorithm>

#include "observe/lookup.h"
#include "resolve/root_hints.h"
#include "support/catch.h"
#include "support/lab_transport.h"

using namespace dcv;
using observe::Purpose;
using observe::StepEnd;

namespace {

resolve::Plan plan_for(const std::vector<std::string>& names) {
  resolve::Plan plan;
  for (const std::string& name : names) {
    Result<dns::Identifier> identifier = dns::parse_identifier(name);
    REQUIRE(identifier);
    plan.targets.push_back({*identifier, {}});
  }
  plan.root_hints = resolve::builtin_root_hints();
  return plan;
}

struct Run {
  observe::Observation observation;
  std::map<std::string, int> asked;
};

Run run(const std::string& scenario, const std::vector<std::string>& names = {"app.shop.example"}) {
  testing::LabTransport transport(scenario);
  Run result;
  result.observation = resolve::collect(plan_for(names), transport);
  result.asked = transport.asked;
  return result;
}

// The walk for records of a type at a name itself, without the CAA questions.
Run run_for(const std::string& scenario, const std::string& owner, dns::RecordType type) {
  testing::LabTransport transport(scenario);
  resolve::Plan plan = plan_for({"app.shop.example"});
  plan.targets[0].places = {{dns::Name::of(owner), type}};
  plan.caa = false;
  Run result;
  result.observation = resolve::collect(plan, transport);
  result.asked = transport.asked;
  return result;
}

std::vector<std::string> names_of(const observe::Target& target) {
  std::vector<std::string> names;
  for (const observe::Step& step : target.steps)
    names.push_back(step.name.text() + " in " + step.zone.text());
  return names;
}

}  // namespace

TEST_CASE("a TXT record in the registrant's zone is one step that ends in an answer") {
  const Run seen = run("ok-direct-txt");
  const observe::Target& target = seen.observation.targets.at(0);
  CHECK(names_of(target) ==
        std::vector<std::string>{"_acme-challenge.app.shop.example. in shop.example."});
  CHECK(target.steps[0].end == StepEnd::answer);
}

TEST_CASE("an alias is followed into the provider's zones") {
  const Run seen = run("ok-cname-cloudflare");
  const observe::Target& target = seen.observation.targets.at(0);
  CHECK(names_of(target) ==
        std::vector<std::string>{
            "_acme-challenge.app.shop.example. in shop.example.",
            "app.shop.example.8a602f2b29d92dc2.dcv.cloudflare.com. in dcv.cloudflare.com."});
  CHECK(target.steps[0].end == StepEnd::alias);
  CHECK(target.steps[1].end == StepEnd::answer);
}

TEST_CASE("every address of every server of the registrant's zone is asked for the proof") {
  const Run seen = run("ok-direct-txt");
  const dns::Name zone = dns::Name::of("shop.example");
  observe::Selection selection;
  selection.zone = &zone;
  selection.purpose = Purpose::proof;
  std::set<std::string> addresses;
  for (const auto* exchange : observe::select(seen.observation, selection))
    addresses.insert(exchange->address.text());
  CHECK(addresses ==
        std::set<std::string>{"2a07:a8c0::10", "2a07:a8c1::10", "45.90.28.10", "45.90.30.10"});
}

TEST_CASE("no question goes twice to one address but for the samples of the proof") {
  for (const std::string scenario : {"ok-direct-txt", "ok-cname-cloudflare"}) {
    const Run seen = run(scenario, {"app.shop.example", "*.app.shop.example"});
    for (const auto& [question, times] : seen.asked) {
      const bool proof = question.find("TXT") != std::string::npos;
      INFO(question);
      CHECK(times <= (proof ? 2 : 1));
    }
  }
}

TEST_CASE("root and registries see no more labels than they need") {
  const Run seen = run("ok-cname-cloudflare");
  for (const observe::Exchange& exchange : seen.observation.exchanges) {
    const std::size_t above = exchange.zone.label_count();
    if (above < 2) CHECK(exchange.question.name.label_count() <= above + 1);
  }
}

TEST_CASE("the wall time is the number of round trips times the round trip") {
  for (const std::string scenario : {"ok-direct-txt", "ok-cname-cloudflare"}) {
    const observe::Stats stats = run(scenario).observation.stats;
    CHECK(stats.seconds == Approx(0.05 * stats.round_trips));
  }
}

TEST_CASE(
    "a network that is silent costs two time-outs, not one for each handful of root servers") {
  testing::LabTransport nobody{lab::Scenario{}};
  const auto seen = resolve::collect(plan_for({"app.shop.example"}), nobody);
  CHECK(seen.targets.at(0).steps.at(0).end == StepEnd::no_usable_reply);
  CHECK(seen.exchanges.size() == 26);
  CHECK(seen.stats.seconds == Approx(6));
}

TEST_CASE("an answer that was cut short over UDP is not sampled there again") {
  const Run seen = run("ok-large-answer");
  const auto count = [&](Purpose purpose) {
    return observe::select(seen.observation, {.purpose = purpose}).size();
  };
  CHECK(count(Purpose::proof) == 4);
  CHECK(count(Purpose::proof_tcp) == 4);
  CHECK(count(Purpose::proof_again) == 0);
}

TEST_CASE("name and wildcard share one walk") {
  const Run one = run("ok-direct-txt");
  const Run both = run("ok-direct-txt", {"app.shop.example", "*.app.shop.example"});
  CHECK(both.observation.stats.queries == one.observation.stats.queries);
  CHECK(both.observation.targets.at(1).identifier == "*.app.shop.example");
  CHECK(both.observation.targets.at(1).steps.size() == 1);
}

TEST_CASE("an alias loop ends the walk where it closes") {
  const Run seen = run("alias-loop");
  CHECK(seen.observation.targets.at(0).steps.back().end == StepEnd::loop);
}

TEST_CASE("a long chain is followed beyond what resolvers do, then stops at the limit") {
  const Run seen = run("alias-chain-too-long");
  const auto& steps = seen.observation.targets.at(0).steps;
  CHECK(steps.back().end == StepEnd::answer);
  CHECK(steps.size() > 12);
}

TEST_CASE("a name whose domain the registry does not know ends at the registry") {
  const Run seen = run("ok-direct-txt", {"www.no-such-shop.example"});
  const observe::Step& step = seen.observation.targets.at(0).steps.at(0);
  CHECK(step.zone == dns::Name::of("example"));
  CHECK(step.end == StepEnd::nxdomain);
}

TEST_CASE("glue that can be found only through itself ends as circular, not in a hang") {
  const Run seen = run("delegation-glue-missing");
  const observe::Zone* zone = observe::find_zone(seen.observation, dns::Name::of("shop.example"));
  REQUIRE(zone);
  CHECK(std::any_of(zone->servers.begin(), zone->servers.end(), [](const auto& server) {
    return server.glue.empty() && server.addresses.empty()
               ? server.state == observe::HostState::circular
               : true;
  }));
}

TEST_CASE("both sides of the registrant's cut are known") {
  const Run seen = run("ok-direct-txt");
  const observe::Zone* zone = observe::find_zone(seen.observation, dns::Name::of("shop.example"));
  REQUIRE(zone);
  CHECK(zone->parent == dns::Name::of("example"));
  CHECK(zone->delegation.size() == 2);  // two registry servers were asked
  REQUIRE(zone->servers.size() == 2);
  for (const observe::NameServer& server : zone->servers) {
    CHECK(server.in_parent);
    CHECK(server.in_child);
    CHECK(server.state == observe::HostState::found);
    CHECK(server.glue == server.addresses);
  }
}

TEST_CASE("name servers whose addresses an earlier look-up told already are asked all the same") {
  const Run seen = run("ok-servers-without-glue");
  const observe::Target& target = seen.observation.targets.at(0);
  CHECK(names_of(target) ==
        std::vector<std::string>{"_acme-challenge.app.shop.example. in shop.example.",
                                 "app.shop-dcv.example. in shop-dcv.example."});
  CHECK(target.steps.back().end == StepEnd::answer);
}

TEST_CASE("a zone that shows only for other names does not hide what its servers answer") {
  const Run seen = run("ok-undelegated-child");
  const observe::Step& step = seen.observation.targets.at(0).steps.at(0);
  CHECK(step.zone == dns::Name::of("shop.example"));
  CHECK(step.end == StepEnd::answer);
}

TEST_CASE("a CNAME that is looked for ends the walk where it stands") {
  const Run seen =
      run_for("ok-cname-cloudflare", "_acme-challenge.app.shop.example", dns::RecordType::cname);
  const observe::Target& target = seen.observation.targets.at(0);
  CHECK(target.type == dns::RecordType::cname);
  CHECK(names_of(target) ==
        std::vector<std::string>{"_acme-challenge.app.shop.example. in shop.example."});
  CHECK(target.steps[0].end == StepEnd::answer);
  for (const auto& [question, times] : seen.asked) {
    INFO(question);
    CHECK(question.find("cloudflare.com.TXT") == std::string::npos);
    CHECK(question.find("CAA") == std::string::npos);
  }
}

TEST_CASE("records of any type are looked for at the name itself") {
  for (const auto type : {dns::RecordType::ns, dns::RecordType::soa}) {
    const Run seen = run_for("ok-direct-txt", "shop.example", type);
    const observe::Target& target = seen.observation.targets.at(0);
    INFO(dns::text(type));
    CHECK(names_of(target) == std::vector<std::string>{"shop.example. in shop.example."});
    CHECK(target.steps[0].end == StepEnd::answer);
    CHECK(target.caa.empty());
  }
  CHECK(run_for("ok-direct-txt", "shop.example", dns::RecordType::mx)
            .observation.targets.at(0)
            .steps[0]
            .end == StepEnd::nodata);
}

TEST_CASE("samples are of the type looked for, and there are no questions about slips of the pen") {
  const Run seen = run_for("ok-direct-txt", "nothing.shop.example", dns::RecordType::aaaa);
  CHECK(seen.observation.targets.at(0).steps[0].end == StepEnd::nxdomain);
  int again = 0;
  for (const observe::Exchange& exchange : seen.observation.exchanges) {
    CHECK(exchange.purpose != Purpose::suspicion);
    CHECK(exchange.purpose != Purpose::control);
    if (exchange.purpose != Purpose::proof_again && exchange.purpose != Purpose::proof_tcp)
      continue;
    ++again;
    CHECK(exchange.question.type == dns::RecordType::aaaa);
  }
  CHECK(again == 8);
}

TEST_CASE("an unused address is asked only when root servers answer as resolvers do") {
  const auto unused = [](const Run& seen) {
    std::vector<std::string> addresses;
    for (const observe::Exchange& exchange : seen.observation.exchanges)
      if (exchange.purpose == Purpose::unused_address)
        addresses.push_back(exchange.address.text() + (exchange.reply ? " replied" : " is silent"));
    return addresses;
  };
  CHECK(unused(run("transport-intercepted")) ==
        std::vector<std::string>{"192.0.2.1 replied", "2001:db8::1 replied"});
  CHECK(unused(run("transport-intercepted-refused")).size() == 2);
  CHECK(unused(run("ok-direct-txt")).empty());
  CHECK(unused(run("delegation-not-authoritative")).empty());
}
