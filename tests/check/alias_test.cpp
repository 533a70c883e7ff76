#include <algorithm>

#include "check/family.h"
#include "support/catch.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;

namespace {

const std::string kTargetZone = "shop-dcv.example.";
const std::string kTarget = "app.shop-dcv.example.";
const std::string kAliasLine = cname_line(kProofName, kTarget);
const std::string kProofLine = txt_line(kProofName, kDigest);

std::vector<Finding> judge(const ObservationBuilder& world) {
  std::vector<Finding> findings;
  kAliasFamily.check({world.observation, world.observation.targets.front(),
                      observe::default_profile(), Overview(world.observation)},
                     findings);
  return findings;
}

Finding only(const std::vector<Finding>& findings) {
  REQUIRE(findings.size() == 1);
  return findings.front();
}
Finding only(const ObservationBuilder& world) {
  return only(judge(world));
}

Edit only_edit(const Finding& finding) {
  REQUIRE(finding.remedy.edits.size() == 1);
  return finding.remedy.edits.front();
}

void end_at(ObservationBuilder& world, StepEnd end, const std::string& target = {}) {
  observe::Step& step = world.observation.targets.front().steps.back();
  step.end = end;
  step.target.reset();
  if (!target.empty()) step.target = dns::Name::of(target);
}

// Nothing stands at the validation name.
ObservationBuilder absent_world(std::vector<std::string> expected = {}) {
  ObservationBuilder world = healthy_world(std::move(expected));
  end_at(world, StepEnd::nxdomain);
  world.proof_all(kZone, kProofName, nxdomain(kZone));
  return world;
}

// The validation name is an alias for `target`, which lies in `zone`.
ObservationBuilder alias_world(const std::string& target, const std::string& zone, StepEnd end,
                               const Reply& proof, std::vector<std::string> expected = {}) {
  ObservationBuilder world = healthy_world(std::move(expected));
  end_at(world, StepEnd::alias, target);
  world.proof_all(kZone, kProofName, data({cname_line(kProofName, target)}));
  world.asked_all(Purpose::alias, kZone, kProofName, RecordType::cname,
                  data({cname_line(kProofName, target)}));
  world.asked_all(Purpose::owner_soa, kZone, kProofName, RecordType::soa,
                  data({cname_line(kProofName, target)}));
  if (zone != kZone) {
    world.zone(zone, "example.")
        .server("ns1." + zone, {"185.136.96.20"})
        .server("ns2." + zone, {"185.136.97.20"});
    world.delegated_as_listed(zone).healthy_zone(zone);
  }
  world.step(target, zone, end);
  world.proof_all(zone, target, proof);
  return world;
}
ObservationBuilder good_alias_world() {
  return alias_world(kTarget, kTargetZone, StepEnd::answer, data({txt_line(kTarget, kDigest)}));
}

void suspect(ObservationBuilder& world, const std::string& name, const Reply& reply) {
  world.asked(Purpose::suspicion, kZone, "45.90.28.10", name, RecordType::txt, reply);
}

// `count` aliases in a row, then the proof.
ObservationBuilder chain_world(int count) {
  ObservationBuilder world = healthy_world({});
  std::string owner = kProofName;
  for (int i = 1; i <= count; ++i) {
    const std::string target = "hop" + std::to_string(i) + ".shop.example.";
    end_at(world, StepEnd::alias, target);
    world.proof_all(kZone, owner, data({cname_line(owner, target)}));
    world.step(target, kZone, StepEnd::answer);
    owner = target;
  }
  world.proof_all(kZone, owner, data({txt_line(owner, kDigest)}));
  return world;
}

}  // namespace

TEST_CASE("a proof at the name itself and one behind an alias give no alias finding") {
  CHECK(judge(healthy_world()).empty());
  CHECK(judge(good_alias_world()).empty());
}

