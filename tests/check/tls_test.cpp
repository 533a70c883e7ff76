#include "check/tls.h"

#include "check/evaluate.h"
#include "support/catch.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;
using observe::Handshake;

namespace {

const std::string kV4 = "45.90.29.81", kOtherV4 = "45.90.29.82", kV6 = "2a07:a8c2::81";
const std::string kHex = "2cfb08c13a3ba3c0681b4faf8c2c8640605649520fc48fa2fd7df7e9e50e419a";
const std::string kOtherHex(64, 'a');
constexpr int kProtocolVersion = 70, kUnrecognizedName = 112, kNoApplicationProtocol = 120;

observe::ShownCertificate certificate_of_an_order(const std::string& digest = kHex) {
  return {.subject = "CN = ACME challenge",
          .issuer = "CN = ACME challenge",
          .self_signed = true,
          .dns_names = {"app.shop.example"},
          .other_names = 0,
          .acme_identifier = true,
          .acme_critical = true,
          .acme_digest = digest};
}

observe::ShownCertificate certificate_of_a_ca(const std::string& name = "app.shop.example") {
  return {.subject = "CN = " + name,
          .issuer = "C = US, O = Let's Encrypt, CN = E7",
          .self_signed = false,
          .dns_names = {name},
          .other_names = 0,
          .acme_identifier = false,
          .acme_critical = false,
          .acme_digest = {}};
}

Handshake with(const std::string& address) {
  Handshake made;
  made.host = dns::Name::of("app.shop.example");
  made.address = dns::IpAddress::of(address);
  return made;
}

Handshake shows(const std::string& address, const observe::ShownCertificate& certificate,
                const std::string& protocol = "acme-tls/1") {
  Handshake made = with(address);
  made.connected = true;
  made.outcome = Outcome::reply;
  made.tls_version = "TLSv1.3";
  made.protocol = protocol;
  made.certificate = certificate;
  return made;
}

Handshake fails(const std::string& address, Outcome outcome, bool connected = false,
                int alert = 0) {
  Handshake made = with(address);
  made.connected = connected;
  made.outcome = outcome;
  made.alert = alert;
  made.detail = address + " (port 443) fails";
  return made;
}

Handshake silent_at(const std::string& address) {
  return fails(address, Outcome::timeout);
}

ObservationBuilder world_with(const std::vector<Handshake>& handshakes,
                              std::vector<std::string> expected = {}) {
  ObservationBuilder world = healthy_world(std::move(expected));
  observe::Target& target = world.observation.targets.front();
  target.method = "tls-alpn-01";
  target.type = RecordType::a;
  target.validation_name = dns::Name::of("app.shop.example");
  target.steps.front().name = target.validation_name;
  target.web.handshakes = handshakes;
  return world;
}

std::vector<Finding> judged(const ObservationBuilder& world, const std::string& ca = "any") {
  observe::CaProfile profile = observe::default_profile();
  profile.name = ca;
  const Overview overview(world.observation);
  std::vector<Finding> findings;
  kTlsFamily.check({world.observation, world.observation.targets.front(), profile, overview},
                   findings);
  return findings;
}

std::vector<Finding> found(const std::vector<Handshake>& handshakes,
                           std::vector<std::string> expected = {}) {
  return judged(world_with(handshakes, std::move(expected)));
}

void is(const std::vector<Finding>& findings, const std::string& id, Severity severity,
        const std::string& message) {
  REQUIRE(findings.size() == 1);
  CHECK(findings.front().id == id);
  CHECK(findings.front().severity == severity);
  CHECK(findings.front().message == message);
  CHECK(findings.front().subject == "app.shop.example.");
  CHECK_FALSE(findings.front().evidence.empty());
  CHECK_FALSE(findings.front().remedy.action.empty());
}

// What is said of one certificate that all addresses show during the order.
std::string fault(const observe::ShownCertificate& certificate) {
  const auto findings = found({shows(kV4, certificate)}, {kDigest});
  if (findings.empty()) return "";
  is(findings, "tls-certificate-wrong", Severity::error,
     "The certificate that app.shop.example shows for acme-tls/1 at 45.90.29.81 " +
         findings.front().arguments.at("fault"));
  return findings.front().arguments.at("fault");
}

}  // namespace

