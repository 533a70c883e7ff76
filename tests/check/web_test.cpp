// The family "web" over hand-made fetches: what a CA would get, address by address.
#include <algorithm>

#include "check/family.h"
#include "check/web.h"
#include "support/catch.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::check;
using namespace dcv::testing;

namespace {

const std::string kName = "app.shop.example.";
const std::string kV4 = "104.18.10.5", kOtherV4 = "104.18.11.5", kV6 = "2606:4700::6812:a05";
const std::string kToken = "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA";
const std::string kKeyAuthorization = kToken + "." + kDigest;
const std::string kUrl = "http://app.shop.example/.well-known/acme-challenge/" + kToken;

observe::Fetch fetch(const std::string& address, int status, const std::string& body = {}) {
  observe::Fetch made;
  made.url = kUrl;
  made.host = dns::Name::of(kName);
  made.address = dns::IpAddress::of(address);
  made.connected = true;
  made.outcome = Outcome::reply;
  made.status = status;
  made.body = body;
  return made;
}

observe::Fetch dead(const std::string& address, Outcome outcome = Outcome::timeout) {
  observe::Fetch made = fetch(address, 0);
  made.connected = false;
  made.outcome = outcome;
  return made;
}

observe::Fetch failed(const std::string& address, Outcome outcome, const std::string& detail) {
  observe::Fetch made = dead(address, outcome);
  made.connected = true;
  made.detail = detail;
  return made;
}

observe::Fetch redirect(const std::string& address, const std::string& location, int status = 301) {
  observe::Fetch made = fetch(address, status);
  made.location = location;
  return made;
}

observe::Fetch following(observe::Fetch made, const std::string& url, const std::string& host,
                         std::size_t from, int hop = 1) {
  made.url = url;
  made.host = dns::Name::of(host);
  made.hop = hop;
  made.came_from = from;
  return made;
}

class World : public ObservationBuilder {
 public:
  explicit World(std::vector<observe::Fetch> fetches,
                 std::vector<std::string> expected = {kKeyAuthorization}) {
    zone("example.", ".", false).server("a.nic.example.", {"45.90.0.1"});
    zone(kZone, "example.").server("ns1.shop.example.", {"45.90.28.10", "2a07:a8c0::10"});
    target("app.shop.example", std::move(expected)).step(kName, kZone, StepEnd::answer);
    observe::Target& target = web_target();
    target.method = "http-01";
    target.validation_name = dns::Name::of(kName);
    target.type = RecordType::a;
    target.others.push_back({dns::Name::of(kName), RecordType::aaaa, target.steps});
    target.others.front().steps.back().end = StepEnd::nodata;
    target.web = {kUrl, true, std::move(fetches), {}};
    asked_all(Purpose::proof, kZone, kName, RecordType::a,
              data({kName + " 300 IN A " + kV4, kName + " 300 IN A " + kOtherV4}));
    asked_all(Purpose::proof, kZone, kName, RecordType::aaaa,
              data({kName + " 300 IN AAAA " + kV6}));
  }
  observe::Target& web_target() { return observation.targets.front(); }
};

std::vector<Finding> judge(const World& world,
                           const observe::CaProfile& profile = observe::default_profile()) {
  std::vector<Finding> findings;
  kWebFamily.check(
      {world.observation, world.observation.targets.front(), profile, Overview(world.observation)},
      findings);
  return findings;
}

Finding only(const World& world, const observe::CaProfile& profile = observe::default_profile()) {
  const std::vector<Finding> findings = judge(world, profile);
  std::string ids;
  for (const Finding& each : findings) ids += each.id + " ";
  INFO(ids);
  REQUIRE(findings.size() == 1);
  return findings.front();
}

observe::CaProfile ca(const std::string& name) {
  observe::CaProfile profile = observe::default_profile();
  profile.name = profile.title = name;
  return profile;
}

const std::string kFileUrl = "http://app.shop.example/.well-known/pki-validation/ABC.txt";

World file_world(std::vector<observe::Fetch> fetches, std::vector<std::string> expected) {
  for (observe::Fetch& each : fetches)
    if (each.hop == 0) each.url = kFileUrl;
  World world(std::move(fetches), std::move(expected));
  world.web_target().method = "http-file";
  return world;
}

}  // namespace

TEST_CASE("the right file at every address needs no word") {
  CHECK(judge(World({fetch(kV4, 200, kKeyAuthorization)})).empty());
  CHECK(judge(World({fetch(kV6, 200, kKeyAuthorization + "\r\n"),
                     fetch(kV4, 200, kKeyAuthorization)}))
            .empty());
}

