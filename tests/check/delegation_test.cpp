// The delegation checks over hand-made observations: exact findings and exact zone edits.
#include "check/delegation_findings.h"

namespace {

using namespace dcv;
using namespace dcv::testing;
using check::Finding;
using check::Severity;

// The edits as docs/lab.md writes them.
Lines edits(const Finding& finding) {
  Lines lines;
  for (const check::Edit& edit : finding.remedy.edits) {
    lines.push_back("zone " + edit.zone + (edit.server.empty() ? "" : " server " + edit.server));
    for (const std::string& line : edit.remove) lines.push_back("- " + line);
    for (const std::string& line : edit.add) lines.push_back("+ " + line);
  }
  return lines;
}

const Lines kNs1 = {"45.90.28.10", "2a07:a8c0::10"};
const Lines kNs2 = {"45.90.30.10", "2a07:a8c1::10"};

ObservationBuilder world_where(const Lines& addresses, const Reply& reply) {
  ObservationBuilder world = healthy_world();
  for (const std::string& address : addresses) world.always(address, reply);
  return world;
}

ObservationBuilder& host_asked(ObservationBuilder& world, const std::string& host, RecordType type,
                               const Reply& reply) {
  world.asked(Purpose::address, kZone, "45.90.28.10", host, type, reply);
  return world;
}

}  // namespace

TEST_CASE("a healthy delegation has no findings") {
  CHECK(told(healthy_world()) == Lines{});
}

TEST_CASE("a server that refuses the zone is lame, and the remedy takes it out of both NS sets") {
  const Finding finding = only(world_where(kNs2, refused()));
  CHECK(finding.id == "delegation-server-lame");
  CHECK(finding.subject == "ns2.shop.example.");
  CHECK(finding.severity == Severity::warning);
  CHECK(finding.message ==
        "ns2.shop.example (45.90.30.10 and 2a07:a8c1::10) is listed as a server of shop.example "
        "but does not serve it: REFUSED to TXT questions");
  CHECK(finding.evidence.size() == 2);
  CHECK(edits(finding) == Lines{"zone example.", "- shop.example. 3600 IN NS ns2.shop.example.",
                                "zone shop.example.",
                                "- shop.example. 3600 IN NS ns2.shop.example."});
}

TEST_CASE("a server lame at one of its addresses only stays in the NS sets") {
  const Finding finding = only(world_where({"45.90.30.10"}, servfail()));
  CHECK(finding.id == "delegation-server-lame");
  CHECK(finding.arguments.at("addresses") == "45.90.30.10");
  CHECK(edits(finding) == Lines{});
}

TEST_CASE("a server that fails only for the proof is lame all the same") {
  ObservationBuilder world = healthy_world();
  for (const std::string& address : kNs2) world.proof(kZone, address, kProofName, servfail());
  CHECK(told(world) == Lines{"delegation-server-lame ns2.shop.example."});
}

TEST_CASE("a server that refuses its SOA but gives the proof is good enough") {
  ObservationBuilder world = healthy_world();
  world.asked(Purpose::zone_soa, kZone, "45.90.30.10", kZone, RecordType::soa, refused());
  CHECK(told(world) == Lines{});
}

TEST_CASE("all servers lame is one error about the zone") {
  ObservationBuilder world = world_where(kNs1, refused());
  for (const std::string& address : kNs2) world.always(address, servfail());
  const Finding finding = only(world);
  CHECK(finding.id == "delegation-all-lame");
  CHECK(finding.subject == "shop.example.");
  CHECK(finding.severity == Severity::error);
  CHECK(finding.arguments.at("reasons") ==
        "REFUSED to TXT questions and SERVFAIL to TXT questions");
}

TEST_CASE("lame and silent servers together are all unreachable") {
  ObservationBuilder world = world_where(kNs1, refused());
  for (const std::string& address : kNs2) world.always(address, silent());
  const Finding finding = only(world);
  CHECK(finding.id == "delegation-all-unreachable");
  CHECK(finding.severity == Severity::error);
  CHECK(finding.remedy.action ==
        "Load the zone shop.example on its servers, or change the NS records in the parent zone "
        "example to the servers that have it.");
}

TEST_CASE("a silent server is unreachable while others answer") {
  const Finding finding = only(world_where(kNs2, silent()));
  CHECK(finding.id == "delegation-server-unreachable");
  CHECK(finding.subject == "ns2.shop.example.");
  CHECK(finding.arguments.at("addresses") == "45.90.30.10 and 2a07:a8c1::10");
  CHECK(finding.arguments.at("reason") == "no reply in time");
  CHECK(edits(finding).size() == 4);
}

