#include <algorithm>

#include "check/family.h"
#include "support/catch.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;
using observe::CaseSupport;
using observe::EdnsSupport;
using observe::Transport;

namespace {

const std::string kNs2 = "45.90.30.10";

std::vector<Finding> found(const ObservationBuilder& world) {
  std::vector<Finding> findings;
  kTransportFamily.check({world.observation, world.observation.targets.front(),
                          observe::default_profile(), Overview(world.observation)},
                         findings);
  return findings;
}

Finding only(const ObservationBuilder& world) {
  const std::vector<Finding> findings = found(world);
  REQUIRE(findings.size() == 1);
  return findings.front();
}

Reply right() {
  return data({txt_line(kProofName, kDigest)});
}

// Many values, as clean-ups that failed leave them.
Reply large() {
  Lines lines = {txt_line(kProofName, kDigest), txt_line(kProofName, "static text")};
  for (char c = 'a'; c <= 'z'; ++c) lines.push_back(txt_line(kProofName, std::string(43, c)));
  Reply reply = over_tcp(data(lines));
  reply.truncated = true;
  return reply;
}

Reply tcp_failure(Outcome outcome, bool truncated = false) {
  Reply reply = over_tcp(no_reply(outcome));
  reply.truncated = truncated;
  return reply;
}

}  // namespace

TEST_CASE("a healthy world has no transport finding") {
  CHECK(found(healthy_world()).empty());
  CHECK(found(healthy_world({})).empty());
}

TEST_CASE("UDP without TCP is a warning for the server, with the addresses") {
  for (const Outcome outcome : {Outcome::refused, Outcome::closed, Outcome::timeout}) {
    ObservationBuilder world = healthy_world();
    world.asked(Purpose::proof_tcp, kZone, kNs2, kProofName, RecordType::txt, tcp_failure(outcome));
    const Finding finding = only(world);
    CHECK(finding.id == "transport-tcp-refused");
    CHECK(finding.severity == Severity::warning);
    CHECK(finding.subject == "ns2.shop.example.");
    CHECK(finding.message == "ns2.shop.example answers over UDP, but not over TCP, at 45.90.30.10");
    REQUIRE(finding.evidence.size() == 1);
    CHECK(finding.evidence.front().server == "ns2.shop.example (45.90.30.10)");
  }
}

TEST_CASE("TCP refused is an error when the answer needs TCP and nobody else gives it") {
  ObservationBuilder world = healthy_world();
  world.proof_all(kZone, kProofName, tcp_failure(Outcome::refused, true));
  const std::vector<Finding> findings = found(world);
  REQUIRE(findings.size() == 2);
  for (const Finding& finding : findings) {
    CHECK(finding.id == "transport-tcp-refused");
    CHECK(finding.severity == Severity::error);
  }
  world.proof(kZone, "45.90.28.10", kProofName, large());
  for (const Finding& finding : found(world)) CHECK(finding.severity != Severity::error);
}

TEST_CASE("a lame server's TCP is nobody's concern") {
  ObservationBuilder world = healthy_world();
  world.always(kNs2, refused());
  world.asked(Purpose::proof_tcp, kZone, kNs2, kProofName, RecordType::txt,
              tcp_failure(Outcome::refused));
  CHECK(found(world).empty());
}

TEST_CASE("an answer that needs TCP is a notice for the name; old digests are listed for removal") {
  ObservationBuilder world = healthy_world();
  world.proof_all(kZone, kProofName, large());
  const Finding finding = only(world);
  CHECK(finding.id == "transport-truncated");
  CHECK(finding.severity == Severity::notice);
  CHECK(finding.subject == kProofName);
  CHECK(finding.arguments.at("servers") == "ns1.shop.example and ns2.shop.example");
  CHECK(finding.evidence.size() == 4);
  REQUIRE(finding.remedy.edits.size() == 1);
  const Edit& edit = finding.remedy.edits.front();
  CHECK(edit.zone == kZone);
  CHECK(edit.add.empty());
  REQUIRE(edit.remove.size() == 26);
  CHECK(edit.remove.front() == txt_line(kProofName, std::string(43, 'a')));
}

TEST_CASE("without expected values no digest is called old") {
  ObservationBuilder world = healthy_world({});
  world.proof_all(kZone, kProofName, large());
  CHECK(only(world).remedy.edits.empty());
}

TEST_CASE("an address that answers over TCP only is silent over UDP") {
  Reply tcp_only = over_tcp(right());
  tcp_only.udp_silent = true;
  ObservationBuilder world = healthy_world();
  world.always(kNs2, tcp_only);
  const Finding finding = only(world);
  CHECK(finding.id == "transport-udp-silent");
  CHECK(finding.message == "ns2.shop.example answers over TCP only, not over UDP, at 45.90.30.10");
  // One reply over UDP shows that only a packet was lost.
  world.asked(Purpose::zone_soa, kZone, kNs2, kZone, RecordType::soa, data({soa_line(kZone)}));
  CHECK(found(world).empty());
}