TEST_CASE("without a token a clean denial needs no word") {
  CHECK(judge(World({fetch(kV4, 404, "Not Found")}, {})).empty());
  CHECK(judge(World({fetch(kV6, 410), fetch(kV4, 410)}, {})).empty());
}

TEST_CASE("methods that fetch no file are left alone by the family web") {
  World world({fetch(kV4, 500)});
  for (const char* method : {"dns-01", "tls-alpn-01", "email"}) {
    world.web_target().method = method;
    CHECK(judge(world).empty());
  }
}

TEST_CASE("a name without A and AAAA has no web server") {
  World world({});
  world.web_target().steps.back().end = StepEnd::nodata;
  const Finding finding = only(world);
  CHECK(finding.id == "web-no-address");
  CHECK(finding.subject == kName);
  CHECK(finding.evidence.size() == 2);
  world.web_target().others.front().steps.back().end = StepEnd::no_usable_reply;
  CHECK(judge(world).empty());
  CHECK(web::is_undecided({world.observation, world.web_target(), observe::default_profile(),
                           Overview(world.observation)}));
}

TEST_CASE("a server that lacks the addresses which others have is a matter of chance") {
  World world({fetch(kV4, 200, kKeyAuthorization)});
  world.asked(Purpose::proof, kZone, "45.90.28.10", kName, RecordType::a, nodata(kZone));
  CHECK(judge(world).empty());
  world.asked(Purpose::proof, kZone, "45.90.28.10", kName, RecordType::aaaa, nodata(kZone));
  const Finding finding = only(world);
  CHECK(finding.id == "web-address-missing");
  CHECK(finding.arguments.at("servers") == "ns1.shop.example (45.90.28.10)");
  const Overview overview(world.observation);
  CHECK(web::right_share({world.observation, world.observation.targets.front(),
                          observe::default_profile(), overview}) == Approx(0.5));
}

TEST_CASE("addresses that were never asked leave it undecided") {
  const World none({});
  const World limited({dead(kV4, Outcome::not_asked)});
  for (const World* world : {&none, &limited}) {
    CHECK(judge(*world).empty());
    CHECK(web::is_undecided({world->observation, world->observation.targets.front(),
                             observe::default_profile(), Overview(world->observation)}));
  }
}

TEST_CASE("an address of special purpose is an error by itself, beside others a warning") {
  const observe::Fetch home = dead("192.168.1.10", Outcome::not_asked);
  const Finding alone = only(World({home}));
  CHECK(alone.id == "web-address-reserved");
  CHECK(alone.severity == Severity::error);
  CHECK(alone.message ==
        "app.shop.example has addresses that no CA asks: 192.168.1.10 (private use)");
  const Finding beside = only(World({home, fetch(kV4, 200, kKeyAuthorization)}));
  CHECK(beside.id == "web-address-reserved");
  CHECK(beside.severity == Severity::warning);
}

TEST_CASE("where IPv6 does not connect the CA comes to IPv4") {
  const Finding finding = only(World({dead(kV6), fetch(kV4, 200, kKeyAuthorization)}));
  CHECK(finding.id == "web-ipv6-unreachable");
  CHECK(finding.severity == Severity::warning);
  REQUIRE(finding.remedy.edits.size() == 1);
  CHECK(finding.remedy.edits.front() ==
        Edit{kZone, "", {"app.shop.example. 300 IN AAAA 2606:4700::6812:a05"}, {}});
}

TEST_CASE("without IPv6 here nothing is said of IPv6 addresses") {
  World world({dead(kV6, Outcome::unreachable), fetch(kV4, 200, kKeyAuthorization)});
  world.asked(Purpose::proof, kZone, "2a07:a8c0::10", kName, RecordType::a,
              no_reply(Outcome::unreachable));
  world.asked(Purpose::proof, kZone, "2a07:a8c0::10", kName, RecordType::aaaa,
              no_reply(Outcome::unreachable));
  CHECK(judge(world).empty());
}

TEST_CASE("a port that nobody answers at stops the CA") {
  const Finding refused = only(World({dead(kV4, Outcome::refused)}));
  CHECK(refused.id == "web-unreachable");
  CHECK(refused.message ==
        "No web server can be reached at 104.18.10.5, port 80: the connection is refused");
  CHECK(only(World({dead(kV6), dead(kV4)})).id == "web-unreachable");
}

TEST_CASE("over a connection that stands the CA does not come to IPv4") {
  const World world({fetch(kV6, 404), fetch(kV4, 200, kKeyAuthorization)});
  const Finding finding = only(world);
  CHECK(finding.id == "web-status");
  CHECK(finding.severity == Severity::error);
  CHECK(finding.remedy.action.starts_with("The CA asks IPv6 first"));
  REQUIRE(finding.remedy.edits.size() == 1);
  CHECK(finding.remedy.edits.front().remove.size() == 1);
}

