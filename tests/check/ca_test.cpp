// Findings of the family "ca", and what Let's Encrypt would say.
#include "check/ca.h"

#include "check/evaluate.h"
#include "support/catch.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::testing;
using check::Finding;
using check::Severity;
using observe::CaAnswer;

namespace {

dns::Message message(const Lines& answer) {
  dns::Message reply;
  for (const std::string& line : answer)
    reply.answer.push_back(dns::parse_record(line, dns::Name()).value());
  return reply;
}

CaAnswer answer(int perspective, const Lines& lines, const std::string& name = kProofName,
                RecordType type = RecordType::txt) {
  CaAnswer made;
  made.profile = "letsencrypt";
  made.perspective = perspective;
  made.question = {dns::Name::of(name), type};
  made.duration = 0.1;
  made.finished = true;
  made.rcode = dns::Rcode::noerror;
  made.reply = message(lines);
  return made;
}

CaAnswer good(int perspective) {
  return answer(perspective, {txt_line(kProofName, kDigest)});
}

CaAnswer failed(CaAnswer made) {
  made.rcode = dns::Rcode::servfail;
  made.reply = message({});
  return made;
}

CaAnswer caa(const std::string& name) {
  return answer(0, {}, name, RecordType::caa);
}

// Primary, four remotes, and CAA: all well.
std::vector<CaAnswer> all_well() {
  return {good(0),
          good(1),
          good(2),
          good(3),
          good(4),
          caa("app.shop.example."),
          caa("shop.example."),
          caa("example.")};
}

struct Judged {
  std::vector<Finding> findings;  // of the family
  std::string error;
};

Judged judged(ObservationBuilder world, const std::vector<CaAnswer>& answers) {
  world.observation.ca_answers = answers;
  Judged result;
  const check::Judgement judgement = check::evaluate(world.observation).front();
  for (const Finding& finding : judgement.findings)
    if (finding.id.starts_with("ca-")) result.findings.push_back(finding);
  const observe::CaProfile profile = observe::default_profile();
  result.error = check::ca::error_text({world.observation, world.observation.targets[0], profile,
                                        check::Overview(world.observation)});
  return result;
}

Judged judged(const std::vector<CaAnswer>& answers) {
  return judged(healthy_world(), answers);
}

}  // namespace

TEST_CASE("Nothing is said of a CA eye that agrees, or that was not used") {
  CHECK(judged(all_well()).findings.empty());
  CHECK(judged(all_well()).error.empty());
  CHECK(judged({}).findings.empty());
  CHECK(judged({}).error.empty());
}

TEST_CASE("A resolver that fails from everywhere is an error, with the words that the CA prints") {
  std::vector<CaAnswer> answers = all_well();
  for (int i = 0; i < 5; ++i) answers[static_cast<std::size_t>(i)] = failed(good(i));
  const Judged result = judged(answers);
  REQUIRE(result.findings.size() == 1);
  const Finding& finding = result.findings[0];
  CHECK(finding.id == "ca-resolver-fails");
  CHECK(finding.severity == Severity::error);
  CHECK(finding.subject == kProofName);
  CHECK(finding.message ==
        "A resolver like the CA's gets no answer for the TXT records of "
        "_acme-challenge.app.shop.example, in 5 of 5 perspectives, though every server seems fine "
        "by itself: SERVFAIL");
  REQUIRE(finding.evidence.size() == 5);
  CHECK(finding.evidence[0].server == "primary perspective");
  CHECK(finding.evidence[4].server == "remote perspective 4");
  CHECK(result.error ==
        "DNS problem: SERVFAIL looking up TXT for _acme-challenge.app.shop.example - the domain's "
        "nameservers may be malfunctioning");
}

TEST_CASE("When only some perspectives fail, it is a warning") {
  std::vector<CaAnswer> answers = all_well();
  answers[2] = failed(good(2));
  Judged result = judged(answers);
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings[0].severity == Severity::warning);
  CHECK(result.error.empty());  // one remote may fail

  answers[4] = failed(good(4));
  result = judged(answers);
  CHECK(result.error ==
        "During secondary validation: DNS problem: SERVFAIL looking up TXT for "
        "_acme-challenge.app.shop.example - the domain's nameservers may be malfunctioning");
}

TEST_CASE("A failed validation is told with Boulder's name for it and the resolver's reason") {
  std::vector<CaAnswer> answers = all_well();
  for (int i = 0; i < 5; ++i) {
    CaAnswer& bogus = answers[static_cast<std::size_t>(i)];
    bogus = failed(good(i));
    bogus.bogus = true;
    bogus.extended_error = 7;
    bogus.reason = "signature expired from 192.0.2.1";
  }
  CHECK(judged(answers).findings.at(0).arguments.at("reason") ==
        "DNSSEC: Signature Expired, signature expired from 192.0.2.1");
  CHECK(judged(answers).error ==
        "DNS problem: looking up TXT for _acme-challenge.app.shop.example: DNSSEC: Signature "
        "Expired: signature expired from 192.0.2.1");
}

