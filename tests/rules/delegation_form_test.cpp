// Records to publish, made from the shipped table of providers.
#include "rules/delegation_form.h"

#include "support/catch.h"

using namespace dcv;
using rules::Delegation;
using rules::Host;

namespace {

const std::string kCloudflareId = "8a602f2b29d92dc2";
const Host kApp = {dns::Name::of("app.shop.example"), {"app.shop.example"}};
const Host kApex = {dns::Name::of("shop.example"), {"shop.example", "*.shop.example"}};

const observe::Provider& row(const std::string& id) {
  const observe::Provider* found = rules::find_provider(id, {});
  REQUIRE(found != nullptr);
  return *found;
}

using Lines = std::vector<std::string>;

Lines lines(const rules::ZonePart& part) {
  Lines text;
  for (const dns::Record& record : part.records) text.push_back(dns::zone_line(record));
  return text;
}

Lines lines_to(const std::string& provider, const std::string& id, const Host& host = kApp) {
  const auto made = rules::delegation_to(row(provider), id, host, {});
  REQUIRE(made);
  REQUIRE(made->parts.size() == 1);
  return lines(made->parts.front());
}

std::string fault_to(const std::string& provider, const std::string& id, const Host& host = kApp,
                     const rules::ZoneChoice& zone = {}) {
  const auto made = rules::delegation_to(row(provider), id, host, zone);
  return made ? "" : made.error();
}

Delegation made_to(const std::string& provider, const std::string& id, const Host& host) {
  const auto made = rules::delegation_to(row(provider), id, host, {});
  REQUIRE(made);
  return *made;
}

rules::ServerHost server(const std::string& name, const std::vector<std::string>& addresses = {}) {
  rules::ServerHost made{dns::Name::of(name), {}};
  for (const std::string& each : addresses) made.addresses.push_back(dns::IpAddress::of(each));
  return made;
}

}  // namespace

TEST_CASE("the record of a provider is its form with host and id filled in") {
  CHECK(lines_to("cloudflare", kCloudflareId) ==
        Lines{"_acme-challenge.app.shop.example. 3600 IN CNAME "
              "app.shop.example.8a602f2b29d92dc2.dcv.cloudflare.com."});
  CHECK(lines_to("fastly", "0123456789abcdef12") ==
        Lines{"_acme-challenge.app.shop.example. 3600 IN CNAME "
              "0123456789abcdef12.fastly-validations.com."});
  CHECK(lines_to("akamai", "0123456789abcdef0123456789abcdef") ==
        Lines{"_acme-challenge.app.shop.example. 3600 IN CNAME "
              "ac.0123456789abcdef0123456789abcdef.app.shop.example.validate-akdv.net."});
  CHECK(lines_to("desec", "shop.dedyn.io") ==
        Lines{"_acme-challenge.app.shop.example. 3600 IN CNAME "
              "_acme-challenge.app.shop.example.shop.dedyn.io."});
}

TEST_CASE("providers that need two records get both, and name servers are records of type NS") {
  CHECK(lines_to("render", "shop", kApex) ==
        Lines{"_acme-challenge.shop.example. 3600 IN CNAME shop.verify.renderdns.com.",
              "_cf-custom-hostname.shop.example. 3600 IN CNAME shop.hostname.renderdns.com."});
  CHECK(lines_to("desec-ns", "") ==
        Lines{"_acme-challenge.app.shop.example. 3600 IN NS ns1.desec.io.",
              "_acme-challenge.app.shop.example. 3600 IN NS ns2.desec.org."});
}

TEST_CASE("tokens in TXT records keep their case") {
  CHECK(lines_to("digicert-txt", "_abcdefghijklmnopqrstuvwxyz0123456") ==
        Lines{"_dnsauth.app.shop.example. 3600 IN TXT \"_abcdefghijklmnopqrstuvwxyz0123456\""});
  CHECK(lines_to("acme", "LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo").front().find("LPsIwTo7") !=
        std::string::npos);
}

TEST_CASE("an id may be given in upper case, and as the whole target") {
  const Lines wanted = lines_to("cloudflare", kCloudflareId);
  CHECK(lines_to("cloudflare", "8A602F2B29D92DC2") == wanted);
  CHECK(lines_to("cloudflare", "app.shop.example." + kCloudflareId + ".dcv.cloudflare.com.") ==
        wanted);
  // The target of another host tells the id of the account.
  CHECK(lines_to("cloudflare", "www.shop.example." + kCloudflareId + ".dcv.cloudflare.com") ==
        wanted);
  // A target that is not made from the host is taken as it is.
  CHECK(lines_to("desec", "validation.shop.dedyn.io") ==
        Lines{"_acme-challenge.app.shop.example. 3600 IN CNAME validation.shop.dedyn.io."});
}

