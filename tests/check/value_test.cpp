#include "check/family.h"
#include "check/value_shape.h"
#include "rules/account_label.h"
#include "support/catch.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;

namespace {

std::vector<Finding> judge(const ObservationBuilder& world) {
  std::vector<Finding> findings;
  kValueFamily.check({world.observation, world.observation.targets.front(),
                      observe::default_profile(), Overview(world.observation)},
                     findings);
  return findings;
}

// All servers give these values; the CA looks for `expected`.
std::vector<Finding> judge_values(const std::vector<std::string>& values,
                                  std::vector<std::string> expected) {
  ObservationBuilder world = healthy_world(std::move(expected));
  Lines lines;
  for (const std::string& value : values) lines.push_back(txt_line(kProofName, value));
  world.proof_all(kZone, kProofName, data(lines));
  return judge(world);
}

// The one finding, which must be there alone.
Finding only(const std::vector<Finding>& findings) {
  REQUIRE(findings.size() == 1);
  return findings.front();
}

ObservationBuilder absent_world(std::vector<std::string> expected) {
  ObservationBuilder world = healthy_world(std::move(expected));
  world.observation.targets.front().steps.front().end = StepEnd::nxdomain;
  world.proof_all(kZone, kProofName, nxdomain(kZone));
  return world;
}

const std::string kRightLine = kProofName + "\t60\tIN\tTXT\t\"" + kDigest + "\"";

std::string squeezed(std::string line) {
  for (char& each : line)
    if (each == ' ') each = '\t';
  return line;
}

std::string slip_id(const std::string& value) {
  return only(judge_values({value}, {})).id;
}

}  // namespace

TEST_CASE("a digest without anything expected and an expected value are both fine") {
  CHECK(judge_values({kDigest}, {}).empty());
  CHECK(judge_values({kDigest}, {kDigest}).empty());
  CHECK(judge_values({kDigest, kOtherDigest}, {kDigest, kOtherDigest}).empty());
}

TEST_CASE("nothing there without expectation is only not published yet") {
  const Finding finding = only(judge(absent_world({})));
  CHECK(finding.id == "value-none");
  CHECK(finding.severity == Severity::info);
  CHECK(finding.subject == kProofName);
  CHECK(finding.evidence.size() == 4);
  CHECK(finding.remedy.edits.empty());
}

TEST_CASE("nothing there with an expected value is an error with the line to add everywhere") {
  const Finding finding = only(judge(absent_world({kDigest})));
  CHECK(finding.id == "value-expected-absent");
  CHECK(finding.severity == Severity::error);
  CHECK(finding.arguments.at("saw") == "NXDOMAIN");
  CHECK(finding.remedy.action ==
        "Publish the expected value at _acme-challenge.app.shop.example, in the zone shop.example "
        "on ns1.shop.example and ns2.shop.example; a panel that shows it already edits a zone "
        "which these servers do not have.");
  REQUIRE(finding.remedy.edits.size() == 1);
  CHECK(finding.remedy.edits[0].zone == kZone);
  CHECK(finding.remedy.edits[0].server.empty());
  REQUIRE(finding.remedy.edits[0].add.size() == 1);
  CHECK(squeezed(finding.remedy.edits[0].add[0]) == kRightLine);
}

TEST_CASE("another digest on all servers is an old value, left alone for an order elsewhere") {
  const Finding finding = only(judge_values({kOtherDigest}, {kDigest}));
  CHECK(finding.id == "value-outdated");
  REQUIRE(finding.remedy.edits.size() == 1);
  CHECK(finding.remedy.edits[0].remove.empty());
  REQUIRE(finding.remedy.edits[0].add.size() == 1);
  CHECK(squeezed(finding.remedy.edits[0].add[0]) == kRightLine);
}

TEST_CASE("an old value that hides an alias is told by the alias family") {
  ObservationBuilder world = healthy_world({kDigest});
  world.proof_all(kZone, kProofName, data({txt_line(kProofName, kOtherDigest)}));
  CHECK(only(judge(world)).id == "value-outdated");
  world.asked_all(Purpose::alias, kZone, kProofName, RecordType::cname,
                  data({cname_line(kProofName, "app.shop-dcv.example.")}));
  CHECK(judge(world).empty());
}

