#include "check/family.h"
#include "observe/ca_profile_json.h"
#include "rules/place_that_counts.h"
#include "support/catch.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;

namespace {

const std::string kPlace =
    ", in the zone shop.example on ns1.shop.example and ns2.shop.example; a panel that shows it "
    "already edits a zone which these servers do not have.";

const std::string kOwner = "_dnsauth.app.shop.example.";
const std::string kToken = "8qe4wyhk1bnq8z3mpnxcm6bv62fdpv7h";
const std::string kOtherToken = "0fd2n7r5mzq4x9kwc1yb8tpg6jvl3hsa";
const std::string kHash = "c9c863405fe7675a3988b97664ea6baf.442019e4e52fa335f406f7c5f26cf14f";
const std::string kOtherHash = "00c863405fe7675a3988b97664ea6baf.442019e4e52fa335f406f7c5f26cf14f";

const observe::CaProfile& profile(const std::string& name) {
  for (const observe::CaProfile& each : observe::shipped_ca_table().profiles)
    if (each.name == name) return each;
  throw std::invalid_argument(name);
}

std::vector<Finding> judge(const ObservationBuilder& world, const std::string& ca) {
  std::vector<Finding> findings;
  kRecordFamily.check({world.observation, world.observation.targets.front(), profile(ca),
                       Overview(world.observation)},
                      findings);
  return findings;
}

Finding only(const std::vector<Finding>& findings) {
  REQUIRE(findings.size() == 1);
  return findings.front();
}

// The target's place is `owner`, and every server says `reply` there.
ObservationBuilder world_at(const std::string& owner, RecordType type, const Reply& reply,
                            std::vector<std::string> expected = {}) {
  ObservationBuilder world = healthy_world(std::move(expected));
  observe::Target& target = world.observation.targets.front();
  target.method = type == RecordType::txt ? "dns-txt" : "dns-cname";
  target.type = type;
  target.validation_name = dns::Name::of(owner);
  target.steps.clear();
  const StepEnd end = !reply.answer.empty()                 ? StepEnd::answer
                      : reply.rcode == dns::Rcode::nxdomain ? StepEnd::nxdomain
                                                            : StepEnd::nodata;
  world.step(owner, kZone, end);
  world.asked_all(Purpose::proof, kZone, owner, type, reply);
  return world;
}

std::vector<Finding> judge_txt(const std::vector<std::string>& values,
                               std::vector<std::string> expected,
                               const std::string& ca = "digicert",
                               const std::string& owner = kOwner) {
  Lines lines;
  for (const std::string& value : values) lines.push_back(txt_line(owner, value));
  return judge(world_at(owner, RecordType::txt, lines.empty() ? nxdomain(kZone) : data(lines),
                        std::move(expected)),
               ca);
}

std::vector<Finding> judge_cname(const std::string& target, std::vector<std::string> expected,
                                 const std::string& ca, const std::string& owner = kOwner) {
  const Reply reply = target.empty() ? nxdomain(kZone) : data({cname_line(owner, target)});
  return judge(world_at(owner, RecordType::cname, reply, std::move(expected)), ca);
}

}  // namespace

TEST_CASE("a token that is expected, and one of the CA's form where none is, are fine") {
  CHECK(judge_txt({kToken}, {kToken}).empty());
  CHECK(judge_txt({kToken}, {}).empty());
  CHECK(judge_cname(kToken + ".dcv.digicert.com.", {kToken + ".dcv.digicert.com"}, "digicert")
            .empty());
  CHECK(judge_cname(kToken + ".DCV.digicert.com.", {}, "digicert").empty());
  CHECK(judge_txt({"v=spf1 -all", kToken}, {}, "digicert", "app.shop.example.").empty());
}

TEST_CASE("nothing there is an error only when a token is expected") {
  Finding finding = only(judge_txt({}, {kToken}));
  CHECK(finding.id == "record-missing");
  CHECK(finding.severity == Severity::error);
  CHECK(finding.message ==
        "No TXT record that DigiCert would take is at _dnsauth.app.shop.example: NXDOMAIN");
  CHECK(finding.remedy.action == "Publish the TXT record at _dnsauth.app.shop.example" + kPlace);
  REQUIRE(finding.remedy.edits.size() == 1);
  CHECK(finding.remedy.edits[0].add.size() == 1);

  finding = only(judge_cname("", {}, "digicert"));
  CHECK(finding.id == "record-missing");
  CHECK(finding.severity == Severity::info);
  CHECK(finding.affects == Affects::hygiene);
  CHECK(finding.remedy.edits.empty());
}

