// Delegations that were meant to be published, held against what the servers have.
#include "check/alias.h"
#include "support/catch.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;

namespace {

const std::string kTarget = "app.shop.example.8a602f2b29d92dc2.dcv.cloudflare.com.";
const std::string kOther = "old.example.";

dns::Record meant(const std::string& target, RecordType type = RecordType::cname) {
  return dns::make_target(dns::Name::of(kProofName), type, 3600, dns::Name::of(target));
}

std::vector<Finding> findings(const ObservationBuilder& world) {
  const Overview overview(world.observation);
  const observe::CaProfile profile = observe::default_profile();
  std::vector<Finding> found;
  kDelegateFamily.check({world.observation, world.observation.targets.front(), profile, overview},
                        found);
  return found;
}

std::vector<std::string> ids(const ObservationBuilder& world) {
  std::vector<std::string> all;
  for (const Finding& each : findings(world)) all.push_back(each.id);
  return all;
}
using Ids = std::vector<std::string>;

ObservationBuilder aliased(const std::string& target) {
  ObservationBuilder world = healthy_world();
  world.observation.targets.clear();
  world.target("app.shop.example").step(kProofName, kZone, StepEnd::alias, target);
  world.proof_all(kZone, kProofName, data({cname_line(kProofName, target)}));
  return world;
}

observe::Target& target(ObservationBuilder& world) {
  return world.observation.targets.front();
}

}  // namespace

TEST_CASE("a run that was not told of a delegation misses none") {
  CHECK(findings(healthy_world()).empty());
}

TEST_CASE("a delegation is there when some server has the alias that was meant") {
  ObservationBuilder world = aliased(kTarget);
  target(world).delegation = {meant(kTarget)};
  CHECK(findings(world).empty());
  target(world).delegation->clear();  // any will do
  CHECK(findings(world).empty());
  target(world).delegation = {meant(kTarget)};
  world.proof(kZone, "45.90.30.10", kProofName, nxdomain(kZone));
  CHECK(findings(world).empty());  // alias-targets-differ tells of that
}

TEST_CASE("an alias for another name is told with the line to replace") {
  ObservationBuilder world = aliased(kOther);
  target(world).delegation = {meant(kTarget)};
  const auto found = findings(world);
  REQUIRE(found.size() == 1);
  CHECK(found.front().id == "delegate-target-differs");
  CHECK(found.front().message ==
        "_acme-challenge.app.shop.example is delegated to old.example, not to "
        "app.shop.example.8a602f2b29d92dc2.dcv.cloudflare.com");
  REQUIRE(found.front().remedy.edits.size() == 1);
  const Edit& edit = found.front().remedy.edits.front();
  CHECK(edit.zone == kZone);
  CHECK(edit.remove == Lines{cname_line(kProofName, kOther)});
  CHECK(edit.add == Lines{kProofName + " 3600 IN CNAME " + kTarget});
}

TEST_CASE("two providers that want one name cannot both have it") {
  ObservationBuilder world = aliased("0a1b2c3d4e5f6a7b8c.fastly-validations.com.");
  target(world).delegation = {meant(kTarget)};
  const auto found = findings(world);
  REQUIRE(found.size() == 1);
  CHECK(found.front().remedy.action ==
        "Publish the CNAME record at _acme-challenge.app.shop.example in place of what is there. "
        "Fastly TLS then cannot validate there any more: a name has room for one CNAME. Where both "
        "have to, give one of them another method.");
}

TEST_CASE("where no alias stands the line is told, and what is in its way") {
  ObservationBuilder world = healthy_world();
  target(world).delegation = {meant(kTarget)};
  const auto found = findings(world);
  REQUIRE(found.size() == 1);
  CHECK(found.front().message.ends_with(": TXT records stand there"));
  CHECK(found.front().remedy.edits.front().remove == Lines{txt_line(kProofName, kDigest)});
  world.proof_all(kZone, kProofName, nxdomain(kZone));
  CHECK(findings(world).front().message.ends_with(": the name does not exist"));
  target(world).delegation->clear();
  CHECK(ids(world) == Ids{"delegate-record-missing"});
  CHECK(findings(world).front().remedy.edits.empty());
}

TEST_CASE("servers that told nothing are not said to lack the record") {
  ObservationBuilder world = healthy_world();
  world.proof_all(kZone, kProofName, silent());
  target(world).delegation = {meant(kTarget)};
  CHECK(findings(world).empty());
}

TEST_CASE("the parent's name servers are those that were meant, or it is told") {
  ObservationBuilder world = healthy_world();
  world.zone(kProofName, kZone).server("ns.tokens.example.", {"45.90.31.10"});
  target(world).steps.front().zone = dns::Name::of(kProofName);
  target(world).delegation = {meant("ns.tokens.example", RecordType::ns)};
  CHECK(findings(world).empty());
  target(world).delegation = {meant("ns.other.example", RecordType::ns)};
  const auto found = findings(world);
  REQUIRE(found.size() == 1);
  CHECK(found.front().id == "delegate-target-differs");
  const Edit& edit = found.front().remedy.edits.front();
  CHECK(edit.zone == kZone);
  CHECK(edit.add == Lines{kProofName + " 3600 IN NS ns.other.example."});
  REQUIRE(edit.remove.size() == 1);
  CHECK(edit.remove.front().ends_with(" IN NS ns.tokens.example."));
  target(world).delegation = {meant(kTarget)};
  CHECK(ids(world) == Ids{"delegate-target-differs"});
}

TEST_CASE("name servers that were meant and never published are missing") {
  ObservationBuilder world = healthy_world();
  world.proof_all(kZone, kProofName, nodata(kZone));
  target(world).delegation = {meant("ns.tokens.example", RecordType::ns)};
  CHECK(ids(world) == Ids{"delegate-record-missing"});
  CHECK(findings(world).front().message.ends_with(": it has no such record"));
  ObservationBuilder alias = aliased(kTarget);
  target(alias).delegation = {meant("ns.tokens.example", RecordType::ns)};
  CHECK(ids(alias) == Ids{"delegate-target-differs"});
}

TEST_CASE("a second record is looked for at its own name and in its own type") {
  const std::string twin = "_cf-custom-hostname.app.shop.example.";
  ObservationBuilder world = aliased(kTarget);
  target(world).delegation = {meant(kTarget),
                              dns::make_target(dns::Name::of(twin), RecordType::cname, 3600,
                                               dns::Name::of("shop.hostname.renderdns.com"))};
  target(world).others = {{dns::Name::of(twin), RecordType::cname, {}}};
  observe::Step step;
  step.name = dns::Name::of(twin);
  step.zone = dns::Name::of(kZone);
  step.end = StepEnd::nxdomain;
  target(world).others.front().steps = {step};
  world.asked_all(Purpose::proof, kZone, twin, RecordType::cname, nxdomain(kZone));
  const auto found = findings(world);
  REQUIRE(found.size() == 1);
  CHECK(found.front().id == "delegate-record-missing");
  CHECK(found.front().subject == twin);
  world.asked_all(Purpose::proof, kZone, twin, RecordType::cname,
                  data({cname_line(twin, "shop.hostname.renderdns.com.")}));
  CHECK(findings(world).empty());
}