TEST_CASE("one of several addresses with another answer is a matter of chance") {
  const Finding finding = only(World({fetch(kV4, 200, kKeyAuthorization), fetch(kOtherV4, 404)}));
  CHECK(finding.id == "web-addresses-differ");
  CHECK(finding.severity == Severity::warning);
  CHECK(finding.message ==
        "The addresses of app.shop.example give different answers: status 200 from 104.18.10.5; "
        "status 404 from 104.18.11.5");
  CHECK(finding.evidence.size() == 2);
  CHECK(only(World({fetch(kV6, 200, kKeyAuthorization), fetch(kV4, 404)})).id ==
        "web-addresses-differ");
}

TEST_CASE("without a token different servers behind the addresses show by their names") {
  observe::Fetch nginx = fetch(kV6, 404), apache = fetch(kV4, 404);
  nginx.server = "nginx";
  apache.server = "Apache";
  CHECK(only(World({nginx, apache}, {})).id == "web-addresses-differ");
  nginx.body = apache.body = kKeyAuthorization;
  nginx.status = apache.status = 200;
  CHECK(judge(World({nginx, apache})).empty());
}

TEST_CASE("replies that are no HTTP stop the CA") {
  CHECK(only(World({failed(kV4, Outcome::closed, "104.18.10.5 closed the connection")})).id ==
        "web-reply-broken");
  CHECK(only(World({failed(kV4, Outcome::timeout, "104.18.10.5 sent no reply within 9 s")})).id ==
        "web-reply-broken");
  CHECK(only(World({failed(kV4, Outcome::malformed,
                           "104.18.10.5 speaks TLS where plain HTTP was asked for")}))
            .id == "web-https-on-http-port");
  CHECK(only(World({fetch(kV4, 400,
                          "<center>The plain HTTP request was sent to HTTPS port</center>")}))
            .id == "web-https-on-http-port");
}

TEST_CASE("any status but 200 stops ACME, 2xx will do for a file") {
  CHECK(only(World({fetch(kV4, 203, kKeyAuthorization)})).id == "web-status");
  CHECK(judge(file_world({fetch(kV4, 203, "value")}, {"value"})).empty());
  CHECK(only(file_world({fetch(kV4, 404)}, {"value"})).id == "web-status");
}

TEST_CASE("without a token an error of the server is a warning") {
  const Finding finding = only(World({fetch(kV4, 503)}, {}));
  CHECK(finding.id == "web-status");
  CHECK(finding.severity == Severity::warning);
}

TEST_CASE("a body that is not the key authorization is told with the way to mend it") {
  const auto action = [](const std::string& body) {
    const Finding finding = only(World({fetch(kV4, 200, body)}));
    CHECK(finding.id == "web-body-differs");
    return finding.remedy.action;
  };
  CHECK(action("<html>welcome</html>").find("a page of the site") != std::string::npos);
  CHECK(action("\xEF\xBB\xBF" + kKeyAuthorization).find("byte order mark") != std::string::npos);
  CHECK(action(kToken + "." + kOtherDigest).find("another ACME account") != std::string::npos);
  CHECK(action("x " + kKeyAuthorization).find("nothing but the value") != std::string::npos);
  CHECK(action("").find("serve") != std::string::npos);
}

TEST_CASE("blanks at the end are fine, as long as there are not too many") {
  CHECK(judge(World({fetch(kV4, 200, kKeyAuthorization + " \t\r\n")})).empty());
  const Finding finding = only(World({fetch(kV4, 200, kKeyAuthorization + std::string(60, '\n'))}));
  CHECK(finding.id == "web-body-too-long");
  CHECK(finding.arguments.at("bytes") == "147");
}

TEST_CASE("a file holds its lines, whichever way they end") {
  const std::string lines = "c9c8\nsectigo.com\nabc123";
  CHECK(judge(file_world({fetch(kV4, 200, "c9c8\r\nsectigo.com\r\nabc123\r\n")}, {lines})).empty());
  CHECK(only(file_world({fetch(kV4, 200, "c9c8\nsectigo.com\n")}, {lines})).id ==
        "web-body-differs");
}

TEST_CASE("a page for a made-up file is worth a notice") {
  const Finding finding = only(World({fetch(kV4, 200, "<html>")}, {}));
  CHECK(finding.id == "web-catch-all");
  CHECK(finding.severity == Severity::notice);
}