TEST_CASE("an alias whose target does not exist is told with the line that mends it") {
  const Finding finding =
      only(alias_world(kTarget, kTargetZone, StepEnd::nxdomain, nxdomain(kTargetZone), {kDigest}));
  CHECK(finding.id == "alias-target-nxdomain");
  CHECK(finding.severity == Severity::error);
  CHECK(finding.subject == kTarget);
  CHECK(finding.message ==
        "_acme-challenge.app.shop.example is an alias for app.shop-dcv.example, which does not "
        "exist");
  REQUIRE(finding.evidence.size() == 3);
  CHECK(finding.evidence[0].server == "ns1.shop.example (45.90.28.10)");
  CHECK(finding.evidence[1].server == "ns1.shop-dcv.example (185.136.96.20)");
  CHECK(finding.evidence[1].saw == "NXDOMAIN");
  CHECK(finding.remedy.action ==
        "Publish the TXT record at app.shop-dcv.example in the zone shop-dcv.example.");
  const Edit edit = only_edit(finding);
  CHECK(edit.zone == kTargetZone);
  CHECK(edit.server.empty());
  CHECK(edit.remove.empty());
  CHECK(edit.add == Lines{txt_line(kTarget, kDigest)});
}

TEST_CASE("without an expected value an absent target is a warning with a placeholder") {
  const Finding finding =
      only(alias_world(kTarget, kTargetZone, StepEnd::nodata, nodata(kTargetZone)));
  CHECK(finding.id == "alias-target-nodata");
  CHECK(finding.severity == Severity::warning);
  CHECK(only_edit(finding).add == Lines{txt_line(kTarget, "<token from your ACME client>")});
}

TEST_CASE("an absent target in the owner's own zone was meant for one that nobody delegated") {
  const std::string target = "id.auth.shop.example.";
  const Finding finding =
      only(alias_world(target, kZone, StepEnd::nxdomain, nxdomain(kZone), {kDigest}));
  CHECK(finding.id == "alias-target-nxdomain");
  CHECK(finding.remedy.action ==
        "Publish the TXT record at id.auth.shop.example in the zone shop.example, or, if "
        "auth.shop.example is a zone on a server of its own, delegate it with NS records in "
        "shop.example: an address record is no delegation.");
}

TEST_CASE(
    "an absent target at a provider that publishes on demand is normal until a value is due") {
  const std::string target = "app.shop.example.53231a669c5282f8.dcv.cloudflare.com.";
  const std::string zone = "dcv.cloudflare.com.";
  const Reply absent = nxdomain(zone);
  CHECK(only(alias_world(target, zone, StepEnd::nxdomain, absent)).id == "alias-target-on-demand");
  const Finding due = only(alias_world(target, zone, StepEnd::nxdomain, absent, {kDigest}));
  CHECK(due.id == "alias-target-nxdomain");
  CHECK(due.severity == Severity::error);
  CHECK(due.remedy.action ==
        "Leave the order to Cloudflare Delegated DCV, which alone can publish at "
        "app.shop.example.53231a669c5282f8.dcv.cloudflare.com; or, for an order of your own, "
        "replace the alias at _acme-challenge.app.shop.example with the TXT record.");
  CHECK(only_edit(due).zone == kZone);
  CHECK(only_edit(due).remove == Lines{cname_line(kProofName, target)});
  CHECK(only_edit(due).add == Lines{kProofLine});
}

TEST_CASE("a target in a domain that its registry does not know is told as a danger") {
  const std::string target = "app.old-agency.example.";
  ObservationBuilder world = healthy_world({kDigest});
  end_at(world, StepEnd::alias, target);
  world.proof_all(kZone, kProofName, data({cname_line(kProofName, target)}));
  world.step(target, "example.", StepEnd::nxdomain);
  world.asked(Purpose::delegation, "example.", "45.90.0.1", "old-agency.example.", RecordType::ns,
              nxdomain("example."));
  const Finding finding = only(world);
  CHECK(finding.id == "alias-target-unregistered");
  CHECK(finding.subject == target);
  CHECK(finding.arguments.at("domain") == "old-agency.example");
  const Edit edit = only_edit(finding);
  CHECK(edit.zone == kZone);
  CHECK(edit.remove == Lines{cname_line(kProofName, target)});
  CHECK(edit.add == Lines{kProofLine});
}