TEST_CASE("one of two expected values missing everywhere is an error, the other stays") {
  const Finding finding = only(judge_values({kDigest}, {kDigest, kOtherDigest}));
  CHECK(finding.id == "value-one-of-several");
  CHECK(finding.severity == Severity::error);
  CHECK(finding.arguments.at("expected") == "\"" + kOtherDigest + "\"");
  CHECK(finding.arguments.at("present") == "\"" + kDigest + "\"");
  REQUIRE(finding.remedy.edits.size() == 1);
  CHECK(finding.remedy.edits[0].remove.empty());
  CHECK(finding.remedy.edits[0].add.size() == 1);
}

TEST_CASE("a wildcard's value is published anew beside the one that is missing") {
  ObservationBuilder world = healthy_world({kDigest, kOtherDigest});
  world.proof_all(kZone, kProofName, data({txt_line(kProofName, kDigest)}));
  world.asked_all(Purpose::control, kZone, kControlName, RecordType::txt,
                  data({txt_line(kControlName, kDigest)}));
  const Finding finding = only(judge(world));
  CHECK(finding.id == "value-one-of-several");
  REQUIRE(finding.remedy.edits.size() == 1);
  CHECK(finding.remedy.edits[0].add.size() == 2);
}

TEST_CASE("a value at the host itself is moved, text of others stays there") {
  ObservationBuilder world = absent_world({kDigest});
  const std::string host = "app.shop.example.";
  world.asked(Purpose::suspicion, kZone, "45.90.28.10", host, RecordType::txt,
              data({txt_line(host, "v=spf1 -all"), txt_line(host, kDigest, 300)}));
  const Finding finding = only(judge(world));
  CHECK(finding.id == "value-label-lost");
  CHECK(finding.arguments.at("found") == "app.shop.example");
  REQUIRE(finding.remedy.edits.size() == 1);
  REQUIRE(finding.remedy.edits[0].remove.size() == 1);
  CHECK(squeezed(finding.remedy.edits[0].add.at(0)) ==
        kProofName + "\t300\tIN\tTXT\t\"" + kDigest + "\"");

  world.asked(Purpose::suspicion, kZone, "45.90.28.10", host, RecordType::txt,
              data({txt_line(host, kOtherDigest)}));
  CHECK(only(judge(world)).id == "value-expected-absent");
}

TEST_CASE("where the primary is none of the servers, the zone may only wait to be fetched") {
  ObservationBuilder world = absent_world({kDigest});
  const std::string soa = kZone + " 3600 IN SOA hidden.shop.example. h.shop.example. 8 1 1 1 300";
  world.asked(Purpose::zone_soa, kZone, "45.90.28.10", kZone, RecordType::soa, data({soa}));
  world.asked(Purpose::zone_soa, kZone, "2a07:a8c0::10", kZone, RecordType::soa, data({soa}));
  const std::string action = only(judge(world)).remedy.action;
  CHECK(action ==
        "Publish the expected value at _acme-challenge.app.shop.example, or, if it is at the "
        "primary hidden.shop.example already, let the name servers fetch the zone (they have "
        "serial 8).");
}

TEST_CASE("text that is no digest beside an expected value that is missing stays where it is") {
  const Finding finding = only(judge_values({"v=spf1 -all"}, {kDigest}));
  CHECK(finding.id == "value-expected-absent");
  CHECK(finding.arguments.at("saw") == "\"v=spf1 -all\"");
  CHECK(finding.remedy.edits.at(0).remove.empty());
}