TEST_CASE("the record at a name above that is ordered too serves the names below it") {
  const std::string above = "_dnsauth.shop.example.";
  ObservationBuilder world = world_at(kOwner, RecordType::txt, nxdomain(kZone), {kToken});
  world.observation.targets.front().others.push_back({dns::Name::of(above), RecordType::txt, {}});
  CHECK(only(judge(world, "digicert")).remedy.action ==
        "Publish the TXT record at _dnsauth.app.shop.example" + kPlace);
  observe::Target whole = world.observation.targets.front();
  whole.identifier = "shop.example";
  whole.validation_name = whole.steps.front().name = dns::Name::of(above);
  whole.others.clear();
  world.observation.targets.push_back(whole);
  world.asked_all(Purpose::proof, kZone, above, RecordType::txt, nxdomain(kZone));
  const Finding finding = only(judge(world, "digicert"));
  CHECK(finding.remedy.action ==
        "Publish the TXT record at _dnsauth.shop.example; it serves app.shop.example too.");
  REQUIRE(finding.remedy.edits.size() == 1);
  CHECK(finding.remedy.edits[0].add == Lines{above + " 60 IN TXT \"" + kToken + "\""});
  world.observation.targets.back().expected = {kOtherToken};
  CHECK(only(judge(world, "digicert")).remedy.action ==
        "Publish the TXT record at _dnsauth.app.shop.example" + kPlace);
}

TEST_CASE("all places at which the CA looks are named, the many above in one word") {
  ObservationBuilder world = world_at(kOwner, RecordType::txt, nxdomain(kZone), {kToken});
  auto& others = world.observation.targets.front().others;
  others.push_back({dns::Name::of("app.shop.example."), RecordType::txt, {}});
  others.push_back({dns::Name::of("app.shop.example."), RecordType::mx, {}});
  CHECK(only(judge(world, "digicert")).arguments.at("places") ==
        "_dnsauth.app.shop.example and app.shop.example");
  for (const char* name : {"_dnsauth.shop.example.", "shop.example.", "_dnsauth.example."})
    others.push_back({dns::Name::of(name), RecordType::txt, {}});
  CHECK(only(judge(world, "digicert")).arguments.at("places") ==
        "_dnsauth.app.shop.example, app.shop.example, _dnsauth.shop.example and 2 more names "
        "above");
}

TEST_CASE("the token of another order differs, other services' records at the host do not count") {
  const Finding differs = only(judge_txt({kOtherToken}, {kToken}));
  CHECK(differs.id == "record-value-differs");
  CHECK(differs.arguments.at("saw") == "\"" + kOtherToken + "\"");
  REQUIRE(differs.remedy.edits.size() == 1);
  CHECK(differs.remedy.edits[0].remove.empty());

  CHECK(only(judge_txt({"v=spf1 -all"}, {kToken}, "digicert", "app.shop.example.")).id ==
        "record-missing");
  CHECK(only(judge_txt({"v=spf1 -all"}, {}, "globalsign", "app.shop.example.")).severity ==
        Severity::info);
  CHECK(only(judge_txt({"v=spf1 -all"}, {}, "actalis", "app.shop.example.")).id ==
        "record-missing");
}

TEST_CASE("a CNAME that differs is replaced, since a name has room for one") {
  const Finding finding = only(
      judge_cname(kOtherToken + ".dcv.digicert.com.", {kToken + ".dcv.digicert.com"}, "digicert"));
  CHECK(finding.id == "record-value-differs");
  REQUIRE(finding.remedy.edits.size() == 1);
  CHECK(finding.remedy.edits[0].remove.size() == 1);
  CHECK(finding.remedy.edits[0].add.size() == 1);
}

TEST_CASE("what is no token of the CA is told where only tokens belong") {
  const Finding finding = only(judge_txt({"hello"}, {}));
  CHECK(finding.id == "record-not-token");
  CHECK(finding.severity == Severity::warning);
  CHECK(only(judge_cname("shop.example.net.", {}, "digicert")).id == "record-not-token");
  CHECK(judge_txt({"hello"}, {}, "strict").empty());  // nobody knows its forms
}

TEST_CASE("forms that ended are told with the day, without one as a warning") {
  Finding finding = only(judge_cname("dcv.digicert.com.", {}, "digicert", "_x1.app.shop.example."));
  CHECK(finding.id == "record-form-retired");
  CHECK(finding.severity == Severity::error);
  CHECK(finding.message ==
        "_x1.app.shop.example is a CNAME for dcv.digicert.com: DigiCert does not take this form "
        "any more, since 2025-10-28");

  finding = only(judge_cname(kHash + ".comodoca.com.", {}, "sectigo"));
  CHECK(finding.id == "record-form-retired");
  CHECK(finding.severity == Severity::warning);
  CHECK(judge_cname(kHash + ".comodoca.com.", {}, "zerossl").empty());
}