TEST_CASE("a web server's alias into a domain that its registry does not know is the same danger") {
  const std::string host = "app.shop.example.", target = "app.old-hosting.example.";
  for (const char* method : {"http-01", "http-file", "tls-alpn-01"}) {
    ObservationBuilder world = healthy_world({});
    observe::Target& asked = world.observation.targets.front();
    asked.method = method;
    asked.validation_name = dns::Name::of(host);
    asked.type = RecordType::a;
    asked.steps.clear();
    world.step(host, kZone, StepEnd::alias, target).step(target, "example.", StepEnd::nxdomain);
    world.asked_all(Purpose::proof, kZone, host, RecordType::a, data({cname_line(host, target)}));
    CHECK(judge(world).empty());  // of a domain that is there
    world.asked(Purpose::delegation, "example.", "45.90.0.1", "old-hosting.example.",
                RecordType::ns, nxdomain("example."));
    const Finding finding = only(world);
    CHECK(finding.id == "alias-target-unregistered");
    CHECK(finding.subject == target);
    CHECK(finding.remedy.edits.empty());  // which addresses are right only the owner knows
  }
}

TEST_CASE("a target with the zone's name twice is told with the target that was meant") {
  const std::string target = "app.dcv.shop.example.shop.example.";
  const Finding finding = only(alias_world(target, kZone, StepEnd::nxdomain, nxdomain(kZone)));
  CHECK(finding.id == "alias-target-doubled");
  CHECK(finding.subject == target);
  CHECK(only_edit(finding).remove == Lines{cname_line(kProofName, target)});
  CHECK(only_edit(finding).add == Lines{cname_line(kProofName, "app.dcv.shop.example.")});
}

TEST_CASE("a lost dot is told when the target without the zone exists or is a provider's") {
  const std::string target = "app.shop-dcv.example.shop.example.";
  ObservationBuilder world = alias_world(target, kZone, StepEnd::nxdomain, nxdomain(kZone));
  CHECK(only(world).id == "alias-target-nxdomain");
  world.zone(kTargetZone, "example.", false).server("ns1." + kTargetZone, {"185.136.96.20"});
  world.asked(Purpose::suspicion, kTargetZone, "185.136.96.20", kTarget, RecordType::txt,
              data({txt_line(kTarget, kDigest)}));
  const Finding finding = only(world);
  CHECK(finding.id == "alias-target-dot-lost");
  CHECK(finding.subject == target);
  CHECK(finding.arguments.at("meant") == "app.shop-dcv.example");
  CHECK(only_edit(finding).add == Lines{kAliasLine});

  const std::string provider = "app.53231a669c5282f8.dcv.cloudflare.com.shop.example.";
  CHECK(only(alias_world(provider, kZone, StepEnd::nxdomain, nxdomain(kZone))).id ==
        "alias-target-dot-lost");
}

TEST_CASE("a loop is told at the alias that closes it and mended at the validation name") {
  ObservationBuilder world = alias_world(kTarget, kTargetZone, StepEnd::loop,
                                         data({cname_line(kTarget, kProofName)}), {kDigest});
  end_at(world, StepEnd::loop, kProofName);
  const Finding finding = only(world);
  CHECK(finding.id == "alias-loop");
  CHECK(finding.subject == kTarget);
  CHECK(only_edit(finding).zone == kZone);
  CHECK(only_edit(finding).remove == Lines{kAliasLine});
  CHECK(only_edit(finding).add == Lines{kProofLine});
}

TEST_CASE("chains are fine with 7 aliases, long with 8 to 11, too long with 12") {
  CHECK(judge(chain_world(7)).empty());
  CHECK(only(chain_world(8)).id == "alias-chain-long");
  CHECK(only(chain_world(11)).id == "alias-chain-long");
  const Finding finding = only(chain_world(12));
  CHECK(finding.id == "alias-chain-too-long");
  CHECK(finding.arguments.at("count") == "12");
  CHECK(only_edit(finding).remove == Lines{cname_line(kProofName, "hop1.shop.example.")});
  CHECK(only_edit(finding).add == Lines{cname_line(kProofName, "hop12.shop.example.")});
}

TEST_CASE("a chain that was not followed to its end is mended by hand") {
  ObservationBuilder world = chain_world(16);
  const std::string last = "hop16.shop.example.", next = "hop17.shop.example.";
  end_at(world, StepEnd::limit, next);
  world.proof_all(kZone, last, data({cname_line(last, next)}));
  const Finding finding = only(world);
  CHECK(finding.id == "alias-chain-too-long");
  CHECK(finding.arguments.at("count") == "at least 17");
  CHECK(finding.remedy.edits.empty());
}

