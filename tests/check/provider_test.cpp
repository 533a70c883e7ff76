// The provider family at its edges; what it says in whole runs the scenarios show.
#include "check/provider.h"

#include <algorithm>

#include "check/evaluate.h"
#include "support/catch.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::testing;

namespace {

const std::string kId = "8a602f2b29d92dc2";
const std::string kCloudflare = "dcv.cloudflare.com.";
const std::string kRight = "app.shop.example." + kId + "." + kCloudflare;

// The validation name is an alias for `target`, which lies in `zone`.
ObservationBuilder alias_world(const std::string& target, const std::string& zone, StepEnd end,
                               const Reply& proof, std::vector<std::string> expected = {},
                               const std::string& hoster = "dns-host.example.") {
  ObservationBuilder world = healthy_world(std::move(expected));
  observe::Step& step = world.observation.targets.front().steps.back();
  step.end = StepEnd::alias;
  step.target = dns::Name::of(target);
  world.proof_all(kZone, kProofName, data({cname_line(kProofName, target)}));
  if (zone != kZone) {
    world.zone(zone, "example.").server("ns1." + hoster, {"185.136.96.20"});
    world.server("ns2." + hoster, {"185.136.97.20"});
    world.delegated_as_listed(zone).healthy_zone(zone);
  }
  world.step(target, zone, end);
  world.proof_all(zone, target, proof);
  return world;
}

ObservationBuilder absent(const std::string& target, const std::string& zone) {
  return alias_world(target, zone, StepEnd::nxdomain, nxdomain(zone));
}

check::Judgement judged(const ObservationBuilder& world) {
  return check::evaluate(world.observation).front();
}

// Of this family and of that of aliases, which must not say the same again.
std::vector<std::string> ids(const ObservationBuilder& world) {
  std::vector<std::string> list;
  for (const check::Finding& each : judged(world).findings)
    if (each.id.starts_with("provider-") || each.id.starts_with("alias-")) list.push_back(each.id);
  return list;
}

check::Finding finding(const ObservationBuilder& world, const std::string& id) {
  for (const check::Finding& each : judged(world).findings)
    if (each.id == id) return each;
  FAIL("no " + id);
  return {};
}

// The lines that the remedy adds.
std::vector<std::string> added(const check::Finding& finding) {
  return finding.remedy.edits.empty() ? std::vector<std::string>{}
                                      : finding.remedy.edits.front().add;
}

using Ids = std::vector<std::string>;
const std::vector<std::string> kRightLine = {kProofName + " 300 IN CNAME " + kRight};

}  // namespace

TEST_CASE("the provider of a right delegation is named, and its missing proof is normal") {
  const ObservationBuilder world = absent(kRight, kCloudflare);
  CHECK(ids(world) == Ids{"alias-target-on-demand"});
  const check::Judgement judgement = judged(world);
  CHECK(judgement.provider == "Cloudflare Delegated DCV");
  CHECK(judgement.verdict == check::Verdict::ready);
  CHECK(judgement.next_step ==
        "Order the certificate; Cloudflare Delegated DCV publishes the digest at "
        "app.shop.example.8a602f2b29d92dc2.dcv.cloudflare.com.");
  CHECK(judged(absent("_acme-challenge.agency.example.", "agency.example.")).provider.empty());
}

TEST_CASE("a target for another host is told with the right one") {
  const ObservationBuilder world =
      absent("www.shop.example." + kId + "." + kCloudflare, kCloudflare);
  CHECK(ids(world) == Ids{"provider-host-differs"});
  const check::Finding found = finding(world, "provider-host-differs");
  CHECK(found.severity == check::Severity::error);
  CHECK(found.arguments.at("wanted") == "app.shop.example.8a602f2b29d92dc2.dcv.cloudflare.com");
  CHECK(added(found) == kRightLine);
}

TEST_CASE("a dot in front of the host is a host that differs") {
  const ObservationBuilder world =
      absent("\\.app.shop.example." + kId + "." + kCloudflare, kCloudflare);
  CHECK(ids(world) == Ids{"provider-host-differs"});
  CHECK(added(finding(world, "provider-host-differs")) == kRightLine);
}

TEST_CASE("where the proof is found its name is not judged") {
  const std::string target = "www.shop.example." + kId + "." + kCloudflare;
  CHECK(ids(alias_world(target, kCloudflare, StepEnd::answer, data({txt_line(target, kDigest)}))) ==
        Ids{});
}

TEST_CASE("a target without the provider's end is told where a panel put the zone behind it too") {
  const ObservationBuilder world = absent("app.shop.example." + kId + "." + kZone, kZone);
  CHECK(ids(world) == Ids{"provider-suffix-lost"});
  CHECK(added(finding(world, "provider-suffix-lost")) == kRightLine);
}

TEST_CASE("a domain that only begins with the host is no provider's target") {
  // app.shop.example.net with .flydns.net behind it would be one.
  CHECK(ids(absent("app.shop.example.net.", "net.")) == Ids{"alias-target-nxdomain"});
}