TEST_CASE("a name without public address is an error") {
  ObservationBuilder world = world_with({});
  observe::Target& target = world.observation.targets.front();
  CHECK(judged(world).empty());  // there are A records, but nobody was asked
  target.steps.front().end = StepEnd::nodata;
  observe::Place place{target.validation_name, RecordType::aaaa, target.steps};
  target.others = {place};
  const std::string message = "app.shop.example has no address at which a CA would look: ";
  world.asked_all(Purpose::proof, kZone, "app.shop.example.", RecordType::a, nodata(kZone));
  is(judged(world), "tls-no-address", Severity::error,
     message + "it has neither A nor AAAA records");
  target.others.front().steps.front().end = StepEnd::no_usable_reply;
  CHECK(judged(world).empty());
  target.web.handshakes = {fails("10.0.0.1", Outcome::not_asked),
                           fails("fd00::1", Outcome::not_asked)};
  is(judged(world), "tls-no-address", Severity::error,
     message + "its addresses are not public: 10.0.0.1 (private use) and fd00::1 (" +
         std::string(dns::IpAddress::of("fd00::1").special_purpose()) + ")");
  target.web.handshakes.push_back(shows(kV4, certificate_of_an_order()));
  CHECK(judged(world).empty());
}

TEST_CASE("the certificate of the order is silence, in whichever form its digest is given") {
  const std::vector<Handshake> right = {shows(kV6, certificate_of_an_order()),
                                        shows(kV4, certificate_of_an_order())};
  CHECK(found(right).empty());
  CHECK(found(right, {kDigest}).empty());
  CHECK(found(right, {kHex}).empty());
  CHECK(found(right, {kOtherDigest, kDigest}).empty());
}

TEST_CASE("other methods and targets without handshakes are left alone") {
  ObservationBuilder world = world_with({silent_at(kV4)});
  world.observation.targets.front().method = "http-01";
  CHECK(judged(world).empty());
  CHECK(found({}).empty());
}

TEST_CASE("without an order a server need not know acme-tls/1, during it it must") {
  const std::vector<Handshake> ordinary = {shows(kV4, certificate_of_a_ca(), "")};
  const std::vector<Handshake> refuses = {
      fails(kV4, Outcome::tls_failed, true, kNoApplicationProtocol)};
  const std::string message = "app.shop.example does not select acme-tls/1 at 45.90.29.81";
  for (const auto& handshakes : {ordinary, refuses}) {
    is(found(handshakes), "tls-alpn-missing", Severity::info, message);
    is(found(handshakes, {kDigest}), "tls-alpn-missing", Severity::error, message);
  }
}

TEST_CASE("each departure from RFC 8737 in the certificate is told") {
  observe::ShownCertificate shown = certificate_of_an_order();
  CHECK(fault(shown).empty());
  shown.dns_names = {"APP.shop.example"};
  CHECK(fault(shown).empty());
  shown.dns_names = {"shop.example"};
  CHECK(fault(shown) == "is for shop.example, not for app.shop.example");
  shown.dns_names = {"app.shop.example", "shop.example"};
  CHECK(fault(shown) ==
        "has not exactly one subject alternative name: app.shop.example and shop.example");
  shown.dns_names = {};
  CHECK(fault(shown) == "has not exactly one subject alternative name: none");
  shown = certificate_of_an_order();
  shown.other_names = 1;
  CHECK(fault(shown) ==
        "has not exactly one subject alternative name: app.shop.example and 1 "
        "that are no DNS names");
  shown = certificate_of_an_order();
  shown.self_signed = false;
  shown.issuer = "CN = Our CA";
  CHECK(fault(shown) == "is not self-signed, but issued by CN = Our CA");
  shown = certificate_of_an_order();
  shown.acme_critical = false;
  CHECK(fault(shown) == "has its acmeIdentifier extension not marked critical");
  shown = certificate_of_an_order("");
  CHECK(fault(shown) == "has no SHA-256 digest in its acmeIdentifier extension");
  CHECK(fault(certificate_of_a_ca()) == "has no acmeIdentifier extension");
  CHECK(fault(certificate_of_an_order(kOtherHex)) ==
        "has the digest " + kOtherHex + ", not the one expected");
}