TEST_CASE("EDNS that is rejected or dropped is told apart") {
  for (const auto& [edns, how] :
       {std::pair{EdnsSupport::rejected, "rejects"}, std::pair{EdnsSupport::dropped, "drops"}}) {
    Reply reply = right();
    reply.edns = edns;
    ObservationBuilder world = healthy_world();
    world.always(kNs2, reply);
    const Finding finding = only(world);
    CHECK(finding.id == "transport-edns-intolerant");
    CHECK(finding.arguments.at("how") == how);
  }
  Reply lost = right();
  lost.edns = EdnsSupport::dropped;
  ObservationBuilder world = healthy_world();
  world.asked(Purpose::proof, kZone, kNs2, kProofName, RecordType::txt, lost);
  CHECK(found(world).empty());
}

TEST_CASE(
    "servers that no resolver can hear over UDP with EDNS are an error when all are like that") {
  Reply tcp_only = over_tcp(right());
  tcp_only.udp_silent = true;
  Reply deaf = right();
  deaf.edns = EdnsSupport::dropped;
  for (const Reply& reply : {tcp_only, deaf}) {
    ObservationBuilder world = healthy_world();
    for (const std::string& address : world.addresses(kZone)) world.always(address, reply);
    const std::vector<Finding> findings = found(world);
    REQUIRE(findings.size() == 2);
    for (const Finding& finding : findings) CHECK(finding.severity == Severity::error);
  }
}

TEST_CASE("silence over TCP to queries with EDNS is not taken for a closed port") {
  Reply deaf = right();
  deaf.edns = EdnsSupport::dropped;
  ObservationBuilder world = healthy_world();
  world.always(kNs2, deaf);
  world.asked(Purpose::proof_tcp, kZone, kNs2, kProofName, RecordType::txt,
              tcp_failure(Outcome::timeout));
  CHECK(only(world).id == "transport-edns-intolerant");
}

TEST_CASE("letters that change are a warning, and an error when the servers disagree") {
  Reply changed = right();
  changed.letter_case = CaseSupport::changed;
  ObservationBuilder world = healthy_world();
  world.proof(kZone, kNs2, kProofName, changed);
  CHECK(only(world).id == "transport-case-not-kept");
  CHECK(only(world).severity == Severity::warning);
  world.proof(kZone, "45.90.28.10", kProofName, nxdomain(kZone));
  CHECK(only(world).severity == Severity::error);
}

TEST_CASE("wrong ids count when nothing right came, or often") {
  Reply never = silent();
  never.mismatched = 2;
  ObservationBuilder world = healthy_world();
  world.always(kNs2, never);
  const Finding finding = only(world);
  CHECK(finding.id == "transport-mismatched-replies");
  CHECK(finding.subject == "ns2.shop.example.");

  Reply stray = right();
  stray.mismatched = 1;
  ObservationBuilder noisy = healthy_world();
  noisy.asked(Purpose::proof, kZone, kNs2, kProofName, RecordType::txt, stray);
  noisy.asked(Purpose::proof_again, kZone, kNs2, kProofName, RecordType::txt, stray);
  CHECK(found(noisy).empty());
  noisy.asked(Purpose::proof_tcp, kZone, kNs2, kProofName, RecordType::txt, stray);
  CHECK(only(noisy).id == "transport-mismatched-replies");
  CHECK(only(noisy).arguments.at("count") == "3");
}

TEST_CASE("replies that are no DNS, or break its format, are told with the fault") {
  ObservationBuilder world = healthy_world();
  world.always(kNs2, no_reply(Outcome::malformed, "the reply could not be read: too short"));
  CHECK(only(world).id == "transport-malformed");
  CHECK(only(world).arguments.at("fault") == "too short");

  Reply faulty = right();
  faulty.faults = {"3 bytes left over"};
  ObservationBuilder other = healthy_world();
  other.proof(kZone, kNs2, kProofName, faulty);
  CHECK(only(other).message ==
        "ns2.shop.example sends replies that are not well-formed DNS: 3 bytes left over");
}

TEST_CASE("a machine without IPv6 blames no server") {
  ObservationBuilder world = healthy_world();
  for (const std::string address : {"2a07:a8c0::10", "2a07:a8c1::10"})
    world.always(address, no_reply(Outcome::unreachable));
  const Finding finding = only(world);
  CHECK(finding.id == "transport-ipv6-unavailable");
  CHECK(finding.severity == Severity::info);
  CHECK(finding.affects == Affects::client);
  CHECK(finding.subject == kProofName);
  CHECK(finding.arguments.at("addresses") == "2a07:a8c0::10, 2a07:a8c1::10");
}

TEST_CASE("IPv6 that answers anywhere works") {
  ObservationBuilder world = healthy_world();
  world.always("2a07:a8c1::10", no_reply(Outcome::unreachable));
  CHECK(found(world).empty());
}

TEST_CASE("a server that is silent over both families says nothing about IPv6 here") {
  ObservationBuilder world = healthy_world();
  for (const std::string& address : world.addresses(kZone)) world.always(address, silent());
  CHECK(found(world).empty());
}

