// The walk and the look at web servers together, over the lab's name servers in memory.

#include "lab/edits.h"
#include "resolve/collect.h"
#include "resolve/root_hints.h"
#include "rules/places.h"
#include "support/catch.h"
#include "support/lab_transport.h"
#include "support/scripted_web.h"

using namespace dcv;
using Texts = std::vector<std::string>;

namespace {

// app is an alias of an alias in another zone; www is known to nobody before a redirect leads
// there.
constexpr const char* kEdits = R"(zone shop.example
- app.shop.example. IN A 45.90.28.80
+ app.shop.example. 60 IN CNAME edge.shop-dcv.example.
+ www.shop.example. 60 IN AAAA 2a07:a8c0::80
+ www.shop.example. 60 IN A 45.90.28.80
zone shop-dcv.example
+ edge.shop-dcv.example. 60 IN CNAME node.shop-dcv.example.
+ node.shop-dcv.example. 60 IN A 45.90.29.90
+ node.shop-dcv.example. 60 IN A 45.90.29.91
)";

testing::LabTransport world() {
  const std::filesystem::path folder = DCV_SOURCE_DIR "/tests/scenarios";
  lab::Scenario scenario = lab::load_scenario(folder / "alias-beside-txt", folder / "base").value();
  const auto applied = lab::apply_edits(lab::parse_edits(kEdits).value(), scenario);
  REQUIRE(applied);
  return testing::LabTransport(scenario);
}

resolve::Plan plan_of() {
  rules::Quest quest;
  quest.identifier = dns::parse_identifier("app.shop.example").value();
  quest.method = rules::Method::http_01;
  resolve::Plan plan;
  plan.targets.push_back({.identifier = quest.identifier,
                          .places = rules::places_of(quest).value(),
                          .method = "http-01",
                          .web = resolve::WebWish{.path = "/x"}});
  plan.root_hints = resolve::builtin_root_hints();
  return plan;
}

}  // namespace

TEST_CASE("web servers are asked at the addresses behind aliases, and redirects walk again") {
  testing::LabTransport transport = world();
  testing::ScriptedWeb web([](observe::Fetch& fetch) {
    fetch.outcome = observe::Outcome::reply;
    fetch.status = fetch.tls ? 200 : 301;
    if (!fetch.tls) fetch.location = "https://www.shop.example/";
  });
  web.limits = {"some limit"};
  const observe::Observation seen = resolve::collect(plan_of(), transport, &web);
  CHECK(web.asked == Texts{"45.90.29.90 http://app.shop.example/x",
                           "45.90.29.91 http://app.shop.example/x",
                           "2a07:a8c0::80 https://www.shop.example/"});
  REQUIRE(seen.targets.size() == 1);
  CHECK(seen.targets[0].web.url == "http://app.shop.example/x");
  CHECK(seen.targets[0].web.fetches.size() == 4);
  CHECK(seen.targets[0].steps.back().end == observe::StepEnd::answer);
  CHECK(seen.stats.queries == transport.sent() + 3);
  CHECK(seen.stats.limits == Texts{"some limit"});
}