TEST_CASE("further values beside the expected are a notice") {
  const Finding finding = only(judge_values({kDigest, "v=spf1 -all"}, {kDigest}));
  CHECK(finding.id == "value-extra");
  CHECK(finding.severity == Severity::notice);
  CHECK(finding.arguments.at("count") == "1");
  CHECK(finding.remedy.edits.empty());

  ObservationBuilder world = healthy_world();
  world.proof(kZone, "45.90.30.10", kProofName, data({txt_line(kProofName, kOtherDigest)}));
  CHECK(judge(world).empty());  // the servers differ: authority
}

TEST_CASE("values beside the expected one count where that is; an old copy is not looked at") {
  ObservationBuilder world = healthy_world();
  world.proof_all(kZone, kProofName, data({txt_line(kProofName, "older")}));
  world.proof(kZone, "45.90.30.10", kProofName,
              data({txt_line(kProofName, kDigest), txt_line(kProofName, kOtherDigest)}));
  const Finding finding = only(judge(world));
  CHECK(finding.id == "value-extra");
  CHECK(finding.arguments.at("saw") == "\"" + kOtherDigest + "\"");
}

TEST_CASE("an expected value at one server only is not for this family") {
  ObservationBuilder world = absent_world({kDigest});
  world.proof(kZone, "45.90.30.10", kProofName, data({txt_line(kProofName, kDigest)}));
  CHECK(judge(world).empty());
}

TEST_CASE("text that is no digest is a warning without expectation") {
  const Finding finding = only(judge_values({"google-site-verification=abc"}, {}));
  CHECK(finding.id == "value-not-digest");
  CHECK(finding.severity == Severity::warning);
  CHECK(judge_values({"google-site-verification=abc", kDigest}, {}).empty());
}

TEST_CASE("each slip is recognised without knowing the value") {
  CHECK(slip_id("\\\"" + kDigest + "\\\"") == "value-quoted");
  CHECK(slip_id("'" + kDigest + "'") == "value-quoted");
  CHECK(slip_id(kDigest + " ") == "value-blank");
  CHECK(slip_id(kDigest + "\\013") == "value-blank");
  CHECK(slip_id(kDigest.substr(0, 20) + " " + kDigest.substr(20)) == "value-blank");
  CHECK(slip_id("\\226\\128\\139" + kDigest) == "value-blank");
  CHECK(slip_id("_ACME-challenge.app.shop.example") == "value-owner-name");
  CHECK(slip_id(kProofName) == "value-owner-name");
  CHECK(slip_id("") == "value-empty");
  CHECK(slip_id("evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA." + kDigest) ==
        "value-key-authorization");
  CHECK(slip_id("2cfb08c13a3ba3ca041b4fafbe4c8ad43f17e9c8f5a1b3d5e7f90a1b2c3d4e5f") == "value-hex");
  CHECK(slip_id("LPsIwTo7o8BoG0+vjCyGQGBWSVIPxI+i/X336eUOQZo=") == "value-base64-standard");
  CHECK(slip_id("LPsIwTo7o8BoG0+vjCyGQGBWSVIPxI+i/X336eUOQZo") == "value-base64-standard");
  CHECK(slip_id(kDigest + "=") == "value-base64-standard");
  CHECK(slip_id(kDigest + "x") == "value-not-digest");
  CHECK(slip_id("short." + kDigest) == "value-not-digest");
}

TEST_CASE("a slip is replaced by the expected value, or by what was meant") {
  const std::string quoted = "\\\"" + kDigest + "\\\"";
  for (const auto& expected : {std::vector<std::string>{}, {kDigest}}) {
    const Finding finding = only(judge_values({quoted}, expected));
    CHECK(finding.severity == Severity::error);
    REQUIRE(finding.remedy.edits.size() == 1);
    REQUIRE(finding.remedy.edits[0].remove.size() == 1);
    CHECK(finding.remedy.edits[0].remove[0].find(quoted) != std::string::npos);
    REQUIRE(finding.remedy.edits[0].add.size() == 1);
    CHECK(squeezed(finding.remedy.edits[0].add[0]) == kRightLine);
  }
}

TEST_CASE("the slip explains the missing value: an old digest beside it is not blamed") {
  CHECK(only(judge_values({"\\\"" + kDigest + "\\\"", kOtherDigest}, {kDigest})).id ==
        "value-quoted");
}