TEST_CASE("silence of every root server is told as a missing network") {
  ObservationBuilder world;
  world.target("app.shop.example").step(kProofName, ".", StepEnd::no_usable_reply);
  world.asked(Purpose::delegation, ".", "198.41.0.4", kProofName, RecordType::txt, silent());
  const Finding finding = only(world);
  CHECK(finding.id == "transport-no-network");
  CHECK(finding.severity == Severity::error);
  CHECK(finding.affects == Affects::client);
  CHECK(finding.message ==
        "No root server answered, addresses asked: 1; nothing can be told from here");
}

TEST_CASE("every limit that was reached is told") {
  ObservationBuilder world = healthy_world();
  world.observation.stats.limits = {"names visited: 200", "aliases in one chain: 16"};
  const std::vector<Finding> findings = found(world);
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].message == "The walk was cut short: names visited: 200");
  CHECK(findings[1].id == "transport-limit-reached");
  CHECK(findings[1].remedy.action.starts_with("Shorten what leads to the name: "));
  world.observation.stats.limits = {"the run's time-out of 30 s was reached"};
  CHECK(found(world).front().remedy.action ==
        "Run it again with a longer --timeout, or with fewer names at once.");
}

namespace {

// A world in which the root servers at these addresses answered as a resolver does.
ObservationBuilder roots_like_resolvers(const std::vector<std::string>& addresses) {
  ObservationBuilder world;
  world.zone(".", ".", false).server("b.root-servers.net.", {"170.247.170.2", "2801:1b8:10::b"});
  world.target("app.shop.example").step(kProofName, ".", StepEnd::no_usable_reply);
  Reply reply = data({ns_line("example.", "a.nic.example.")});
  reply.authoritative = false;
  for (const std::string& address : addresses) {
    const auto id =
        world.asked(Purpose::delegation, ".", address, "example.", RecordType::ns, reply);
    world.observation.exchanges[id].reply->recursion_available = true;
  }
  return world;
}

Reply referral_to_example() {
  return referral({ns_line("example.", "a.nic.example.")},
                  {"a.nic.example. 3600 IN A 194.0.25.29"});
}

}  // namespace

TEST_CASE("two root servers that answer as resolvers do: port 53 is intercepted") {
  const Finding finding = only(roots_like_resolvers({"198.41.0.4", "170.247.170.2"}));
  CHECK(finding.id == "transport-intercepted");
  CHECK(finding.severity == Severity::error);
  CHECK(finding.affects == Affects::client);
  CHECK(finding.subject == kProofName);
  CHECK(finding.message ==
        "Port 53 is intercepted here, nothing can be told of the domain's servers: root servers "
        "answer as a resolver does at 2 addresses (RA set, AA missing)");
  CHECK(finding.evidence.size() == 2);
  CHECK(finding.remedy.action ==
        "Run it on a network that lets port 53 through to the servers asked.");
}

TEST_CASE("one root server with RA may be ill, at however many addresses") {
  CHECK(found(roots_like_resolvers({"198.41.0.4"})).empty());
  CHECK(found(roots_like_resolvers({"170.247.170.2", "2801:1b8:10::b"})).empty());
}

TEST_CASE("one root server that answers as it should speaks against interception") {
  ObservationBuilder world = roots_like_resolvers({"198.41.0.4", "170.247.170.2"});
  world.asked(Purpose::delegation, ".", "2801:1b8:10::b", "example.", RecordType::ns,
              referral_to_example());
  CHECK(found(world).empty());
  world.asked(Purpose::delegation, ".", "2801:1b8:10::b", "example.", RecordType::ns,
              over_tcp(referral_to_example()));  // TCP is often let through
  CHECK(only(world).id == "transport-intercepted");
}

TEST_CASE("a root server that refers with RA set is none the worse for it") {
  ObservationBuilder world = healthy_world();
  for (observe::Exchange& each : world.observation.exchanges)
    if (each.reply) each.reply->recursion_available = true;
  CHECK(found(world).empty());
}

TEST_CASE("an answer from an address where no server can be proves it") {
  ObservationBuilder world = roots_like_resolvers({"198.41.0.4"});
  world.asked(Purpose::delegation, ".", "2801:1b8:10::b", "example.", RecordType::ns,
              referral_to_example());
  world.asked(Purpose::unused_address, ".", "192.0.2.1", ".", RecordType::ns, silent());
  CHECK(found(world).empty());
  world.asked(Purpose::unused_address, ".", "192.0.2.1", ".", RecordType::ns, servfail());
  const Finding finding = only(world);
  CHECK(finding.message ==
        "Port 53 is intercepted here, nothing can be told of the domain's servers: root servers "
        "answer as a resolver does at 1 address (RA set, AA missing), and an answer came from "
        "192.0.2.1, where no server can be");
  CHECK(finding.evidence.front().server == "no server (192.0.2.1)");
  CHECK(finding.remedy.action ==
        "Run it on a network that lets port 53 through to the servers asked, or with -6.");
}
