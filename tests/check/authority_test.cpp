#include "check/family.h"
#include "support/catch.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;

namespace {

constexpr const char* kNs1V4 = "45.90.28.10";
constexpr const char* kNs1V6 = "2a07:a8c0::10";
constexpr const char* kNs2V4 = "45.90.30.10";
constexpr const char* kNs2V6 = "2a07:a8c1::10";

std::vector<Finding> judge(const ObservationBuilder& world) {
  std::vector<Finding> findings;
  kAuthorityFamily.check({world.observation, world.observation.targets.front(),
                          observe::default_profile(), Overview(world.observation)},
                         findings);
  return findings;
}

Finding only(const std::vector<Finding>& findings) {
  REQUIRE(findings.size() == 1);
  return findings.front();
}

Reply txt(const std::vector<std::string>& values) {
  Lines lines;
  for (const std::string& value : values) lines.push_back(txt_line(kProofName, value, 30));
  return data(lines);
}

ObservationBuilder& gives(ObservationBuilder& world, const std::vector<std::string>& addresses,
                          const Reply& reply) {
  for (const std::string& address : addresses) world.proof(kZone, address, kProofName, reply);
  return world;
}

ObservationBuilder& serial(ObservationBuilder& world, const std::vector<std::string>& addresses,
                           int number) {
  for (const std::string& address : addresses)
    world.asked(Purpose::zone_soa, kZone, address, kZone, RecordType::soa,
                data({soa_line(kZone, number)}));
  return world;
}

}  // namespace

TEST_CASE("servers that agree leave the authority family silent") {
  CHECK(judge(healthy_world()).empty());
  ObservationBuilder world = healthy_world({});
  gives(world, {kNs1V4, kNs1V6}, nxdomain(kZone));
  gives(world, {kNs2V4, kNs2V6}, nodata(kZone));
  CHECK(judge(world).empty());  // there is no TXT at either
}

TEST_CASE("a server without the expected value gets the line of the others") {
  ObservationBuilder world = healthy_world();
  gives(world, {kNs1V4, kNs1V6}, txt({kDigest}));
  gives(world, {kNs2V4, kNs2V6}, nxdomain(kZone));
  serial(world, {kNs1V4, kNs1V6}, 2);
  const Finding finding = only(judge(world));
  CHECK(finding.id == "authority-txt-differs");
  CHECK(finding.severity == Severity::warning);
  CHECK(finding.subject == kProofName);
  CHECK(finding.arguments.at("lagging") == "ns2.shop.example");
  CHECK(finding.message == "Servers of zone shop.example give different data for " +
                               kProofName.substr(0, kProofName.size() - 1) +
                               ": NXDOMAIN at ns2.shop.example, TXT \"" + kDigest +
                               "\" at ns1.shop.example");
  CHECK(finding.arguments.at("saw") == "NXDOMAIN");
  CHECK(finding.arguments.at("reference") == "TXT \"" + kDigest + "\"");
  REQUIRE(finding.evidence.size() == 4);
  CHECK(finding.evidence[0].server == "ns2.shop.example (45.90.30.10)");
  CHECK(finding.evidence[1].server == "ns1.shop.example (45.90.28.10)");
  REQUIRE(finding.remedy.edits.size() == 1);
  const Edit& edit = finding.remedy.edits[0];
  CHECK(edit.zone == kZone);
  CHECK(edit.server == "ns2.shop.example.");
  CHECK(edit.remove.empty());
  REQUIRE(edit.add.size() == 1);
  CHECK(edit.add[0] == dns::zone_line(dns::make_txt(dns::Name::of(kProofName), 30, kDigest)));
}

TEST_CASE("of many values the expected one is told first") {
  ObservationBuilder world = healthy_world();
  gives(world, {kNs1V4, kNs1V6}, txt({"a", "b", "c", kDigest}));
  gives(world, {kNs2V4, kNs2V6}, txt({"a", "b"}));
  const Finding finding = only(judge(world));
  CHECK(finding.arguments.at("reference") == "TXT \"" + kDigest + "\" and 3 more");
  CHECK(finding.arguments.at("saw") == "TXT \"a\", \"b\"");
}