TEST_CASE("an alias that a random name has too comes from a wildcard") {
  const auto world_with = [](const std::vector<std::string>& expected, StepEnd end,
                             const Reply& proof, const std::string& control) {
    ObservationBuilder world = alias_world(kTarget, kTargetZone, end, proof, expected);
    world.asked_all(Purpose::control, kZone, kControlName, RecordType::txt,
                    data({cname_line(kControlName, control)}));
    return world;
  };
  const Reply none = nodata(kTargetZone), proof = data({txt_line(kTarget, kDigest)});
  const Finding finding = only(world_with({kDigest}, StepEnd::nodata, none, kTarget));
  CHECK(finding.id == "alias-wildcard");
  CHECK(finding.severity == Severity::error);
  CHECK(finding.subject == kProofName);
  CHECK(only_edit(finding).zone == kZone);
  CHECK(only_edit(finding).remove.empty());
  CHECK(only_edit(finding).add == Lines{kProofLine});
  CHECK(only(world_with({}, StepEnd::nodata, none, kTarget)).severity == Severity::warning);
  CHECK(only(world_with({kDigest}, StepEnd::answer, proof, kTarget)).severity == Severity::notice);
  CHECK(judge(world_with({}, StepEnd::answer, proof, "other.shop-dcv.example.")).empty());
}

TEST_CASE("TXT that hides the alias at the same name is told with the lines to remove") {
  ObservationBuilder world = healthy_world({});
  world.proof_all(kZone, kProofName, data({txt_line(kProofName, kOtherDigest)}));
  world.asked_all(Purpose::alias, kZone, kProofName, RecordType::cname,
                  data({cname_line(kProofName, kTarget)}));
  Finding finding = only(world);
  CHECK(finding.id == "alias-beside-txt");
  CHECK(finding.subject == kProofName);
  CHECK(finding.arguments.at("target") == "app.shop-dcv.example");
  CHECK(only_edit(finding).server.empty());
  CHECK(only_edit(finding).remove == Lines{txt_line(kProofName, kOtherDigest)});

  for (const char* address : {"45.90.30.10", "2a07:a8c1::10"}) {
    world.asked(Purpose::alias, kZone, address, kProofName, RecordType::cname, nodata(kZone));
  }
  finding = only(judge(world));
  CHECK(only_edit(finding).server == "ns1.shop.example.");
  CHECK(finding.severity == Severity::warning);
  world.observation.targets.front().expected = {kOtherDigest};
  CHECK(only(judge(world)).severity == Severity::warning);
  world.observation.targets.front().expected = {kDigest};
  CHECK(only(judge(world)).severity == Severity::error);
}

TEST_CASE("an alias at the apex of a zone stands beside SOA and NS") {
  const std::string line = cname_line(kProofName, kTarget);
  ObservationBuilder world =
      alias_world(kTarget, kTargetZone, StepEnd::answer, data({txt_line(kTarget, kDigest)}));
  world.zone(kProofName, kZone).server("ns1." + kTargetZone, {"185.136.96.20"});
  world.healthy_zone(kProofName);
  world.observation.targets.front().steps.front().zone = dns::Name::of(kProofName);
  world.proof_all(kProofName, kProofName, data({line}));
  const Finding finding = only(world);
  CHECK(finding.id == "alias-beside-data");
  CHECK(finding.arguments.at("types") == "NS, SOA");
  CHECK(only_edit(finding).zone == kProofName);
  CHECK(only_edit(finding).remove == Lines{kAliasLine});
  CHECK(only_edit(finding).add == Lines{kProofLine});
}

TEST_CASE("CNAME and TXT in one answer are told, and the TXT lines have to go") {
  ObservationBuilder world = good_alias_world();
  world.proof_all(kZone, kProofName,
                  data({cname_line(kProofName, kTarget), txt_line(kProofName, kOtherDigest)}));
  const Finding finding = only(world);
  CHECK(finding.id == "alias-beside-data");
  CHECK(finding.arguments.at("types") == "TXT");
  CHECK(only_edit(finding).remove == Lines{txt_line(kProofName, kOtherDigest)});
}

TEST_CASE("a record at the doubled name is moved to the right one") {
  const std::string doubled = "_acme-challenge.app.shop.example.shop.example.";
  ObservationBuilder world = absent_world();
  suspect(world, doubled, data({txt_line(doubled, kDigest)}));
  suspect(world, "_acme-challenge.shop.example.", nxdomain(kZone));
  const Finding finding = only(world);
  CHECK(finding.id == "alias-owner-doubled");
  CHECK(finding.subject == kProofName);
  CHECK(only_edit(finding).zone == kZone);
  CHECK(only_edit(finding).remove == Lines{txt_line(doubled, kDigest)});
  CHECK(only_edit(finding).add == Lines{kProofLine});
}

