#include "check/family.h"

#include <algorithm>

#include "support/catch.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;

namespace {

constexpr FindingKind kKind{"test-kind",   Severity::warning, Affects::client,
                            "{a} is {b}.", "RFC 1035 4.1",    "0.1.0"};

std::string saw(const Reply& reply, Purpose purpose = Purpose::proof) {
  ObservationBuilder world = healthy_world();
  const auto id = world.asked(purpose, kZone, "45.90.28.10", kProofName, RecordType::txt, reply);
  const observe::CaProfile profile = observe::default_profile();
  const Overview overview(world.observation);
  const Case test{world.observation, world.observation.targets.front(), profile, overview};
  return evidence_of(test, world.observation.exchanges[id]).saw;
}

}  // namespace

TEST_CASE("extended errors without end are cut, and each is told once") {
  ObservationBuilder world = healthy_world();
  const auto id = world.asked(Purpose::proof, kZone, "45.90.28.10", kProofName, RecordType::txt,
                              nxdomain(kZone));
  observe::Exchange exchange = world.observation.exchanges[id];
  exchange.reply->edns.emplace();
  for (char code = 0; code < 100; ++code)
    for (int i = 0; i < 2; ++i)
      exchange.reply->edns->options.push_back(
          {static_cast<std::uint16_t>(dns::EdnsCode::ede), std::string{'\x10', code}});
  const observe::CaProfile profile = observe::default_profile();
  const Overview overview(world.observation);
  const Case test{world.observation, world.observation.targets.front(), profile, overview};
  const std::string text = evidence_of(test, exchange).saw;
  CHECK(std::count(text.begin(), text.end(), ',') == 8);
}

TEST_CASE("a finding takes everything from its row and fills in the arguments") {
  const Finding finding = make_finding(kKind, "x.example.", {{"a", "{b}"}, {"b", "2"}});
  CHECK(finding.id == "test-kind");
  CHECK(finding.severity == Severity::warning);
  CHECK(finding.affects == Affects::client);
  CHECK(finding.subject == "x.example.");
  CHECK(finding.message == "{b} is 2.");
  CHECK(finding.arguments.at("b") == "2");
}

TEST_CASE("a message without its argument is a programming error") {
  CHECK_THROWS_AS(make_finding(kKind, "x.example.", {{"a", "1"}}), std::logic_error);
}

TEST_CASE("evidence names server, question in lower case, and the time of the reply") {
  ObservationBuilder world = healthy_world();
  const auto id =
      world.asked(Purpose::proof, kZone, "45.90.28.10", "_ACME-challenge.aPP.shop.example.",
                  RecordType::txt, data({txt_line(kProofName, "abc")}));
  const observe::Exchange& exchange = world.observation.exchanges[id];
  const Evidence evidence = evidence_of({world.observation, world.observation.targets.front(),
                                         observe::default_profile(), Overview(world.observation)},
                                        exchange);
  CHECK(evidence.server == "ns1.shop.example (45.90.28.10)");
  CHECK(evidence.question == "_acme-challenge.app.shop.example. TXT");
  CHECK(evidence.saw == "TXT \"abc\" (TTL 60)");
  CHECK(evidence.at ==
        Approx(world.observation.started_at + exchange.sent_at + 0.02).epsilon(1e-12));
}

TEST_CASE("evidence tells each kind of reply in a few words") {
  CHECK(saw(data({txt_line(kProofName, "a"), txt_line(kProofName, "b", 30),
                  txt_line(kProofName, "c"), txt_line(kProofName, "d")})) ==
        "TXT \"a\", \"b\", \"c\" and 1 more (TTL 30)");
  CHECK(saw(data({cname_line(kProofName, "x.cloudflare.com.")})) ==
        "CNAME → x.cloudflare.com. (TTL 300)");
  CHECK(saw(nxdomain(kZone)) == "NXDOMAIN");
  CHECK(saw(nodata(kZone)) == "no TXT record");
  CHECK(saw(refused()) == "REFUSED");
  CHECK(saw(referral({ns_line("app.shop.example.", "ns.example.")})) ==
        "referral to app.shop.example. with NS ns.example.");
  CHECK(saw(referral(
            {ns_line("app.shop.example.", "ns1.shop.example."),
             ns_line("app.shop.example.", "ns2.hoster.net.")},
            {"ns1.shop.example. 3600 IN A 192.0.2.1", "ns1.shop.example. 3600 IN AAAA 2001:db8::1",
             "other.example. 3600 IN A 192.0.2.2"})) ==
        "referral to app.shop.example. with NS ns1.shop.example. (192.0.2.1, 2001:db8::1) and "
        "ns2.hoster.net.");
  CHECK(saw(nodata("example.")) == "no TXT record, with the SOA of example.");
  CHECK(saw(silent()) == "no answer in 3.0 s");
  Reply large = over_tcp(nodata(kZone));
  large.truncated = true;
  CHECK(saw(large) == "no TXT record over TCP, truncated over UDP");
  Reply old = refused();
  old.edns = observe::EdnsSupport::rejected;
  old.letter_case = observe::CaseSupport::changed;
  CHECK(saw(old) == "REFUSED, EDNS rejected, letter case of the question changed");
  old.edns = observe::EdnsSupport::dropped;
  old.letter_case = observe::CaseSupport::kept;
  CHECK(saw(old) == "REFUSED, silent to EDNS");
  Reply drowned = silent();
  drowned.mismatched = 2;
  CHECK(saw(drowned) == "no answer in 3.0 s, wrong replies dropped: 2");
  CHECK(saw(no_reply(Outcome::refused), Purpose::proof_tcp) == "connection refused over TCP");
}

TEST_CASE("evidence shows a whole account URI in a CAA record") {
  const std::string uri = "https://acme-v02.api.letsencrypt.org/acme/acct/1234567890";
  const std::string value =
      "letsencrypt.org; validationmethods=dns-01,dns-account-01; accounturi=" + uri;
  ObservationBuilder world = healthy_world();
  const auto id = world.asked(Purpose::caa, kZone, "45.90.28.10", kZone, RecordType::caa,
                              data({kZone + " 60 IN CAA 0 issue \"" + value + "\""}));
  const Overview overview(world.observation);
  const observe::CaProfile profile = observe::default_profile();
  const Case test{world.observation, world.observation.targets.front(), profile, overview};
  CHECK(evidence_of(test, world.observation.exchanges[id]).saw ==
        "CAA 0 issue \"" + value + "\" (TTL 60)");
}

TEST_CASE("evidence cuts values that are too long to read") {
  const std::string shown = saw(data({txt_line(kProofName, std::string(200, 'x'))}));
  CHECK(shown == "TXT \"" + std::string(99, 'x') + "… (TTL 60)");
}