TEST_CASE("without expectation the server with the older serial gets the newer data") {
  ObservationBuilder world = healthy_world({});
  gives(world, {kNs1V4, kNs1V6}, txt({kOtherDigest}));
  gives(world, {kNs2V4, kNs2V6}, txt({kDigest}));
  serial(world, {kNs1V4, kNs1V6}, 1);
  serial(world, {kNs2V4, kNs2V6}, 2);
  const Finding finding = only(judge(world));
  REQUIRE(finding.remedy.edits.size() == 1);
  CHECK(finding.remedy.edits[0].server == "ns1.shop.example.");
  REQUIRE(finding.remedy.edits[0].remove.size() == 1);
  CHECK(finding.remedy.edits[0].remove[0].find(kOtherDigest) != std::string::npos);
  REQUIRE(finding.remedy.edits[0].add.size() == 1);
  CHECK(finding.remedy.edits[0].add[0].find(kDigest) != std::string::npos);
}

TEST_CASE("serials are compared as RFC 1982 asks: after the largest comes zero") {
  ObservationBuilder world = healthy_world({});
  gives(world, {kNs1V4, kNs1V6}, nxdomain(kZone));
  serial(world, {kNs1V4, kNs1V6}, 5);
  serial(world, {kNs2V4, kNs2V6}, 5);
  for (const char* address : {kNs1V4, kNs1V6}) {
    const std::string old = kZone + " 3600 IN SOA a. b. 4294967290 7200 900 1209600 300";
    world.asked(Purpose::zone_soa, kZone, address, kZone, RecordType::soa, data({old}));
  }
  const Finding finding = only(judge(world));
  CHECK(finding.id == "authority-txt-differs");
  CHECK(finding.remedy.edits.at(0).server == "ns1.shop.example.");
}

TEST_CASE("equal serials with different data are told as such") {
  ObservationBuilder world = healthy_world();
  gives(world, {kNs2V4, kNs2V6}, nodata(kZone));
  const Finding finding = only(judge(world));
  CHECK(finding.id == "authority-serial-same-data-differs");
  CHECK(finding.arguments.at("serial") == "1");
  CHECK(finding.remedy.edits.at(0).server == "ns2.shop.example.");
}

TEST_CASE("one address of a server that differs blames that address") {
  ObservationBuilder world = healthy_world();
  gives(world, {kNs1V6}, nxdomain(kZone));
  serial(world, {kNs1V6}, 7);
  const Finding finding = only(judge(world));
  CHECK(finding.id == "authority-addresses-differ");
  CHECK(finding.arguments.at("lagging") == "ns1.shop.example (2a07:a8c0::10)");
  CHECK(finding.remedy.edits.empty());
}

TEST_CASE("addresses that share no data with another server are a difference of servers") {
  ObservationBuilder world = healthy_world({});
  gives(world, {kNs1V6}, nxdomain(kZone));
  gives(world, {kNs2V4, kNs2V6}, txt({kOtherDigest}));
  CHECK(only(judge(world)).id == "authority-serial-same-data-differs");
}

TEST_CASE("different answers from one address come before all other differences") {
  ObservationBuilder world = healthy_world();
  gives(world, {kNs1V6}, nxdomain(kZone));
  world.asked(Purpose::proof_again, kZone, kNs2V4, kProofName, RecordType::txt, nxdomain(kZone));
  const Finding finding = only(judge(world));
  CHECK(finding.id == "authority-answers-alternate");
  CHECK(finding.arguments.at("lagging") == "ns2.shop.example (45.90.30.10)");
  CHECK(finding.arguments.at("saw") == "TXT \"" + kDigest + "\"");
  CHECK(finding.arguments.at("reference") == "NXDOMAIN");
  CHECK(finding.evidence.size() == 3);
}

TEST_CASE("another order of the same values is no difference") {
  ObservationBuilder world = healthy_world({});
  gives(world, {kNs1V4, kNs1V6}, txt({kDigest, kOtherDigest}));
  gives(world, {kNs2V4, kNs2V6}, txt({kOtherDigest, kDigest}));
  CHECK(judge(world).empty());
}

TEST_CASE("a difference in further values is a notice when all have the expected one") {
  ObservationBuilder world = healthy_world();
  gives(world, {kNs2V4, kNs2V6}, txt({kDigest, kOtherDigest}));
  const Finding finding = only(judge(world));
  CHECK(finding.severity == Severity::notice);
  CHECK(finding.affects == Affects::hygiene);
  CHECK(finding.remedy.edits.empty());
}

TEST_CASE("the empty string is other data than no record") {
  ObservationBuilder world = healthy_world({});
  gives(world, {kNs1V4, kNs1V6}, txt({""}));
  gives(world, {kNs2V4, kNs2V6}, nxdomain(kZone));
  CHECK(only(judge(world)).id == "authority-serial-same-data-differs");
}