TEST_CASE("the same slip at another target's name is no wildcard") {
  ObservationBuilder world = absent_world();
  const std::string zones = ".shop.example.shop.example.", target = "app.x.dcv.cloudflare.com.";
  for (const std::string& name : {"_acme-challenge.app" + zones, "_acme-challenge.web" + zones})
    suspect(world, name, data({cname_line(name, target)}));
  suspect(world, "_acme-challenge.shop.example.", nxdomain(kZone));
  CHECK(only(world).id == "alias-owner-doubled");
}

TEST_CASE("a wildcard explains records at the doubled name and at the parent's") {
  const std::string doubled = "_acme-challenge.app.shop.example.shop.example.";
  const std::string parent = "_acme-challenge.shop.example.";
  ObservationBuilder world = absent_world();
  suspect(world, doubled, data({cname_line(doubled, "lb.shop.example.")}));
  suspect(world, parent, data({cname_line(parent, "lb.shop.example.")}));
  CHECK(judge(world).empty());

  world = absent_world();
  suspect(world, doubled, data({txt_line(doubled, "v=spf1 -all")}));
  world.asked(Purpose::control, kZone, "45.90.28.10", kControlName, RecordType::txt,
              data({txt_line(kControlName, "v=spf1 -all")}));
  CHECK(judge(world).empty());
}

TEST_CASE("a wildcard that no other question could have shown is not taken for a slip") {
  const std::string name = "_acme-challenge.a.b.shop.example.", doubled = name + kZone;
  const auto world_with = [&](const Reply& stray) {
    ObservationBuilder world = healthy_world({});
    world.target("a.b.shop.example").step(name, kZone, StepEnd::nxdomain);
    world.observation.targets.erase(world.observation.targets.begin());
    world.proof_all(kZone, name, nxdomain(kZone));
    suspect(world, doubled, stray);
    return world;
  };
  ObservationBuilder world = world_with(data({cname_line(doubled, "lb.shop.example.")}));
  CHECK(judge(world).empty());
  suspect(world, "_dcv-7f3a9c2e.shop.example.", nxdomain(kZone));
  CHECK(only(world).id == "alias-owner-doubled");
  CHECK(only(world_with(data({txt_line(doubled, kDigest)}))).id == "alias-owner-doubled");
  CHECK(judge(world_with(data({txt_line(doubled, "v=spf1 -all")}))).empty());
}

TEST_CASE("the parent's alias does not cover the name, which needs its own") {
  const std::string parent = "_acme-challenge.shop.example.";
  const auto world_with = [&](const std::string& target, std::vector<std::string> expected) {
    ObservationBuilder world = absent_world(std::move(expected));
    suspect(world, parent, data({cname_line(parent, target)}));
    return world;
  };
  const Finding finding = only(world_with(kTarget, {}));
  CHECK(finding.id == "alias-missing");
  CHECK(finding.severity == Severity::warning);
  CHECK(finding.subject == kProofName);
  CHECK(finding.message ==
        "_acme-challenge.app.shop.example does not exist; the alias at "
        "_acme-challenge.shop.example is for shop.example and *.shop.example");
  CHECK(finding.remedy.action ==
        "Publish the TXT record at _acme-challenge.app.shop.example, or an alias there for a "
        "target that no other name uses, or order *.shop.example, which covers app.shop.example "
        "and is validated at _acme-challenge.shop.example.");
  CHECK(only_edit(finding).add == Lines{txt_line(kProofName, "<token from your ACME client>")});
  const Finding due = only(world_with(kTarget, {kDigest}));
  CHECK(due.severity == Severity::error);
  CHECK(only_edit(due).add == Lines{kProofLine});
  const Finding own = only(world_with("shop.example.53231a669c5282f8.dcv.cloudflare.com.", {}));
  CHECK(own.remedy.action.starts_with(
      "Add an alias of its own at _acme-challenge.app.shop.example, or order *.shop.example, "));
  CHECK(only_edit(own).add ==
        Lines{cname_line(kProofName, "app.shop.example.53231a669c5282f8.dcv.cloudflare.com.")});
}

