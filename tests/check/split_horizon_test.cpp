// Resolvers that show another zone than the public one, as the family "visibility" tells it.
#include "check/visibility_findings.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;

TEST_CASE("This machine's resolver shows another zone, whether or not it holds the records") {
  for (const Reply& reply : {cached_value(kDigest, 60), cached(nxdomain(kZone), 60)}) {
    ViewWorld world;
    world.resolver("", "10.0.0.2", reply).resolver.system = true;
    world.shows(Purpose::view_servers, kZone,
                cached(data({ns_line(kZone, "dc1.corp.example.")}), 9), RecordType::ns);
    const Finding finding = only(world);
    CHECK(finding.id == "visibility-split-horizon");
    CHECK(finding.message ==
          "Another shop.example is shown by this machine's resolver (10.0.0.2): its name servers "
          "are dc1.corp.example");
  }
}

TEST_CASE("Another zone at the resolver of a private CA is what the CA gets") {
  observe::CaProfile profile = observe::default_profile();
  profile.title = "Our CA";
  profile.resolvers = {"10.0.0.2"};
  const auto told = [&](const Reply& reply) {
    ViewWorld world;
    world.resolver("", "10.0.0.2", reply);
    world.shows(Purpose::view_servers, kZone,
                cached(data({ns_line(kZone, "dc1.corp.example.")}), 9), RecordType::ns);
    return found(world, {}, profile).front();
  };
  const Finding lacking = told(cached(nxdomain(kZone), 60));
  CHECK(lacking.id == "visibility-split-horizon");
  CHECK(lacking.affects == Affects::ca);
  CHECK(lacking.severity == Severity::error);
  CHECK(lacking.remedy.action.starts_with("Order once the resolvers of Our CA show the records "));
  CHECK(told(cached_value(kDigest, 60)).affects == Affects::client);  // the records are there too
}

TEST_CASE("Another zone is told while the authorities lack the records, too") {
  ViewWorld world;
  world.builder.proof_all(kZone, kProofName, nxdomain(kZone));
  world.target().steps.back().end = observe::StepEnd::nxdomain;
  world.resolver("", "10.0.0.2", silent()).resolver.system = true;
  auto& view = world.target().views.back();
  view.exchanges.clear();
  world.shows(Purpose::view_servers, kZone, cached(data({ns_line(kZone, "dc1.corp.example.")}), 9),
              RecordType::ns);
  world.target().views_withheld = "ns1.shop.example (45.90.28.10) has no TXT record there";
  CHECK(only_id(world) == "visibility-authority-lacks visibility-split-horizon");
}

TEST_CASE("Local data in the zone's place have no name servers") {
  ViewWorld world;
  const Reply empty = data({});
  world.resolver("", "192.168.1.1", empty).resolver.system = true;
  world.shows(Purpose::view_servers, kZone, empty, RecordType::ns);
  const Finding finding = only(world);
  CHECK(finding.id == "visibility-split-horizon");
  CHECK(finding.message ==
        "Another shop.example is shown by this machine's resolver (192.168.1.1): it has no name "
        "servers");

  ViewWorld forwarder;
  forwarder.resolver("", "192.168.1.1", cached_value(kDigest, 60)).resolver.system = true;
  forwarder.shows(Purpose::view_servers, kZone, empty, RecordType::ns);
  CHECK(found(forwarder).empty());

  ViewWorld outside;
  outside.resolver("Google", "8.8.8.8", empty);
  outside.shows(Purpose::view_servers, kZone, empty, RecordType::ns);
  CHECK(only_id(outside) == "visibility-negative-cached");

  ViewWorld old_denial;
  old_denial.resolver("", "192.168.1.1", cached(nxdomain("example."), 60)).resolver.system = true;
  old_denial.shows(Purpose::view_servers, kZone, cached(nxdomain("example."), 60), RecordType::ns);
  CHECK(only_id(old_denial) == "visibility-parent-negative-cached");
}

TEST_CASE("Inside, a name below the zone may be a zone of its own") {
  ViewWorld world;
  const std::string inner = "app." + kZone;
  world.resolver("", "10.0.0.2", cached(nxdomain(inner), 60)).resolver.system = true;
  const Finding finding = only(world);
  CHECK(finding.id == "visibility-split-horizon");
  CHECK(finding.arguments.at("detail") == "app.shop.example is a zone of its own there");

  ViewWorld outside;
  outside.resolver("Google", "8.8.8.8", cached(nxdomain(inner), 60));
  CHECK(only_id(outside) == "visibility-negative-cached");
}

TEST_CASE("The private zone of a VPC is known by its name servers; an old delegation is none") {
  ViewWorld world;
  world.resolver("Google", "8.8.8.8", cached(nxdomain(kZone), 60));
  Lines vpc;
  for (const std::string host : {"ns-0.awsdns-00.com.", "ns-512.awsdns-00.net.",
                                 "ns-1024.awsdns-00.org.", "ns-1536.awsdns-00.co.uk."})
    vpc.push_back(ns_line(kZone, host));
  world.shows(Purpose::view_servers, kZone, cached(data(vpc), 60), RecordType::ns);
  CHECK(only_id(world) == "visibility-split-horizon");

  ViewWorld moved;
  moved.resolver("Google", "8.8.8.8", cached(nxdomain(kZone), 60));
  moved.shows(Purpose::view_servers, kZone, cached(data({ns_line(kZone, "ns.old.example.")}), 60),
              RecordType::ns);
  CHECK(only_id(moved) == "visibility-negative-cached");
}