TEST_CASE("silent and lame addresses and cut replies do not count as differing") {
  ObservationBuilder world = healthy_world();
  world.always(kNs1V4, silent());
  world.always(kNs1V6, refused());
  Reply cut = txt({});
  cut.answer = {txt_line(kProofName, "x")};
  const auto id = world.asked(Purpose::proof, kZone, kNs2V4, kProofName, RecordType::txt, cut);
  world.observation.exchanges[id].reply->truncated = true;
  CHECK(judge(world).empty());
}

TEST_CASE("serials that differ while the proof agrees are a notice about the zone") {
  ObservationBuilder world = healthy_world();
  serial(world, {kNs2V4, kNs2V6}, 3);
  const Finding finding = only(judge(world));
  CHECK(finding.id == "authority-serial-differs");
  CHECK(finding.severity == Severity::notice);
  CHECK(finding.subject == kZone);
  CHECK(finding.arguments.at("serials") == "1 at ns1.shop.example; 3 at ns2.shop.example");
  CHECK(finding.evidence.at(0).saw.starts_with("SOA serial 1"));
}

TEST_CASE("the letter case of the question does not reach the remedy") {
  ObservationBuilder world = healthy_world({});
  const std::string mixed = "_AcMe-CHALLENGE.app.SHOP.example.";
  for (const char* address : {kNs1V4, kNs1V6}) {
    world.asked(Purpose::proof, kZone, address, mixed, RecordType::txt,
                data({txt_line(mixed, kOtherDigest)}));
    world.asked(Purpose::proof_again, kZone, address, mixed, RecordType::txt,
                data({txt_line(mixed, kOtherDigest)}));
    world.asked(Purpose::proof_tcp, kZone, address, mixed, RecordType::txt,
                data({txt_line(mixed, kOtherDigest)}));
  }
  serial(world, {kNs2V4, kNs2V6}, 2);
  const Finding finding = only(judge(world));
  CHECK(finding.remedy.edits.at(0).remove.at(0).starts_with(kProofName));
}

TEST_CASE("servers that differ in the CNAME looked for are told by their targets") {
  const std::string owner = "_dnsauth.app.shop.example.";
  ObservationBuilder world = healthy_world({"8qe4wyhk1bnq8z3mpnxcm6bv62fdpv7h.dcv.digicert.com."});
  observe::Target& target = world.observation.targets.front();
  target.method = "dns-cname";
  target.type = RecordType::cname;
  target.validation_name = dns::Name::of(owner);
  target.steps = {{.name = dns::Name::of(owner),
                   .zone = dns::Name::of(kZone),
                   .end = StepEnd::answer,
                   .target = {}}};
  const Reply right =
      data({cname_line(owner, "8qe4wyhk1bnq8z3mpnxcm6bv62fdpv7h.dcv.digicert.com.")});
  world.asked_all(Purpose::proof, kZone, owner, RecordType::cname, right);
  CHECK(judge(world).empty());

  const Reply old = data({cname_line(owner, "Old.dcv.digicert.com.")});
  for (const char* address : {kNs2V4, kNs2V6})
    world.asked(Purpose::proof, kZone, address, owner, RecordType::cname, old);
  const Finding finding = only(judge(world));
  CHECK(finding.id == "authority-serial-same-data-differs");
  CHECK(finding.arguments.at("saw") == "CNAME old.dcv.digicert.com");
  CHECK(finding.arguments.at("reference") ==
        "CNAME 8qe4wyhk1bnq8z3mpnxcm6bv62fdpv7h.dcv.digicert.com");
  REQUIRE(finding.remedy.edits.size() == 1);
  CHECK(finding.remedy.edits[0].server == "ns2.shop.example.");
  CHECK(finding.remedy.edits[0].remove.size() == 1);  // a name has room for one CNAME
  CHECK(finding.remedy.edits[0].add.size() == 1);
}

TEST_CASE("NXDOMAIN to one type denies the records of another, but not where all types get it") {
  ObservationBuilder world = healthy_world();
  const auto asked = [&](const char* address, Purpose purpose, RecordType type) {
    world.asked(purpose, kZone, address, kProofName, type, nxdomain(kZone));
  };
  asked(kNs2V4, Purpose::alias, RecordType::cname);
  asked(kNs2V4, Purpose::owner_soa, RecordType::soa);
  const Finding finding = only(judge(world));
  CHECK(finding.id == "authority-name-denied");
  CHECK(finding.affects == Affects::client);
  CHECK(finding.arguments.at("servers") == "ns2.shop.example");
  CHECK(finding.arguments.at("types") == "CNAME and SOA");
  CHECK(finding.evidence.size() == 3);

  gives(world, {kNs1V4, kNs1V6, kNs2V4, kNs2V6}, nxdomain(kZone));
  CHECK(judge(world).empty());
}