TEST_CASE("an id that is missing, superfluous or of another form is told with where to find it") {
  CHECK(fault_to("cloudflare", "") == "cloudflare needs an --id: " + row("cloudflare").id_hint);
  CHECK(fault_to("cloudflare", "8a602f2b29d92dc") ==
        "\"8a602f2b29d92dc\" is no --id for cloudflare; wanted: " + row("cloudflare").id_hint);
  CHECK(fault_to("cloudflare", "8a602f2b29d92dcg") != "");
  CHECK(fault_to("fastly", "short") != "");
  CHECK(fault_to("google-certificate-manager", "uuid") != "");
  CHECK(fault_to("acme-dns", "auth.shop.example") != "");
  CHECK(fault_to("digicert-txt", "short") != "");
  CHECK(fault_to("desec-ns", "x") == "desec-ns takes no --id");
}

TEST_CASE("a host that leaves no room for the target is told as too long, not its id as wrong") {
  const std::string label(63, 'a');
  const dns::Name host =
      dns::Name::of("aaaaaaaaaaaaa." + label + "." + label + "." + label + ".shop.example");
  CHECK(fault_to("cloudflare", kCloudflareId, {host, {host.prose()}}) ==
        host.prose() +
            " is too long for a target of cloudflare: the name needs 256 bytes in a "
            "DNS message, 255 is the limit");
  CHECK(fault_to("cloudflare", "8a60", {host, {host.prose()}}).starts_with("\"8a60\" is no --id"));
}

TEST_CASE("the zone is the registrable domain unless one is given that holds the record") {
  const auto assumed = rules::delegation_to(row("cloudflare"), kCloudflareId, kApp, {});
  REQUIRE(assumed);
  CHECK(assumed->parts.front().zone == dns::Name::of("shop.example"));
  CHECK(assumed->parts.front().assumed);
  const rules::ZoneChoice own = {dns::Name::of("app.shop.example")};
  const auto given = rules::delegation_to(row("cloudflare"), kCloudflareId, kApp, own);
  REQUIRE(given);
  CHECK(given->parts.front().zone == dns::Name::of("app.shop.example"));
  CHECK_FALSE(given->parts.front().assumed);
  CHECK(fault_to("cloudflare", kCloudflareId, kApp, {dns::Name::of("other.example")}) ==
        "_acme-challenge.app.shop.example does not lie in the zone other.example");
}

TEST_CASE("what a provider shows is checked by the form of its names") {
  const observe::Provider& acm = row("aws-acm");
  const auto owner = dns::Name::of("_a79865eb4cd1a6ab990a45779b4e0b96.app.shop.example");
  const auto target =
      dns::Name::of("_424c7224e9b0146f9a8808af955727d0.mhbtsbpdnt.acm-validations.aws");
  const auto made = rules::delegation_as_shown(acm, owner, target, kApp, {});
  REQUIRE(made);
  CHECK(lines(made->parts.front()) ==
        Lines{"_a79865eb4cd1a6ab990a45779b4e0b96.app.shop.example. 3600 IN CNAME "
              "_424c7224e9b0146f9a8808af955727d0.mhbtsbpdnt.acm-validations.aws."});
  const auto lost = dns::Name::of("a79865eb4cd1a6ab990a45779b4e0b96.app.shop.example");
  CHECK_FALSE(rules::delegation_as_shown(acm, lost, target, kApp, {}));
  CHECK_FALSE(rules::delegation_as_shown(acm, owner, target,
                                         Host{dns::Name::of("www.shop.example"), {}}, {}));
}

TEST_CASE("a zone of one's own gets NS on both sides, SOA below, and glue for servers within") {
  const auto made = rules::delegation_by_ns(
      {server("ns.tokens.example"),
       server("ns._acme-challenge.app.shop.example", {"45.90.31.10", "2a07:a8c2::10"})},
      kApp, {});
  REQUIRE(made);
  REQUIRE(made->parts.size() == 2);
  const Lines shared = {
      "_acme-challenge.app.shop.example. 3600 IN NS ns.tokens.example.",
      "_acme-challenge.app.shop.example. 3600 IN NS ns._acme-challenge.app.shop.example.",
      "ns._acme-challenge.app.shop.example. 3600 IN A 45.90.31.10",
      "ns._acme-challenge.app.shop.example. 3600 IN AAAA 2a07:a8c2::10"};
  CHECK(lines(made->parts[0]) == shared);
  Lines below = lines(made->parts[1]);
  CHECK(below.front() ==
        "_acme-challenge.app.shop.example. 3600 IN SOA ns.tokens.example. "
        "hostmaster.tokens.example. 1 7200 3600 1209600 60");
  below.erase(below.begin());
  CHECK(below == shared);
  CHECK(made->parts[1].theirs);
}

TEST_CASE("a server within the zone needs an address, one elsewhere must have none here") {
  const auto without =
      rules::delegation_by_ns({server("ns._acme-challenge.app.shop.example")}, kApp, {});
  REQUIRE_FALSE(without);
  CHECK(without.error() ==
        "ns._acme-challenge.app.shop.example lies within _acme-challenge.app.shop.example, so its "
        "--address is needed for the zone above");
  CHECK_FALSE(rules::delegation_by_ns({server("ns.tokens.example", {"45.90.31.10"})}, kApp, {}));
}

