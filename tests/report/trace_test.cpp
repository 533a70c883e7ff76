// The trace of a walk, as a tree and as JSON.
#include <nlohmann/json.hpp>

#include "report/render.h"
#include "support/golden.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::testing;

namespace {

const std::string kTarget = "app.shop.example.8a602f2b29d92dc2.dcv.cloudflare.com.";
const std::string kDcvZone = "dcv.cloudflare.com.";

std::string text(const observe::Observation& observation, bool servers = false,
                 bool color = false) {
  return report::render_trace_text(observation, {.color = color, .servers = servers});
}

// app.shop.example delegated by CNAME to a provider; everything is well.
ObservationBuilder delegated_world() {
  ObservationBuilder world = healthy_world();
  world.observation.stats = {.queries = 42, .seconds = 0.31, .round_trips = 6, .limits = {}};
  world.observation.targets.clear();
  world.zone("com.", ".", false).server("a.gtld-servers.net.", {"192.5.6.30"});
  world.zone("cloudflare.com.", "com.").server("ns3.cloudflare.com.", {"162.159.0.33"});
  world.zone(kDcvZone, "cloudflare.com.")
      .server("ns1.dcv.example.net.", {"162.159.1.10", "2400:cb00::10"})
      .server("ns2.dcv.example.net.", {"162.159.2.10"});
  world.target("app.shop.example", {kDigest})
      .step(kProofName, kZone, StepEnd::alias, kTarget)
      .step(kTarget, kDcvZone, StepEnd::answer);
  world.delegated_as_listed("com.").delegated_as_listed("cloudflare.com.");
  world.delegated_as_listed(kDcvZone).healthy_zone("cloudflare.com.").healthy_zone(kDcvZone);
  world.proof_all(kZone, kProofName, data({cname_line(kProofName, kTarget)}));
  world.proof_all(kDcvZone, kTarget, data({txt_line(kTarget, kDigest)}));
  return world;
}

// One address still has TXT, one server lacks the value behind the alias, one is dead.
ObservationBuilder differing_world() {
  ObservationBuilder world = delegated_world();
  world.proof(kZone, "45.90.30.10", kProofName, data({txt_line(kProofName, kOtherDigest)}));
  world.proof(kDcvZone, "162.159.1.10", kTarget, nxdomain(kDcvZone));
  world.always("162.159.2.10", silent());
  world.zone(kDcvZone, "cloudflare.com.").server("ns3.dcv.example.net.", {});
  world.server_at(kDcvZone, "ns3.dcv.example.net.").state = observe::HostState::nxdomain;
  return world;
}

}  // namespace

TEST_CASE("two addresses are both") {
  ObservationBuilder world = healthy_world();
  const auto without = [&](const std::string& server) {
    std::erase_if(world.observation.exchanges,
                  [&](const auto& each) { return each.server == dns::Name::of(server); });
    return text(world.observation);
  };
  CHECK_THAT(text(world.observation),
             Catch::Contains("   said by all 4 addresses: ns1 (2), ns2 (2)"));
  CHECK_THAT(without("ns2.shop.example."), Catch::Contains("   said by both addresses: ns1 (2)"));
}

TEST_CASE("the trace of a healthy delegation") {
  check_golden("report/trace-delegated.txt", text(delegated_world().observation));
  check_golden("report/trace-delegated-servers.txt", text(delegated_world().observation, true));
  check_golden("report/trace-delegated-color.txt",
               text(delegated_world().observation, false, true));
  check_golden("report/trace-delegated.json",
               report::render_trace_json(delegated_world().observation, "dcv-trace"));
}

TEST_CASE("the trace of servers that say different things") {
  check_golden("report/trace-differing.txt", text(differing_world().observation));
  check_golden("report/trace-differing-servers.txt", text(differing_world().observation, true));
  check_golden("report/trace-differing.json",
               report::render_trace_json(differing_world().observation, "dcv-trace"));
}

TEST_CASE("the trace of a record without alias, and of a missing one") {
  check_golden("report/trace-direct.txt", text(healthy_world().observation));
  ObservationBuilder missing = healthy_world();
  missing.observation.targets[0].steps[0].end = StepEnd::nodata;
  missing.proof_all(kZone, kProofName, nodata(kZone));
  check_golden("report/trace-missing.txt", text(missing.observation));
}

