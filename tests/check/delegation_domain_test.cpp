// Domains that the registry does not know.
#include "check/delegation_findings.h"

using namespace dcv;
using namespace dcv::testing;

TEST_CASE("a domain that its registry denies is missing") {
  ObservationBuilder world;
  world.zone("example.", ".", false).server("a.nic.example.", {"45.90.0.1"});
  world.target("app.shop.example").step(kProofName, "example.", StepEnd::nxdomain);
  world.asked_all(Purpose::delegation, "example.", kZone, RecordType::ns, nxdomain("example."));
  const Finding finding = only(world);
  CHECK(finding.id == "delegation-domain-missing");
  CHECK(finding.subject == "shop.example.");
  CHECK(finding.arguments.at("registry") == "example");
  CHECK(finding.evidence.size() == 1);
}

TEST_CASE("nobody is told to register a domain below a top-level domain that does not exist") {
  ObservationBuilder world;
  world.zone(".", ".", false).server("a.root-servers.net.", {"198.41.0.4"});
  world.target("app.shop.local").step("_acme-challenge.app.shop.local.", ".", StepEnd::nxdomain);
  world.asked_all(Purpose::delegation, ".", "local.", RecordType::ns, nxdomain("."));
  const Finding finding = only(world);
  CHECK(finding.message ==
        "The registry of the root says that shop.local does not exist: there is no top-level "
        "domain local");
  CHECK(finding.id == "delegation-domain-missing");
  CHECK(finding.remedy.action ==
        "Order for a name below a public top-level domain: local is none, so no public CA issues "
        "for names below it.");
}

TEST_CASE("a name missing in the registrant's own zone is no missing domain") {
  ObservationBuilder world = healthy_world();
  world.observation.targets.front().steps.front().end = StepEnd::nxdomain;
  world.proof_all(kZone, kProofName, nxdomain(kZone));
  CHECK(told(world) == Lines{});
}