TEST_CASE("a server silent over IPv6 only has dead IPv6, and the remedy drops its AAAA records") {
  ObservationBuilder world = world_where({"2a07:a8c1::10"}, no_reply(Outcome::unreachable));
  host_asked(world, "ns2.shop.example.", RecordType::aaaa,
             data({"ns2.shop.example. 600 IN AAAA 2a07:a8c1::10"}));
  const Finding finding = only(world);
  CHECK(finding.id == "delegation-ipv6-dead");
  CHECK(edits(finding) == Lines{"zone example.", "- ns2.shop.example. 3600 IN AAAA 2a07:a8c1::10",
                                "zone shop.example.",
                                "- ns2.shop.example. 600 IN AAAA 2a07:a8c1::10"});
}

TEST_CASE("a server silent over IPv4 only is unreachable") {
  const Finding finding = only(world_where({"45.90.30.10"}, silent()));
  CHECK(finding.id == "delegation-server-unreachable");
  CHECK(finding.arguments.at("addresses") == "45.90.30.10");
}

TEST_CASE("without IPv6 on this machine no server is blamed for it") {
  CHECK(told(world_where({"2a07:a8c0::10", "2a07:a8c1::10"}, silent())) == Lines{});
}

TEST_CASE("what was not asked, was garbled or was cut short makes no server unreachable") {
  CHECK(told(world_where(kNs2, no_reply(Outcome::not_asked))) == Lines{});
  CHECK(told(world_where(kNs2, no_reply(Outcome::malformed))) == Lines{});
  Reply mismatched = silent();
  mismatched.mismatched = 3;
  CHECK(told(world_where(kNs2, mismatched)) == Lines{});
  Reply truncated = no_reply(Outcome::refused);
  truncated.truncated = true;
  CHECK(told(world_where(kNs2, truncated)) == Lines{});
}

TEST_CASE("servers of another zone are told as such and not as lame") {
  Reply denial = nxdomain("app.example.");
  ObservationBuilder world = world_where(kNs1, denial);
  for (const std::string& address : kNs2) world.always(address, denial);
  const Finding finding = only(world);
  CHECK(finding.id == "delegation-wrong-zone");
  CHECK(finding.subject == "shop.example.");
  CHECK(finding.severity == Severity::error);
  CHECK(finding.arguments.at("other") == "app.example");
}

TEST_CASE("a wrong zone beside right ones is a warning") {
  const Finding finding = only(world_where(kNs2, nxdomain("example.")));
  CHECK(finding.id == "delegation-wrong-zone");
  CHECK(finding.severity == Severity::warning);
}

TEST_CASE("a wrong zone that gives the proof by luck is a warning") {
  ObservationBuilder world = healthy_world();
  world.asked_all(Purpose::zone_soa, kZone, kZone, RecordType::soa, nodata("example."));
  const Finding finding = only(world);
  CHECK(finding.id == "delegation-wrong-zone");
  CHECK(finding.severity == Severity::warning);
}

TEST_CASE("a server only in the parent's list is taken out there") {
  ObservationBuilder world = healthy_world();
  world.server_at(kZone, "ns2.shop.example.").in_child = false;
  const Finding finding = only(world);
  CHECK(finding.id == "delegation-ns-sets-differ");
  CHECK(finding.arguments.at("only_parent") == "ns2.shop.example");
  CHECK(finding.arguments.at("only_child") == "none");
  CHECK(edits(finding) == Lines{"zone example.", "- shop.example. 3600 IN NS ns2.shop.example."});
}

TEST_CASE("a server only in the zone's list is added at the parent with its glue") {
  ObservationBuilder world = healthy_world();
  observe::NameServer& ns2 = world.server_at(kZone, "ns2.shop.example.");
  ns2.in_parent = false;
  ns2.glue.clear();
  const Finding finding = only(world);
  CHECK(finding.id == "delegation-ns-sets-differ");
  CHECK(edits(finding) == Lines{"zone example.", "+ shop.example. 3600 IN NS ns2.shop.example.",
                                "+ ns2.shop.example. 3600 IN A 45.90.30.10",
                                "+ ns2.shop.example. 3600 IN AAAA 2a07:a8c1::10"});
}