TEST_CASE("slips that make a value of the right one are told by name") {
  const auto slip = [](const std::string& value, const std::string& expected = kToken) {
    return only(judge_txt({value}, {expected})).id;
  };
  CHECK(slip("\\\"" + kToken + "\\\"") == "record-quoted");
  CHECK(slip(kToken + " ") == "record-blank");
  CHECK(slip("8QE4WYHK1BNQ8Z3MPNXCM6BV62FDPV7H") == "record-case-folded");
  CHECK(slip("v=spf1 -all " + kToken) == "record-mixed");
  CHECK(slip(kToken.substr(0, 20)) == "record-incomplete");
  CHECK(slip(kToken.substr(0, 7)) == "record-value-differs");
  CHECK(only(judge_txt({"globalsign-domain-verification=" + kToken},
                       {"_globalsign-domain-verification=" + kToken}, "globalsign"))
            .id == "record-incomplete");
}

TEST_CASE("slips are replaced, records of others that hold the token stay") {
  Finding finding = only(judge_txt({kToken + " ", "v=spf1 -all"}, {kToken}));
  REQUIRE(finding.remedy.edits.size() == 1);
  CHECK(finding.remedy.edits[0].remove.size() == 1);
  CHECK(finding.remedy.edits[0].add.size() == 1);
  finding = only(judge_txt({"v=spf1 " + kToken + " -all"}, {kToken}));
  CHECK(finding.id == "record-mixed");
  CHECK(finding.remedy.edits.at(0).remove.empty());
}

TEST_CASE("what is wrong with Sectigo's hash is told apart") {
  const auto slip = [](const std::string& target, const std::string& expected) {
    return only(judge_cname(target + ".sectigo.com.", {expected + ".sectigo.com"}, "sectigo")).id;
  };
  CHECK(slip(kOtherHash, kHash) == "record-hash-differs");
  CHECK(slip(kHash, kHash + ".u1") == "record-unique-value-differs");
  CHECK(slip(kHash + ".u2", kHash + ".u1") == "record-unique-value-differs");
  std::string joined = kHash;
  joined.erase(32, 1);
  CHECK(slip(joined.substr(0, 60) + "." + joined.substr(60), kHash) == "record-hash-cut");
}

TEST_CASE(
    "a target with the zone at its end lost its dot, whether it is expected or looks like one") {
  const std::string right = kToken + ".dcv.digicert.com";
  for (const std::vector<std::string>& expected :
       {std::vector{right}, std::vector<std::string>{}}) {
    const Finding finding = only(judge_cname(right + "." + kZone, expected, "digicert"));
    CHECK(finding.id == "record-dot-lost");
    CHECK(finding.arguments.at("meant") == right);
    REQUIRE(finding.remedy.edits.size() == 1);
    CHECK(finding.remedy.edits[0].remove.size() == 1);
    CHECK(finding.remedy.edits[0].add.size() == 1);
  }
  CHECK(only(judge_cname("lb.example.net." + kZone, {right}, "digicert")).id ==
        "record-value-differs");
}

TEST_CASE("a CNAME where TXT is wanted is the wrong type when its target is the token's") {
  const std::string target = kToken + ".dcv.digicert.com.";
  ObservationBuilder world = healthy_world({kToken});
  observe::Target& planned = world.observation.targets.front();
  planned.method = "dns-txt";
  planned.validation_name = dns::Name::of(kOwner);
  planned.steps.clear();
  world.step(kOwner, kZone, StepEnd::alias, target);
  world.zone("dcv.digicert.com.", "com.").server("ns1.digicert.com.", {"216.168.240.10"});
  world.step(target, "dcv.digicert.com.", StepEnd::nxdomain);
  world.asked_all(Purpose::proof, kZone, kOwner, RecordType::txt,
                  data({cname_line(kOwner, target)}));
  world.asked_all(Purpose::proof, "dcv.digicert.com.", target, RecordType::txt,
                  nxdomain("dcv.digicert.com."));
  const Finding finding = only(judge(world, "digicert"));
  CHECK(finding.id == "record-type-wrong");
  CHECK(finding.subject == kOwner);
  CHECK(finding.evidence.size() == 4);
  REQUIRE(finding.remedy.edits.size() == 1);
  CHECK(finding.remedy.edits[0].zone == kZone);
}

TEST_CASE("a TXT where a CNAME is wanted is the wrong type when it holds the target or its token") {
  for (const std::string& value : {kToken + ".dcv.digicert.com", kToken}) {
    ObservationBuilder world =
        world_at(kOwner, RecordType::cname, nodata(kZone), {kToken + ".dcv.digicert.com"});
    world.asked(Purpose::suspicion, kZone, "45.90.28.10", kOwner, RecordType::txt,
                data({txt_line(kOwner, value)}));
    const Finding finding = only(judge(world, "digicert"));
    CHECK(finding.id == "record-type-wrong");
    CHECK(finding.arguments.at("other") == "TXT");
    REQUIRE(finding.remedy.edits.size() == 1);
    CHECK(finding.remedy.edits[0].remove.size() == 1);
    CHECK(finding.remedy.edits[0].add.size() == 1);
  }
}