TEST_CASE("whoever answers in the server's place is named") {
  observe::Fetch modem = fetch(kV4, 401);
  modem.server = "micro_httpd";
  CHECK(only(World({modem}, {})).id == "web-blocked-page");
  CHECK(only(World({fetch(kV4, 200, "<script src=\"/aes.js\">")}))
            .arguments.at("what")
            .find("testcookie") != std::string::npos);
  CHECK(only(World({fetch(kV4, 503, "<b>Application:</b> acme-protocol")})).id ==
        "web-blocked-page");
}

TEST_CASE("redirects that CAs follow are followed to the end") {
  const std::string url = "https://www.shop.example/x";
  const World fine({redirect(kV4, url), following(fetch(kOtherV4, 200, kKeyAuthorization), url,
                                                  "www.shop.example", 0)});
  CHECK(judge(fine).empty());
  const World missing(
      {redirect(kV4, url), following(fetch(kOtherV4, 404), url, "www.shop.example", 0)});
  CHECK(only(missing).id == "web-status");
}

TEST_CASE("after a redirect there is no way back from IPv6") {
  const std::string url = "https://www.shop.example/x";
  const World world(
      {redirect(kV4, url), following(dead(kV6), url, "www.shop.example", 0),
       following(fetch(kOtherV4, 200, kKeyAuthorization), url, "www.shop.example", 0)});
  const Finding finding = only(world);
  CHECK(finding.id == "web-redirect-unreachable");
  CHECK(finding.arguments.at("address") == kV6);
}

TEST_CASE("redirects that CAs do not follow are refused with the reason") {
  const auto reason = [](const std::string& location, int status = 301) {
    const Finding finding = only(World({redirect(kV4, location, status)}));
    CHECK(finding.id == "web-redirect-refused");
    return finding.arguments.at("reason");
  };
  CHECK(reason("http://app.shop.example:8080/x") == "port");
  CHECK(reason("ftp://app.shop.example/x") == "scheme");
  CHECK(reason("https://app.shop.example/x", 303) == "status");
  CHECK(reason(kUrl) == "loop");
  CHECK(reason("http://192.168.1.1/x") == "reserved-address");
  CHECK(reason("https://app.shop.example.well-known/x") == "missing-slash");
}

TEST_CASE("a redirect to a name with a private address is refused, to one without unresolved") {
  const std::string url = "https://www.shop.example/x";
  const World inside({redirect(kV4, url),
                      following(dead("10.0.0.1", Outcome::not_asked), url, "www.shop.example", 0)});
  CHECK(only(inside).arguments.at("reason") == "reserved-address");
  CHECK(only(World({redirect(kV4, url)})).id == "web-redirect-host-unresolved");
}

TEST_CASE("what a CA follows depends on the CA") {
  const std::string url = "https://www.provider.org/x";
  const World world = file_world(
      {redirect(kV4, url), following(fetch(kOtherV4, 200, "value"), url, "www.provider.org", 0)},
      {"value"});
  CHECK(judge(world, ca("globalsign")).empty());
  CHECK(only(world, ca("sectigo")).arguments.at("reason") == "none-followed");
  CHECK(only(world, ca("digicert")).arguments.at("reason") == "other-domain");
}

TEST_CASE("TLS behind a redirect has to stand, and to be TLS") {
  const std::string url = "https://www.shop.example/x";
  const auto after = [&](const std::string& detail) {
    return only(World({redirect(kV4, url), following(failed(kOtherV4, Outcome::tls_failed, detail),
                                                     url, "www.shop.example", 0)}))
        .id;
  };
  CHECK(after("www.shop.example does not speak TLS") == "web-http-on-https-port");
  CHECK(after("www.shop.example does not offer TLS 1.2 or newer") == "web-tls-failed");
}

TEST_CASE("a CDN in front is worth knowing, nothing more") {
  observe::Fetch edge = fetch(kV4, 404);
  edge.server = "cloudflare";
  const Finding finding = only(World({edge}, {}));
  CHECK(finding.id == "web-cdn-in-front");
  CHECK(finding.severity == Severity::info);
}

TEST_CASE("a file for the domain itself tells of www, and the other way round") {
  World world = file_world({fetch(kV4, 200, "value")}, {"value"});
  world.web_target().validation_name = dns::Name::of("shop.example.");
  const Finding apex = only(world);
  CHECK(apex.id == "web-name-alone");
  CHECK(apex.arguments.at("other") == "www.shop.example");
  world.web_target().validation_name = dns::Name::of("www.shop.example.");
  CHECK(only(world).arguments.at("other") == "shop.example");
  observe::Target both = world.web_target();
  both.identifier = "shop.example";
  world.observation.targets.push_back(both);
  CHECK(judge(world).empty());
}