TEST_CASE("servers with different targets: the newer copy of the zone is right") {
  const std::string old = "app-2024.shop-dcv.example.";
  ObservationBuilder world = good_alias_world();
  for (const char* address : {"45.90.30.10", "2a07:a8c1::10"}) {
    world.proof(kZone, address, kProofName, data({cname_line(kProofName, old)}));
    world.asked(Purpose::zone_soa, kZone, address, kZone, RecordType::soa,
                data({soa_line(kZone, 0)}));
  }
  const Finding finding = only(world);
  CHECK(finding.id == "alias-targets-differ");
  CHECK(finding.subject == kProofName);
  CHECK(finding.evidence.size() == 2);
  const Edit edit = only_edit(finding);
  CHECK(edit.server == "ns2.shop.example.");
  CHECK(edit.remove == Lines{cname_line(kProofName, old)});
  CHECK(edit.add == Lines{kAliasLine});
}

TEST_CASE("an address without the alias differs from those with it") {
  ObservationBuilder world = good_alias_world();
  world.proof(kZone, "45.90.30.10", kProofName, nxdomain(kZone));
  world.asked(Purpose::alias, kZone, "45.90.30.10", kProofName, RecordType::cname, nxdomain(kZone));
  const Finding finding = only(world);
  CHECK(finding.id == "alias-targets-differ");
  CHECK(only_edit(finding).server == "ns2.shop.example.");
  CHECK(only_edit(finding).remove.empty());
  CHECK(only_edit(finding).add == Lines{kAliasLine});
}

TEST_CASE("a silent or lame server says nothing about an alias") {
  ObservationBuilder world = good_alias_world();
  world.always("45.90.28.10", silent());
  world.always("45.90.30.10", refused());
  CHECK(judge(world).empty());
}

TEST_CASE("a DNAME above the name is noticed once") {
  ObservationBuilder world = healthy_world({});
  const std::string target = "_acme-challenge.app.shop-dcv.example.";
  end_at(world, StepEnd::alias, target);
  world.observation.targets.front().steps.front().through_dname = true;
  world.proof_all(kZone, kProofName,
                  data({"app.shop.example. 300 IN DNAME app.shop-dcv.example.",
                        cname_line(kProofName, target)}));
  world.zone(kTargetZone, "example.").server("ns1." + kTargetZone, {"185.136.96.20"});
  world.step(target, kTargetZone, StepEnd::answer);
  world.proof_all(kTargetZone, target, data({txt_line(target, kDigest)}));
  const Finding finding = only(world);
  CHECK(finding.id == "alias-dname");
  CHECK(finding.subject == "app.shop.example.");
  CHECK(finding.severity == Severity::notice);
  CHECK(finding.remedy.edits.empty());
}

TEST_CASE("an alias for a name that can hold no records gives way to the TXT record") {
  for (const std::string target : {".", "localhost.", "app.invalid."}) {
    ObservationBuilder world = healthy_world({kDigest});
    end_at(world, StepEnd::alias, target);
    world.proof_all(kZone, kProofName, data({cname_line(kProofName, target)}));
    world.step(target, ".", StepEnd::nxdomain);
    Reply denial;
    denial.rcode = dns::Rcode::nxdomain;
    world.asked(Purpose::delegation, ".", "198.41.0.4", "localhost.", RecordType::ns, denial);
    world.asked(Purpose::delegation, ".", "198.41.0.4", "invalid.", RecordType::ns, denial);
    const Finding finding = only(world);
    CHECK(finding.id == "alias-target-nxdomain");
    CHECK(only_edit(finding).zone == kZone);
    CHECK(only_edit(finding).remove == Lines{cname_line(kProofName, target)});
    CHECK(only_edit(finding).add == Lines{kProofLine});
  }
}

TEST_CASE("the DNAMEs of a loop are not told beside it") {
  ObservationBuilder world = alias_world(kTarget, kTargetZone, StepEnd::loop,
                                         data({cname_line(kTarget, kProofName)}), {kDigest});
  end_at(world, StepEnd::loop, kProofName);
  world.observation.targets.front().steps.back().through_dname = true;
  world.proof_all(
      kTargetZone, kTarget,
      data({kTargetZone + " 300 IN DNAME app.shop.example.", cname_line(kTarget, kProofName)}));
  CHECK(only(world).id == "alias-loop");
}