TEST_CASE("a lame server on one side only is taken out and never added to the other side") {
  for (const bool at_parent : {true, false}) {
    ObservationBuilder world = world_where(kNs2, refused());
    observe::NameServer& ns2 = world.server_at(kZone, "ns2.shop.example.");
    ns2.in_parent = at_parent;
    ns2.in_child = !at_parent;
    const auto found = findings(world);
    REQUIRE(found.size() == 2);
    CHECK(found[0].id == "delegation-server-lame");
    CHECK(edits(found[0]) == Lines{at_parent ? "zone example." : "zone shop.example.",
                                   "- shop.example. 3600 IN NS ns2.shop.example."});
    CHECK(found[1].id == "delegation-ns-sets-differ");
    CHECK(edits(found[1]) == (at_parent ? edits(found[0]) : Lines{}));
  }
}

TEST_CASE("NS sets without a common server point to the old provider") {
  ObservationBuilder world = healthy_world();
  world.server_at(kZone, "ns1.shop.example.").in_child = false;
  world.server_at(kZone, "ns2.shop.example.").in_parent = false;
  CHECK(told(world) == Lines{"delegation-old-provider shop.example."});
}

TEST_CASE("a zone whose servers did not tell their NS set has no difference") {
  ObservationBuilder world = healthy_world();
  world.server_at(kZone, "ns1.shop.example.").in_child = false;
  world.server_at(kZone, "ns2.shop.example.").in_child = false;
  CHECK(told(world) == Lines{});
}

TEST_CASE("parent servers that delegate differently are told, with the edit for the one behind") {
  ObservationBuilder world = healthy_world();
  world.zone("example.", ".").server("b.nic.example.", {"45.90.0.2"});
  world.delegated(kZone, "45.90.0.2", referral({ns_line(kZone, "ns1.shop.example.")}));
  const Finding finding = only(world);
  CHECK(finding.id == "delegation-parents-differ");
  CHECK(
      finding.arguments.at("sets") ==
      "b.nic.example to ns1.shop.example; a.nic.example to ns1.shop.example and ns2.shop.example");
  CHECK(edits(finding) == Lines{"zone example. server b.nic.example.",
                                "+ shop.example. 3600 IN NS ns2.shop.example."});
}

TEST_CASE("a parent server that denies the delegation differs from the others") {
  ObservationBuilder world = healthy_world();
  world.zone("example.", ".").server("b.nic.example.", {"45.90.0.2"});
  world.asked(Purpose::delegation, "example.", "45.90.0.2", kZone, RecordType::ns,
              nxdomain("example."));
  CHECK(told(world) == Lines{"delegation-parents-differ shop.example."});
}

TEST_CASE("glue with another address than the host's own zone is replaced") {
  ObservationBuilder world = healthy_world();
  world.server_at(kZone, "ns2.shop.example.").addresses = {dns::IpAddress::of("45.90.34.10"),
                                                           dns::IpAddress::of("2a07:a8c1::10")};
  host_asked(world, "ns2.shop.example.", RecordType::a,
             data({"ns2.shop.example. 600 IN A 45.90.34.10"}));
  const Finding finding = only(world);
  CHECK(finding.id == "delegation-glue-differs");
  CHECK(finding.arguments.at("glue") == "45.90.30.10");
  CHECK(finding.arguments.at("addresses") == "45.90.34.10");
  CHECK(edits(finding) == Lines{"zone example.", "- ns2.shop.example. 3600 IN A 45.90.30.10",
                                "+ ns2.shop.example. 3600 IN A 45.90.34.10"});
}

TEST_CASE("a family that the glue leaves out is no difference") {
  ObservationBuilder world = healthy_world();
  world.server_at(kZone, "ns2.shop.example.").glue = {dns::IpAddress::of("45.90.30.10")};
  host_asked(world, "ns2.shop.example.", RecordType::aaaa,
             data({"ns2.shop.example. 600 IN AAAA 2a07:a8c1::10"}));
  CHECK(told(world) == Lines{});
}

TEST_CASE("a family that was not heard of is no difference") {
  ObservationBuilder world = healthy_world();
  world.server_at(kZone, "ns2.shop.example.").addresses = {dns::IpAddress::of("45.90.30.10")};
  CHECK(told(world) == Lines{});
}

TEST_CASE("a server within the zone without glue needs its addresses at the parent") {
  ObservationBuilder world = healthy_world();
  world.server_at(kZone, "ns2.shop.example.").glue.clear();
  const Finding finding = only(world);
  CHECK(finding.id == "delegation-glue-missing");
  CHECK(finding.severity == Severity::warning);
  CHECK(edits(finding) == Lines{"zone example.", "+ ns2.shop.example. 3600 IN A 45.90.30.10",
                                "+ ns2.shop.example. 3600 IN AAAA 2a07:a8c1::10"});
  CHECK(finding.remedy.action ==
        "Add the addresses of ns2.shop.example as glue to the parent zone example.");
}