TEST_CASE("an expected value that is no digest fits no certificate") {
  const auto findings = found({shows(kV4, certificate_of_an_order())}, {"token"});
  REQUIRE(findings.size() == 1);
  CHECK(findings.front().id == "tls-certificate-wrong");
}

TEST_CASE("without an order a wrong certificate is a warning, and an ordinary one a notice") {
  observe::ShownCertificate shown = certificate_of_an_order();
  shown.acme_critical = false;
  CHECK(found({shows(kV4, shown)}).front().severity == Severity::warning);
  CHECK(found({shows(kV4, certificate_of_a_ca())}).front().severity == Severity::notice);
}

TEST_CASE("a port that does not answer is an error, a closed one may be opened by the client") {
  is(found({silent_at(kV4)}), "tls-unreachable", Severity::error,
     "Port 443 of app.shop.example cannot be reached at 45.90.29.81: 45.90.29.81 (port 443) fails");
  const std::vector<Handshake> closed = {fails(kV4, Outcome::refused)};
  CHECK(found(closed).front().severity == Severity::warning);
  CHECK(found(closed, {kDigest}).front().severity == Severity::error);
  const auto mixed = found({fails(kV4, Outcome::refused), silent_at(kOtherV4)});
  REQUIRE(mixed.size() == 1);
  CHECK(mixed.front().severity == Severity::error);
  CHECK(mixed.front().arguments.at("addresses") == "45.90.29.81 and 45.90.29.82");
}

TEST_CASE("one dead address of several is a warning") {
  is(found({silent_at(kV4), shows(kOtherV4, certificate_of_an_order())}, {kDigest}),
     "tls-unreachable", Severity::warning,
     "Port 443 of app.shop.example cannot be reached at 45.90.29.81: 45.90.29.81 (port 443) fails");
}

TEST_CASE("IPv6 that fails beside IPv4 is a risk, but not with a CA that falls back") {
  for (const Handshake& dead : {silent_at(kV6), fails(kV6, Outcome::tls_failed, true),
                                fails(kV6, Outcome::tls_failed, true, kProtocolVersion)}) {
    const auto world = world_with({dead, shows(kV4, certificate_of_an_order())}, {kDigest});
    is(judged(world), "tls-ipv6-unreachable", Severity::warning,
       "Port 443 of app.shop.example gives no TLS session over IPv6, at 2a07:a8c2::81, though it "
       "does over IPv4: 2a07:a8c2::81 (port 443) fails");
    CHECK(judged(world, "letsencrypt").front().severity == Severity::notice);
  }
}

TEST_CASE("where neither family answers, IPv6 is not told apart") {
  const auto findings = found({silent_at(kV6), silent_at(kV4)});
  REQUIRE(findings.size() == 1);
  CHECK(findings.front().id == "tls-unreachable");
  CHECK(findings.front().arguments.at("addresses") == "2a07:a8c2::81 and 45.90.29.81");
}

TEST_CASE("IPv6 is not blamed where this machine has none, nor what was not asked") {
  ObservationBuilder world =
      world_with({silent_at(kV6), shows(kV4, certificate_of_an_order())}, {kDigest});
  for (const char* address : {"2a07:a8c0::10", "2a07:a8c1::10"})
    world.always(address, no_reply(Outcome::unreachable));
  CHECK(judged(world).empty());
  CHECK(found({fails(kV4, Outcome::not_asked)}).empty());
  CHECK(found({fails(kV4, Outcome::unreachable)}).empty());
}