TEST_CASE("what the dashboard shows is not yet the target") {
  const ObservationBuilder copied = absent(kId + "." + kCloudflare, kCloudflare);
  CHECK(ids(copied) == Ids{"provider-target-malformed"});
  CHECK(added(finding(copied, "provider-target-malformed")) == kRightLine);
  const ObservationBuilder nothing = absent("app.shop.example." + kCloudflare, kCloudflare);
  const check::Finding found = finding(nothing, "provider-target-malformed");
  CHECK(found.arguments.at("form") == "app.shop.example.<identifier>.dcv.cloudflare.com");
  CHECK(found.remedy.edits.empty());
}

TEST_CASE(
    "a zone that all its servers refuse can be claimed, one that is silent cannot be judged") {
  const std::string target = "app-shop.agency.example.", zone = "agency.example.";
  const auto refusing = [&] {
    return alias_world(target, zone, StepEnd::no_usable_reply, refused());
  };
  const check::Finding found = finding(refusing(), "provider-zone-unclaimed");
  CHECK(found.severity == check::Severity::error);
  CHECK(found.message.find("Takeover risk") != std::string::npos);
  CHECK(found.subject == zone);
  const auto has_it = [](const ObservationBuilder& world) {
    return std::ranges::count(ids(world), "provider-zone-unclaimed") == 1;
  };
  ObservationBuilder half = refusing();
  half.proof(zone, "185.136.97.20", target, silent());
  CHECK_FALSE(has_it(half));
  half.proof(zone, "185.136.97.20", target, servfail());
  CHECK_FALSE(has_it(half));
  // Servers within the zone are its owner's, who has no other customers there.
  CHECK_FALSE(has_it(alias_world(target, zone, StepEnd::no_usable_reply, refused(), {}, zone)));
}

TEST_CASE("the name's own domain is refused by its owner's servers, which is another matter") {
  ObservationBuilder world = healthy_world();
  world.observation.targets.front().steps.back().end = StepEnd::no_usable_reply;
  world.proof_all(kZone, kProofName, refused());
  CHECK(std::ranges::count(ids(world), "provider-zone-unclaimed") == 0);
}

TEST_CASE("a name that nobody registered can be claimed, one below a registered name cannot") {
  const std::string target = "_acme-challenge.app.shop-acme.dedyn.io.";
  const check::Finding found = finding(absent(target, "dedyn.io."), "provider-name-unclaimed");
  CHECK(found.severity == check::Severity::error);
  CHECK(found.arguments.at("claim") == "shop-acme.dedyn.io");
  CHECK(found.message.find("Takeover risk") != std::string::npos);
  CHECK(ids(absent(target, "shop-acme.dedyn.io.")) == Ids{"alias-target-nxdomain"});
  CHECK(ids(absent("shop.azurewebsites.net.", "azurewebsites.net.")) ==
        Ids{"provider-name-unclaimed"});
}

TEST_CASE("the second record that a provider wants is missed where no server has it") {
  const std::string render = "shop-web.verify.renderdns.com.", zone = "renderdns.com.";
  const std::string owner = "_cf-custom-hostname.app.shop.example.";
  const std::string right = "shop-web.hostname.renderdns.com.";
  ObservationBuilder world = alias_world(render, zone, StepEnd::nodata, nodata(zone));
  CHECK(ids(world) == std::vector<std::string>{"alias-target-on-demand"});  // never asked for
  const auto answered = [&](const std::string& address, const Reply& reply) {
    world.asked(Purpose::suspicion, kZone, address, owner, RecordType::cname, reply);
  };
  answered("45.90.28.10", data({cname_line(owner, "shop-web.onrender.com.")}));
  answered("45.90.30.10", nxdomain(kZone));
  const check::Finding missing = finding(world, "provider-twin-missing");
  CHECK(missing.arguments.at("saw") == "CNAME → shop-web.onrender.com. (TTL 300)");
  CHECK(added(missing) == std::vector<std::string>{owner + " 60 IN CNAME " + right});
  answered("45.90.30.10", data({cname_line(owner, right)}));
  CHECK(ids(world) == std::vector<std::string>{"alias-target-on-demand"});
}

TEST_CASE("the user's own providers are recognised too") {
  ObservationBuilder world = absent("app.shop.example.dcv.corp.example.", "dcv.corp.example.");
  CHECK(ids(world) == Ids{"alias-target-nxdomain"});
  observe::Provider own;
  own.id = "in-house";
  own.title = "Our validation zone";
  own.method = "dns-01";
  own.owner = "_acme-challenge[.](?<host>.+)";
  own.target = "(?<host>.+)[.]dcv[.]corp[.]example";
  own.on_demand = true;
  world.observation.providers = {own};
  CHECK(ids(world) == Ids{"alias-target-on-demand"});
  CHECK(judged(world).provider == "Our validation zone");
}

TEST_CASE("name servers of the validation name's own zone name a provider") {
  ObservationBuilder world = healthy_world();
  world.zone(kProofName, kZone).server("ns1.desec.io.", {"185.136.96.20"});
  world.server("ns2.desec.org.", {"185.136.97.20"});
  world.delegated_as_listed(kProofName).healthy_zone(kProofName);
  world.observation.targets.front().steps.back().zone = dns::Name::of(kProofName);
  world.proof_all(kProofName, kProofName, data({txt_line(kProofName, kDigest)}));
  CHECK(judged(world).provider == "deSEC, by NS");
}