TEST_CASE("lost capital letters are recognised by the expected value") {
  std::string folded = kDigest;
  for (char& each : folded) each = static_cast<char>(std::tolower(each));
  CHECK(only(judge_values({folded}, {kDigest})).id == "value-case-folded");
  CHECK(judge_values({folded}, {}).empty());  // nothing tells it from a digest
}

TEST_CASE("the empty string is an error only if it is all that the CA can see") {
  CHECK(only(judge_values({""}, {})).severity == Severity::warning);
  CHECK(only(judge_values({""}, {kDigest})).severity == Severity::error);

  ObservationBuilder world = absent_world({kDigest});
  world.proof(kZone, "45.90.30.10", kProofName, data({txt_line(kProofName, "")}));
  const std::vector<Finding> findings = judge(world);
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].id == "value-empty");
  CHECK(findings[0].severity == Severity::warning);
  CHECK(findings[0].remedy.edits.size() == 2);  // ns2 loses "", both get the value
  CHECK(findings[1].id == "value-expected-absent");
}

TEST_CASE("TXT from a wildcard is told by the random name beside it") {
  const auto wildcard = [](const std::string& value, std::vector<std::string> expected) {
    ObservationBuilder world = healthy_world(std::move(expected));
    world.proof_all(kZone, kProofName, data({txt_line(kProofName, value)}));
    world.asked_all(Purpose::control, kZone, kControlName, RecordType::txt,
                    data({txt_line(kControlName, value)}));
    return only(judge(world));
  };
  const Finding missing = wildcard("v=spf1 -all", {kDigest});
  CHECK(missing.id == "value-wildcard");
  CHECK(missing.severity == Severity::error);
  REQUIRE(missing.remedy.edits.size() == 1);
  CHECK(missing.remedy.edits[0].remove.empty());
  CHECK(squeezed(missing.remedy.edits[0].add.at(0)) == kRightLine);
  CHECK(wildcard(kDigest, {}).severity == Severity::warning);
  CHECK(wildcard("v=spf1 -all", {}).severity == Severity::notice);
  CHECK(wildcard(kDigest, {kDigest}).severity == Severity::notice);
}

TEST_CASE("a random name that no server has is no sign of a wildcard") {
  ObservationBuilder world = healthy_world({});
  world.proof_all(kZone, kProofName, data({txt_line(kProofName, "abc")}));
  world.proof(kZone, "45.90.30.10", kProofName, nxdomain(kZone));
  world.asked(Purpose::control, kZone, "45.90.30.10", kControlName, RecordType::txt,
              nxdomain(kZone));
  CHECK(only(judge(world)).id == "value-not-digest");
}

TEST_CASE("a wildcard with other data than the name's own explains nothing") {
  ObservationBuilder world = healthy_world({});
  world.proof_all(kZone, kProofName, data({txt_line(kProofName, "abc")}));
  world.asked_all(Purpose::control, kZone, kControlName, RecordType::txt,
                  data({txt_line(kControlName, "v=spf1 -all")}));
  CHECK(only(judge(world)).id == "value-not-digest");
}

TEST_CASE("at the end of an alias values are judged; nothing there is told by the alias family") {
  const std::string end = "x.shop.example.";
  ObservationBuilder world = healthy_world();
  observe::Target& target = world.observation.targets.front();
  target.steps.front().end = StepEnd::alias;
  target.steps.front().target = dns::Name::of(end);
  world.step(end, kZone, StepEnd::answer);
  world.proof_all(kZone, kProofName, data({cname_line(kProofName, end)}));
  world.asked_all(Purpose::alias, kZone, kProofName, RecordType::cname,
                  data({cname_line(kProofName, end)}));
  world.proof_all(kZone, end, data({txt_line(end, kOtherDigest)}));
  const Finding outdated = only(judge(world));
  CHECK(outdated.id == "value-outdated");
  CHECK(outdated.subject == end);
  CHECK(outdated.remedy.edits.at(0).add.at(0).starts_with(end));
  CHECK(outdated.remedy.action ==
        "Publish the expected value at x.shop.example; what is there now may go unless an order "
        "elsewhere waits for it.");

  target.steps.back().end = StepEnd::nxdomain;
  world.proof_all(kZone, end, nxdomain(kZone));
  CHECK(judge(world).empty());
  target.expected.clear();
  CHECK(judge(world).empty());
}