TEST_CASE("Failing CAA look-ups count up to the first level that has records") {
  std::vector<CaAnswer> answers = all_well();
  answers[7] = failed(caa("example."));
  Judged result = judged(answers);
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings[0].subject == "example.");
  CHECK(result.findings[0].severity == Severity::error);
  CHECK(result.error ==
        "While processing CAA for app.shop.example: DNS problem: SERVFAIL looking up CAA for "
        "example - the domain's nameservers may be malfunctioning");

  answers[6] = answer(0, {"shop.example. 300 IN CAA 0 issue \"letsencrypt.org\""}, "shop.example.",
                      RecordType::caa);
  result = judged(answers);
  CHECK(result.findings.empty());
  CHECK(result.error.empty());
}

TEST_CASE("An answer after 1.9 seconds, or none by then, comes too late") {
  std::vector<CaAnswer> answers = all_well();
  answers[1].duration = 1.9;
  CHECK(judged(answers).findings.empty());
  answers[1].duration = 2.04;
  Judged result = judged(answers);
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings[0].id == "ca-resolver-slow");
  CHECK(result.findings[0].severity == Severity::warning);
  CHECK(result.findings[0].arguments.at("time") == "2.0 s");

  for (int i = 0; i < 5; ++i) answers[static_cast<std::size_t>(i)].finished = false;
  answers[0].duration = 6;
  result = judged(answers);
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings[0].arguments.at("time") == "more than 6.0 s");
  CHECK(result.error ==
        "DNS problem: query timed out looking up TXT for _acme-challenge.app.shop.example");

  for (CaAnswer& each : answers) each.duration = 1;  // the run's own time-out came first
  CHECK(judged(answers).findings.empty());
}

TEST_CASE("Values that no server gives are told") {
  std::vector<CaAnswer> answers = all_well();
  const std::string value = "old \"value\" " + std::string(100, 'x');
  CaAnswer other = answer(3, {});
  other.reply->answer = {dns::make_txt(dns::Name::of(kProofName), 60, value),
                         dns::make_txt(dns::Name::of(kProofName), 60, "second")};
  answers[3] = other;
  Judged result = judged(answers);
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings[0].id == "ca-sees-other");
  CHECK(result.findings[0].arguments.at("failed") == "1");
  CHECK(result.error.empty());

  other.perspective = 0;
  answers[0] = other;
  result = judged(answers);
  CHECK(result.findings.at(0).arguments.at("failed") == "2");
  CHECK(result.error == "Incorrect TXT record \"old \\\"value\\\" " + std::string(88, 'x') +
                            "...\" (and 1 more) found at _acme-challenge.app.shop.example");
}

TEST_CASE("What another finding explains is not said again, but the CA's words are known") {
  ObservationBuilder world = healthy_world({kOtherDigest});  // value-outdated
  Judged result = judged(world, all_well());
  CHECK(result.findings.empty());
  CHECK(result.error ==
        "Incorrect TXT record \"" + kDigest + "\" found at _acme-challenge.app.shop.example");
}

TEST_CASE("An absent proof is an error only when one is expected") {
  std::vector<CaAnswer> answers = all_well();
  for (int i = 0; i < 5; ++i) {
    answers[static_cast<std::size_t>(i)] = failed(good(i));
    answers[static_cast<std::size_t>(i)].rcode = dns::Rcode::nxdomain;
  }
  CHECK(judged(answers).error ==
        "DNS problem: NXDOMAIN looking up TXT for _acme-challenge.app.shop.example - check that a "
        "DNS record exists for this domain");
  for (int i = 0; i < 5; ++i) answers[static_cast<std::size_t>(i)].rcode = dns::Rcode::noerror;
  CHECK(judged(answers).error == "No TXT record found at _acme-challenge.app.shop.example");
  CHECK(judged(healthy_world({}), answers).error.empty());
}

TEST_CASE("Records that do not let the CA in are told in its words") {
  std::vector<CaAnswer> answers = all_well();
  answers[6] = answer(0, {"shop.example. 60 IN CAA 0 issue \"other.example\""}, "shop.example.",
                      RecordType::caa);
  CHECK(judged(answers).error ==
        "While processing CAA for app.shop.example: CAA record for shop.example prevents issuance");
  answers[5] = answer(0, {"app.shop.example. 60 IN CAA 0 issue \"letsencrypt.org\""},
                      "app.shop.example.", RecordType::caa);
  CHECK(judged(answers).error.empty());
}