TEST_CASE("old versions and failed handshakes have findings of their own") {
  is(found({fails(kV4, Outcome::tls_failed, true, kProtocolVersion)}), "tls-version-old",
     Severity::error, "app.shop.example does not offer TLS 1.2 or newer at 45.90.29.81");
  const std::vector<Handshake> failed = {fails(kV4, Outcome::tls_failed, true, kUnrecognizedName)};
  const std::string message =
      "The TLS handshake with app.shop.example fails at 45.90.29.81: 45.90.29.81 (port 443) fails";
  is(found(failed), "tls-handshake-failed", Severity::warning, message);
  is(found(failed, {kDigest}), "tls-handshake-failed", Severity::error, message);
  is(found({fails(kV4, Outcome::timeout, true)}, {kDigest}), "tls-handshake-failed",
     Severity::error, message);
}

TEST_CASE("another network that ends TLS is told by certificate, alias or address") {
  const auto certificate = found({shows(kV4, certificate_of_a_ca("sni.cloudflaressl.com"), "")});
  is(certificate, "tls-cdn-in-front", Severity::error,
     "Cloudflare ends TLS in front of app.shop.example at 45.90.29.81, and does not pass "
     "acme-tls/1 on: it shows a certificate for sni.cloudflaressl.com");
  const auto address = found({shows("104.18.10.5", certificate_of_a_ca(), "")});
  is(address, "tls-cdn-in-front", Severity::error,
     "Cloudflare ends TLS in front of app.shop.example at 104.18.10.5, and does not pass "
     "acme-tls/1 on: the address 104.18.10.5 is one of its network");
  ObservationBuilder world = world_with({shows(kV4, certificate_of_a_ca(), "")});
  world.observation.targets.front().steps.front().target =
      dns::Name::of("D111111abcdef8.cloudfront.net");
  is(judged(world), "tls-cdn-in-front", Severity::error,
     "Amazon CloudFront ends TLS in front of app.shop.example at 45.90.29.81, and does not pass "
     "acme-tls/1 on: the name is an alias for d111111abcdef8.cloudfront.net");
}

TEST_CASE("a network that ends the handshake is told, too, but not one that cannot be reached") {
  const auto refused = found({fails("104.18.10.5", Outcome::tls_failed, true, kUnrecognizedName)});
  REQUIRE(refused.size() == 1);
  CHECK(refused.front().id == "tls-cdn-in-front");
  CHECK(found({silent_at("104.18.10.5")}).front().id == "tls-unreachable");
}

TEST_CASE("the verdict and the next step depend on whether an order is open") {
  const auto judgement = [](const std::vector<Handshake>& handshakes,
                            std::vector<std::string> expected) {
    ObservationBuilder world = world_with(handshakes, std::move(expected));
    world.asked_all(Purpose::proof, kZone, "app.shop.example.", RecordType::a,
                    data({"app.shop.example. 60 IN A " + kV4}));
    return evaluate(world.observation).front();
  };
  const Judgement before = judgement({shows(kV4, certificate_of_a_ca(), "")}, {});
  CHECK(before.verdict == Verdict::ready);
  CHECK(before.next_step ==
        "Order the certificate; the ACME client has to answer acme-tls/1 on port 443 during the "
        "order.");
  const Judgement open = judgement({shows(kV4, certificate_of_an_order())}, {kDigest});
  CHECK(open.verdict == Verdict::ready);
  CHECK(open.next_step == "Ask the CA now.");
  CHECK(judgement({shows(kV4, certificate_of_a_ca(), "")}, {kDigest}).verdict == Verdict::blocked);
  CHECK(judgement({fails(kV4, Outcome::not_asked)}, {}).verdict == Verdict::unknown);
}