TEST_CASE("a zone none of whose servers has an address is an error each") {
  ObservationBuilder world = healthy_world();
  for (const char* host : {"ns1.shop.example.", "ns2.shop.example."}) {
    observe::NameServer& server = world.server_at(kZone, host);
    server.glue.clear();
    server.addresses.clear();
    server.in_child = false;
    server.state = observe::HostState::circular;
  }
  const auto found = findings(world);
  REQUIRE(found.size() == 2);
  CHECK(found[0].id == "delegation-glue-missing");
  CHECK(found[0].severity == Severity::error);
  CHECK(found[1].subject == "ns2.shop.example.");
}

TEST_CASE("two zones that need each other for their servers' addresses need a server elsewhere") {
  ObservationBuilder world = healthy_world();
  world.zone(kZone, "example.").server("ns.other.net.", {});
  world.server_at(kZone, "ns.other.net.").state = observe::HostState::circular;
  const Finding finding = only(world);
  CHECK(finding.id == "delegation-server-without-address");
  CHECK(finding.remedy.action ==
        "List a server of shop.example whose address can be found without shop.example itself, in "
        "the zone and in the parent zone example.");
}

TEST_CASE("a host whose own servers are silent is not taken for one that needs itself") {
  ObservationBuilder world = healthy_world();
  world.zone(kZone, "example.").server("ns.other.net.", {});
  world.server_at(kZone, "ns.other.net.").state = observe::HostState::circular;
  host_asked(world, "ns.other.net.", RecordType::a, silent());
  CHECK(only(world).arguments.at("reason") == "nothing usable came on the way to it");
}

TEST_CASE("a server that does not exist is taken out, unless our own limits hid it") {
  ObservationBuilder world = healthy_world();
  world.zone(kZone, "example.").server("ns.gone.net.", {});
  observe::NameServer& gone = world.server_at(kZone, "ns.gone.net.");
  gone.state = observe::HostState::nxdomain;
  const Finding finding = only(world);
  CHECK(finding.id == "delegation-server-without-address");
  CHECK(finding.subject == "ns.gone.net.");
  CHECK(finding.arguments.at("reason") == "the name does not exist");
  CHECK(edits(finding) == Lines{"zone example.", "- shop.example. 3600 IN NS ns.gone.net.",
                                "zone shop.example.", "- shop.example. 3600 IN NS ns.gone.net."});
  gone.state = observe::HostState::unresolved;
  CHECK(told(world) == Lines{"delegation-server-without-address ns.gone.net."});
  world.observation.stats.limits = {"questions in one run: 4000"};
  CHECK(told(world) == Lines{});
}

TEST_CASE("glue for a host that its own zone lacks is copied into the zone") {
  ObservationBuilder world = healthy_world();
  observe::NameServer& ns2 = world.server_at(kZone, "ns2.shop.example.");
  ns2.addresses.clear();
  ns2.state = observe::HostState::nxdomain;
  const Finding finding = only(world);
  CHECK(finding.id == "delegation-server-without-address");
  CHECK(edits(finding) == Lines{"zone shop.example.", "+ ns2.shop.example. 3600 IN A 45.90.30.10",
                                "+ ns2.shop.example. 3600 IN AAAA 2a07:a8c1::10"});
}

TEST_CASE("an alias in the NS sets gives way to its target") {
  ObservationBuilder world = healthy_world();
  observe::NameServer& ns2 = world.server_at(kZone, "ns2.shop.example.");
  ns2.state = observe::HostState::alias;
  ns2.alias_target = dns::Name::of("dns.hoster.net.");
  const Finding finding = only(world);
  CHECK(finding.id == "delegation-server-is-alias");
  CHECK(finding.arguments.at("target") == "dns.hoster.net");
  CHECK(edits(finding) == Lines{"zone example.", "- shop.example. 3600 IN NS ns2.shop.example.",
                                "+ shop.example. 3600 IN NS dns.hoster.net.", "zone shop.example.",
                                "- shop.example. 3600 IN NS ns2.shop.example.",
                                "+ shop.example. 3600 IN NS dns.hoster.net."});
}