TEST_CASE("a token above the name stands for it, and that is said") {
  const Finding finding = only(judge_txt({kToken}, {kToken}, "digicert", "_dnsauth.shop.example."));
  CHECK(finding.id == "record-covers-from-above");
  CHECK(finding.severity == Severity::info);
  CHECK(finding.message ==
        "The TXT record at _dnsauth.shop.example stands for app.shop.example: DigiCert looks at "
        "the names above too");
}

TEST_CASE("tokens beside the expected one and long times in caches are worth a notice") {
  Finding finding = only(judge_txt({kToken, kOtherToken, "hello"}, {kToken}));
  CHECK(finding.id == "record-left-over");
  CHECK(finding.arguments.at("count") == "1");

  const auto with_ttl = [](int ttl) {
    return judge(world_at(kOwner, RecordType::txt, data({txt_line(kOwner, kToken, ttl)}), {kToken}),
                 "digicert");
  };
  CHECK(with_ttl(3599).empty());
  CHECK(only(with_ttl(3600)).id == "record-ttl-long");
  finding = only(with_ttl(86400));
  CHECK(finding.id == "record-ttl-long");
  CHECK(finding.affects == Affects::client);
  CHECK(finding.arguments.at("ttl") == "86400");
}

TEST_CASE("the place that counts is the one with the token, not one with records of others") {
  ObservationBuilder world = world_at(kOwner, RecordType::txt, nxdomain(kZone), {kToken});
  const auto add = [&](const std::string& name, const Reply& reply) {
    const StepEnd end = reply.answer.empty() ? StepEnd::nxdomain : StepEnd::answer;
    world.observation.targets.front().others.push_back(
        {dns::Name::of(name),
         RecordType::txt,
         {{.name = dns::Name::of(name), .zone = dns::Name::of(kZone), .end = end, .target = {}}}});
    world.asked_all(Purpose::proof, kZone, name, RecordType::txt, reply);
  };
  const auto place = [&] {
    return rules::place_that_counts(world.observation.targets.front(),
                                    Overview(world.observation).exchanges);
  };
  CHECK_FALSE(place());
  add("app.shop.example.", data({txt_line("app.shop.example.", "v=spf1 -all")}));
  CHECK_FALSE(place());
  add("_dnsauth.shop.example.", data({txt_line("_dnsauth.shop.example.", kOtherToken)}));
  CHECK(place() == 1);
  add("shop.example.", data({txt_line("shop.example.", "token=" + kToken)}));
  CHECK(place() == 1);  // the first of equal worth
  add("_dnsauth.example.", data({txt_line("_dnsauth.example.", kToken)}));
  CHECK(place() == 3);
  world.asked(Purpose::proof, kZone, "45.90.28.10", kOwner, RecordType::txt,
              data({txt_line(kOwner, kToken)}));
  CHECK(place() == 3);  // at every server, not at one
}

TEST_CASE("an owner that lost its underscore is found, and told with the line that mends it") {
  const std::string owner = "_424c7224e9b0146f9a8808af955727d0.app.shop.example.";
  const std::string target = "_9d2b8a6f7c2e4d1f8a3b5c7d9e1f2a4b.hkmpvcwbzw.acm-validations.aws.";
  ObservationBuilder world = world_at(owner, RecordType::cname, nxdomain(kZone));
  const std::string bare = owner.substr(1);
  world.asked(Purpose::suspicion, kZone, "45.90.28.10", bare, RecordType::cname,
              data({cname_line(bare, target)}));
  const Finding finding = only(judge(world, "amazon"));
  CHECK(finding.id == "record-underscore-lost");
  REQUIRE(finding.remedy.edits.size() == 1);
  CHECK(finding.remedy.edits[0].remove.at(0).starts_with(bare));
  CHECK(finding.remedy.edits[0].add.at(0).starts_with(owner));
}

TEST_CASE("ACM's target counts without its underscore where no server has it with it") {
  const std::string bare = "9d2b8a6f7c2e4d1f8a3b5c7d9e1f2a4b.acm-validations.aws.";
  ObservationBuilder world =
      world_at(kOwner, RecordType::cname, data({cname_line(kOwner, bare)}), {"_" + bare});
  const auto expected = [&] {
    return rules::at_its_place(world.observation.targets.front(),
                               Overview(world.observation).exchanges)
        .expected;
  };
  CHECK(expected() == std::vector{bare});
  world.asked(Purpose::proof, kZone, "45.90.28.10", kOwner, RecordType::cname,
              data({cname_line(kOwner, "_" + bare)}));
  CHECK(expected() == std::vector{"_" + bare});
}