TEST_CASE("the trace of an alias within its zone, and back to where it began") {
  ObservationBuilder world = healthy_world({});
  const std::string other = "other.shop.example.";
  world.observation.targets.clear();
  world.target("app.shop.example")
      .step(kProofName, kZone, StepEnd::alias, other)
      .step(other, kZone, StepEnd::loop, kProofName);
  world.proof_all(kZone, kProofName, data({cname_line(kProofName, other)}));
  world.proof_all(kZone, other, data({cname_line(other, kProofName)}));
  check_golden("report/trace-loop.txt", text(world.observation));
}

TEST_CASE("a zone that the walk comes back to is not told twice") {
  ObservationBuilder world = delegated_world();
  const std::string back = "back.shop.example.";
  observe::Step& last = world.observation.targets[0].steps.back();
  last.end = StepEnd::alias;
  last.target = dns::Name::of(back);
  world.step(back, kZone, StepEnd::answer);
  world.proof_all(kDcvZone, kTarget, data({cname_line(kTarget, back)}));
  world.proof_all(kZone, back, data({txt_line(back, kDigest)}));
  CHECK(text(world.observation)
            .find("CNAME → back.shop.example   said by all 3 addresses: ns1 (2), ns2 (1)\n"
                  "                  └─ (. › example) shop.example, as above\n"
                  "                     └─ TXT \"" +
                  kDigest + "\"   said by all 4 addresses: ns1 (2), ns2 (2)\n") !=
        std::string::npos);
}

TEST_CASE("the trace of a domain that its registry does not know") {
  ObservationBuilder world;
  world.zone("example.", ".", false).server("a.nic.example.", {"45.90.0.1"});
  world.delegated_as_listed("example.");
  world.target("app.gone.example")
      .step("_acme-challenge.app.gone.example.", "example.", StepEnd::nxdomain);
  world.asked(Purpose::delegation, "example.", "45.90.0.1", "gone.example.", RecordType::ns,
              nxdomain("example."));
  check_golden("report/trace-unregistered.txt", text(world.observation));
}

TEST_CASE("nothing hostile gets out of a trace") {
  ObservationBuilder world = healthy_world({std::string("\x1b[2J\"\xff", 6)});
  world.observation.targets[0].identifier = "\x1b[2J</script>\xff";
  const auto id = world.asked(Purpose::proof, kZone, "45.90.30.10", kProofName, RecordType::txt,
                              data({txt_line(kProofName, "x")}));
  observe::Exchange& exchange = world.observation.exchanges[id];
  exchange.reply->answer = {dns::make_txt(dns::Name::of(kProofName), 60,
                                          "\x1b[2J\n\xff</script>" + std::string(200, 'x'))};
  const std::string tree = text(world.observation, true);
  check_golden("report/trace-hostile.txt", tree);
  const std::string json = report::render_trace_json(world.observation, "dcv-trace");
  CHECK(nlohmann::json::accept(json));
  for (const std::string& document : {tree, json}) {
    for (const char letter : document) {
      if (letter >= 0 && letter < ' ' && letter != '\n') FAIL("control byte");
    }
  }
}

TEST_CASE("several targets give a JSON document a line") {
  ObservationBuilder world = delegated_world();
  world.target("shop.example").step("_acme-challenge.shop.example.", kZone, StepEnd::nxdomain);
  const std::string lines = report::render_trace_json(world.observation, "dcv-trace");
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 2);
  CHECK(nlohmann::json::parse(lines.substr(0, lines.find('\n')))["targets"].size() == 1);
}

TEST_CASE("a damaged observation gives a trace all the same") {
  ObservationBuilder world = healthy_world();
  world.observation.zones.clear();
  world.observation.exchanges.clear();
  CHECK(text(world.observation).find("has the record") != std::string::npos);
  world.observation.targets[0].steps.clear();
  CHECK_FALSE(text(world.observation).empty());
  CHECK(nlohmann::json::accept(report::render_trace_json(world.observation, "dcv-trace")));
}

TEST_CASE("a trace says so when somebody else answered in the servers' place") {
  ObservationBuilder world = healthy_world();
  CHECK(text(world.observation).find("intercepted") == std::string::npos);
  world.asked(Purpose::unused_address, ".", "192.0.2.1", ".", RecordType::ns, refused());
  CHECK(text(world.observation).find("Port 53 is intercepted here") != std::string::npos);
  CHECK(nlohmann::json::parse(report::render_trace_json(world.observation, "dcv-trace"))
            .at("intercepted") == true);
}