TEST_CASE("a private address is told, and is an error when the zone has no other") {
  ObservationBuilder world = healthy_world();
  const std::vector<dns::IpAddress> inner = {dns::IpAddress::of("10.20.30.10")};
  observe::NameServer& ns2 = world.server_at(kZone, "ns2.shop.example.");
  ns2.glue = ns2.addresses = inner;
  const Finding finding = only(world);
  CHECK(finding.id == "delegation-private-address");
  CHECK(finding.severity == Severity::warning);
  CHECK(finding.arguments.at("addresses") == "10.20.30.10");
  CHECK(edits(finding).size() == 4);
  observe::NameServer& ns1 = world.server_at(kZone, "ns1.shop.example.");
  ns1.glue = ns1.addresses = {dns::IpAddress::of("10.20.28.10")};
  const auto found = findings(world);
  REQUIRE(found.size() == 2);
  CHECK(found[0].severity == Severity::error);
  CHECK(edits(found[0]) == Lines{});
}

TEST_CASE("a denial without SOA is told of the server that gave it") {
  ObservationBuilder world = healthy_world();
  Reply bare = nxdomain(kZone);
  bare.authority.clear();
  world.asked(Purpose::control, kZone, "45.90.30.10", kControlName, RecordType::txt, bare);
  const Finding finding = only(world);
  CHECK(finding.id == "delegation-soa-missing");
  CHECK(finding.subject == "ns2.shop.example.");
  CHECK(finding.arguments.at("addresses") == "45.90.30.10");
  CHECK(finding.affects == check::Affects::client);  // the proof is there

  world.asked_all(Purpose::caa, kZone, kZone, RecordType::caa, bare);
  REQUIRE(findings(world).size() == 2);
  for (const Finding& each : findings(world)) CHECK(each.affects == check::Affects::ca);
}

TEST_CASE("a denial of the proof without SOA is in the CA's way") {
  ObservationBuilder world = healthy_world();
  Reply bare = nxdomain(kZone);
  bare.authority.clear();
  world.proof_all(kZone, kProofName, bare);
  for (const Finding& finding : findings(world)) {
    CHECK(finding.id == "delegation-soa-missing");
    CHECK(finding.affects == check::Affects::ca);
  }
}

TEST_CASE("answers without authority are told, and no server is lame for them") {
  ObservationBuilder world = healthy_world();
  Reply stray = data({txt_line(kProofName, kDigest)});
  stray.authoritative = false;
  for (const std::string& address : kNs2) world.proof(kZone, address, kProofName, stray);
  const Finding finding = only(world);
  CHECK(finding.id == "delegation-not-authoritative");
  CHECK(finding.subject == "ns2.shop.example.");
  CHECK(edits(finding).size() == 4);
}

TEST_CASE("a dead server of two zones on the way is told once, with the edits of both") {
  ObservationBuilder world = healthy_world();
  world.zone("app.shop.example.", kZone)
      .server("ns1.shop.example.", {"45.90.28.10"})
      .server("ns2.shop.example.", {"45.90.30.10", "2a07:a8c1::10"});
  world.observation.targets.front().steps.front().zone = dns::Name::of("app.shop.example.");
  world.healthy_zone("app.shop.example.");
  for (const std::string& address : kNs2) world.always(address, silent());
  CHECK(only(world).remedy.edits.size() == 4);
}

TEST_CASE("twenty servers without an address are told once") {
  ObservationBuilder world = healthy_world();
  auto& servers = world.zone_at(kZone).servers;
  servers.clear();
  world.zone(kZone, "example.");
  for (int i = 10; i < 30; ++i) {
    const std::string host = "ns" + std::to_string(i) + ".gone.net.";
    world.server(host, {});
    world.server_at(kZone, host).state = observe::HostState::nxdomain;
  }
  const Finding finding = only(world);
  CHECK(finding.id == "delegation-server-without-address");
  CHECK(finding.severity == Severity::error);
  CHECK(finding.subject == kZone);
  CHECK(finding.message ==
        "each of ns10.gone.net, ns11.gone.net, ns12.gone.net and 17 more, listed as a server of "
        "shop.example, has no address: the name does not exist");
}

TEST_CASE("glue of a family that the host's own zone has not is taken out") {
  ObservationBuilder world = healthy_world();
  world.server_at(kZone, "ns2.shop.example.").addresses = {dns::IpAddress::of("45.90.30.10")};
  host_asked(world, "ns2.shop.example.", RecordType::aaaa, nodata(kZone));
  const Finding finding = only(world);
  CHECK(finding.id == "delegation-glue-differs");
  CHECK(finding.remedy.action ==
        "Take 2a07:a8c1::10 out of the glue of ns2.shop.example in the parent zone example, or add "
        "it to the zone of ns2.shop.example.");
  CHECK(edits(finding) == Lines{"zone example.", "- ns2.shop.example. 3600 IN AAAA 2a07:a8c1::10"});
}