TEST_CASE("a network that passes acme-tls/1 on is no obstacle") {
  CHECK(found({shows("104.18.10.5", certificate_of_an_order())}, {kDigest}).empty());
}

TEST_CASE("a CDN at some of the addresses is a warning beside those that work") {
  const auto findings = found(
      {shows("104.18.10.5", certificate_of_a_ca(), ""), shows(kV4, certificate_of_an_order())},
      {kDigest});
  REQUIRE(findings.size() == 1);
  CHECK(findings.front().id == "tls-cdn-in-front");
  CHECK(findings.front().severity == Severity::warning);
}

TEST_CASE("addresses that do not all show the certificate differ") {
  const std::string message =
      "The addresses of app.shop.example differ: at 45.90.29.81 the certificate of tls-alpn-01 is "
      "shown, at 45.90.29.82 it is not";
  const Handshake right = shows(kV4, certificate_of_an_order());
  for (const std::vector<std::string>& expected :
       {std::vector<std::string>{}, std::vector<std::string>{kDigest}}) {
    is(found({right, shows(kOtherV4, certificate_of_a_ca(), "")}, expected), "tls-addresses-differ",
       Severity::warning, message);
    is(found({right, shows(kOtherV4, certificate_of_an_order(kOtherHex))}, expected),
       "tls-addresses-differ", Severity::warning, message);
  }
}

TEST_CASE("the chance goes by the addresses that a CA takes, IPv6 first") {
  const auto share = [](const std::vector<Handshake>& handshakes,
                        std::vector<std::string> expected = {kDigest}) {
    const ObservationBuilder world = world_with(handshakes, std::move(expected));
    return tls::right_share({world.observation, world.observation.targets.front(),
                             observe::default_profile(), Overview(world.observation)});
  };
  const Handshake right = shows(kV4, certificate_of_an_order());
  const Handshake wrong = shows(kOtherV4, certificate_of_an_order(kOtherHex));
  CHECK(share({right, wrong}) == Approx(0.5));
  CHECK(share({right, wrong, silent_at(kV6)}) == Approx(0.5));
  CHECK(share({right, wrong, shows(kV6, certificate_of_an_order())}) == 1);
  CHECK(share({right, shows(kV6, certificate_of_an_order(kOtherHex))}) == 0);
  CHECK(share({silent_at(kV4)}) == 0);
  CHECK(share({silent_at(kV4)}, {}) == 1);
  CHECK(share({}) == 1);
}

TEST_CASE("the certificates of two orders do not differ when both are expected") {
  const std::string other = "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo";
  CHECK(found({shows(kV4, certificate_of_an_order()),
               shows(kOtherV4, certificate_of_an_order(kOtherHex))},
              {kDigest, other})
            .empty());
}

TEST_CASE("where no handshake says anything, nothing is decided") {
  const auto undecided = [](const ObservationBuilder& world) {
    const observe::CaProfile profile = observe::default_profile();
    const Overview overview(world.observation);
    return tls::is_undecided(
        {world.observation, world.observation.targets.front(), profile, overview});
  };
  CHECK(undecided(world_with({})));
  CHECK(undecided(world_with({fails(kV4, Outcome::not_asked)})));
  CHECK_FALSE(undecided(world_with({silent_at(kV4)})));
  CHECK_FALSE(undecided(healthy_world()));
}

TEST_CASE("the evidence names address, question and what was shown") {
  const auto findings = found({shows(kV4, certificate_of_a_ca(), "")}, {kDigest});
  REQUIRE(findings.size() == 1);
  REQUIRE(findings.front().evidence.size() == 1);
  const Evidence& evidence = findings.front().evidence.front();
  CHECK(evidence.server == "app.shop.example (45.90.29.81)");
  CHECK(evidence.question == "TLS port 443, ALPN acme-tls/1");
  CHECK(evidence.saw ==
        "TLSv1.3, no protocol selected, certificate for app.shop.example, issued by C = US, O = "
        "Let's Encrypt, CN = E7");
}