TEST_CASE("an old value in another domain may be that of a CDN which orders for the name too") {
  const std::string end = "app.cdn.example.", zone = "cdn.example.";
  ObservationBuilder world = healthy_world({kDigest});
  observe::Target& target = world.observation.targets.front();
  target.steps.front().end = StepEnd::alias;
  target.steps.front().target = dns::Name::of(end);
  world.zone(zone, "example.").server("ns1.cdn.example.", {"185.136.96.20"});
  world.step(end, zone, StepEnd::answer);
  world.proof_all(zone, end, data({txt_line(end, kOtherDigest)}));
  const Finding outdated = only(judge(world));
  CHECK(outdated.id == "value-outdated");
  CHECK(outdated.remedy.action.ends_with(
      " If app.cdn.example is somebody else's, one of you can order: they, or you once the alias "
      "at _acme-challenge.app.shop.example is gone."));
}

TEST_CASE("no usable reply is no value to judge") {
  ObservationBuilder world = healthy_world();
  for (const std::string& address : world.addresses(kZone)) world.always(address, refused());
  CHECK(judge(world).empty());
}

TEST_CASE("terminal control bytes in a value are shown escaped") {
  const Finding finding = only(judge_values({"\\027[31mred"}, {}));
  CHECK(finding.message.find('\x1b') == std::string::npos);
  CHECK(finding.arguments.at("saw") == "\"\\027[31mred\"");
}

TEST_CASE("hex and standard base64 give the digest that was meant") {
  CHECK(meant_by("2cfb08c13a3ba3c0681b4faf8c2c8640605649520fc48fa2fd7df7e9e50e419a",
                 ValueShape::hex) == kDigest);
  CHECK(meant_by("LPsIwTo7o8BoG0+vjCyGQGBWSVIPxI+i/X336eUOQZo=", ValueShape::base64_standard) ==
        kDigest);
  CHECK_FALSE(meant_by("abc", ValueShape::other));
}

TEST_CASE("a record at the label of another form of the account's URL is found") {
  const std::string uri = "https://ca.example/acct/1";
  const std::string own = rules::account_label(uri) + "." + kProofName;
  const std::string other = rules::account_label(uri + "/") + "." + kProofName;
  const auto judged = [&](std::vector<std::string> expected, const std::string& uris) {
    ObservationBuilder world = absent_world(std::move(expected));
    observe::Target& target = world.observation.targets.front();
    target.method = "dns-account-01";
    target.validation_name = target.steps.front().name = dns::Name::of(own);
    world.proof_all(kZone, own, nxdomain(kZone));
    world.asked(Purpose::suspicion, kZone, "45.90.28.10", other, RecordType::txt,
                data({txt_line(other, kDigest)}));
    world.observation.account_uris = {uris};
    return only(judge(world));
  };
  const Finding finding = judged({kDigest}, uri);
  CHECK(finding.id == "value-account-label");
  CHECK(finding.severity == Severity::error);
  CHECK(finding.arguments.at("slip") ==
        "its label is made of the account's URL with a slash at its end");
  REQUIRE(finding.remedy.edits.size() == 1);
  CHECK(squeezed(finding.remedy.edits[0].remove.at(0)) ==
        squeezed(other + " 60 IN TXT \"" + kDigest + "\""));
  CHECK(squeezed(finding.remedy.edits[0].add.at(0)) ==
        squeezed(own + " 60 IN TXT \"" + kDigest + "\""));
  CHECK(judged({}, uri).severity == Severity::warning);
  CHECK(judged({}, "https://another.example/").id == "value-none");
}