TEST_CASE("an acme-dns of one's own is made known in the zone above its own") {
  const auto apex = dns::Name::of("auth.shop.example");
  const auto part = rules::instance_part(apex, {server("auth.shop.example", {"45.90.31.10"})});
  REQUIRE(part);
  CHECK(part->zone == dns::Name::of("shop.example"));
  CHECK(lines(*part) == Lines{"auth.shop.example. 3600 IN NS auth.shop.example.",
                              "auth.shop.example. 3600 IN A 45.90.31.10"});
  CHECK_FALSE(rules::instance_part(dns::Name::of("shop.example"),
                                   {server("shop.example", {"45.90.31.10"})}));
}

TEST_CASE("a host and its wildcard share one delegation, in the order met") {
  const auto identifier = [](const std::string& text) { return *dns::parse_identifier(text); };
  const auto hosts = rules::hosts_of({identifier("*.shop.example"), identifier("app.shop.example"),
                                      identifier("shop.example"), identifier("Shop.Example")});
  REQUIRE(hosts.size() == 2);
  CHECK(hosts[0].name == dns::Name::of("shop.example"));
  CHECK(hosts[0].identifiers == Lines{"*.shop.example", "shop.example"});
  CHECK(hosts[1].identifiers == Lines{"app.shop.example"});
}

TEST_CASE("two providers cannot have the same name, but may have different ones") {
  const Delegation cloudflare = made_to("cloudflare", kCloudflareId, kApp);
  const Delegation fastly = made_to("fastly", "0123456789abcdef12", kApp);
  const std::string clash = rules::clash_of({cloudflare, fastly});
  CHECK(
      clash.starts_with("_acme-challenge.app.shop.example can be one CNAME only, but cloudflare "
                        "and fastly both want it: "));
  CHECK(rules::clash_of({cloudflare, cloudflare}).empty());
  CHECK(rules::clash_of({cloudflare, made_to("fastly", "0123456789abcdef12", kApex)}).empty());
}

TEST_CASE("a CNAME shuts out any other record at its name, and TXT records go together") {
  const Delegation cloudflare = made_to("cloudflare", kCloudflareId, kApp);
  const Delegation acme = made_to("acme", "LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo", kApp);
  const Delegation other = made_to("acme", "mPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo", kApp);
  const Delegation desec = made_to("desec-ns", "", kApp);
  CHECK(rules::clash_of({acme, cloudflare})
            .starts_with("the TXT record of acme and the CNAME record of cloudflare cannot both be "
                         "at _acme-challenge.app.shop.example: "));
  CHECK(rules::clash_of({cloudflare, desec})
            .starts_with("the CNAME record of cloudflare and the NS "));
  CHECK(rules::clash_of({desec, acme}).starts_with("the NS record of desec-ns and the TXT "));
  CHECK(rules::clash_of({acme, other}).empty());
  CHECK(rules::clash_of({desec, desec}).empty());
  // The second record counts as well.
  const Delegation render = made_to("render", "shop", kApp);
  const Delegation ownership =
      made_to("cloudflare-hostname", "8e5700ea-a4bf-41c7-8a77-e990661dcc6a", kApp);
  CHECK(rules::clash_of({render, ownership}).find("_cf-custom-hostname.app") != std::string::npos);
}

TEST_CASE("notes tell of a target that hosts share and of the values that it keeps") {
  const std::string id = "8e5700ea-a4bf-41c7-8a77-e990661dcc6a.auth.shop.example";
  const auto notes =
      rules::notes_of({made_to("acme-dns", id, kApp), made_to("acme-dns", id, kApex)}, {});
  const auto has = [&](const std::string& start) {
    for (const std::string& note : notes)
      if (note.starts_with(start)) return true;
    return false;
  };
  CHECK(has(id + " keeps 2 values, so one order cannot be for 3 names that lead there."));
  CHECK(has("_acme-challenge.app.shop.example and _acme-challenge.shop.example share the target"));
  CHECK(has("Nothing else may stand at "));
  CHECK(rules::notes_of({made_to("cloudflare", kCloudflareId, kApp)}, {}).size() == 2);
}

TEST_CASE("names are written as panels want them") {
  const auto zone = dns::Name::of("shop.example");
  CHECK(rules::name_within(dns::Name::of("_acme-challenge.app.shop.example"), zone) ==
        "_acme-challenge.app");
  CHECK(rules::name_within(zone, zone) == "@");
  CHECK(rules::name_within(dns::Name::of("other.example"), zone) == "other.example.");
}

TEST_CASE("rows that only recognise names cannot be published, nor can retired ones") {
  CHECK(rules::can_be_published(row("cloudflare")));
  CHECK(rules::can_be_published(row("aws-acm")));
  CHECK_FALSE(rules::has_forms(row("aws-acm")));
  CHECK_FALSE(rules::can_be_published(row("github-io")));
  CHECK_FALSE(rules::can_be_published(row("digicert-cname-old")));
}
