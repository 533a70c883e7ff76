// The table of providers: every row with a record that fits and one that nearly does.
#include "rules/providers.h"

#include <algorithm>
#include <set>

#include "observe/ca_profile_json.h"
#include "support/catch.h"

using namespace dcv;
using namespace dcv::rules;
using dns::Name;
using dns::RecordType;

namespace {

const std::string kUuid = "9d4f01c2-5a60-4b4c-9d1e-0f2a3b4c5d6e";
const std::string kHex32 = "d41d8cd98f00b204e9800998ecf8427e";
const std::string kOther32 = "0cc175b9c0f1b6a831c399e269772661";
const std::string kDigest = "LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo";
const std::string kApp = "app.shop.example";
const std::string kChallenge = "_acme-challenge.app.shop.example";

struct Sample {
  std::string id, owner, target;  // of a record that fits
  std::string near_owner, near;   // of one that does not
  std::string host, customer, zone = "";
};

// An alias at the validation name.
Sample alias(const std::string& id, const std::string& target, const std::string& near,
             const std::string& customer, const std::string& zone = "") {
  return {id, kChallenge, target, kChallenge, near, kApp, customer, zone};
}

// A host's alias for a name in somebody's cloud.
Sample cloud(const std::string& id, const std::string& suffix) {
  return {id, kApp, "shop-1." + suffix, kApp, suffix, kApp, "shop-1", "shop-1." + suffix};
}

const std::vector<Sample>& delegations() {
  static const std::vector<Sample> all = {
      alias("cloudflare", kApp + ".8a602f2b29d92dc2.dcv.cloudflare.com",
            "8a602f2b29d92dc2.dcv.cloudflare.com", "8a602f2b29d92dc2"),
      {"aws-acm", "_" + kHex32 + "." + kApp, "_" + kOther32 + ".mhbtsbpdnt.acm-validations.aws",
       kHex32 + "." + kApp, "_" + kOther32 + ".mhbtsbpdnt.acm-validations.aws", kApp, kOther32},
      alias("google-certificate-manager",
            kUuid + ".7.europe-west3.authorize.certificatemanager.goog",
            "authorize.certificatemanager.goog", kUuid + ".7.europe-west3"),
      {"google-certificate-manager-project", "_acme-challenge_c5xklnwtsay5pclz." + kApp,
       kUuid + ".11.authorize.certificatemanager.goog", "_acme-challenge_c5xklnwtsay5pcl1." + kApp,
       kUuid + ".11.authorize.certificatemanager.goog", kApp, kUuid + ".11"},
      alias("fastly", "l0bn0ycavpmyxk5ai7.fastly-validations.com",
            "l0bn0ycavpm.fastly-validations.com", "l0bn0ycavpmyxk5ai7"),
      alias("akamai", "ac." + kHex32 + "." + kApp + ".validate-akdv.net",
            kHex32 + "." + kApp + ".validate-akdv.net", kHex32),
      alias("fly", kApp + ".x6v2kp.flydns.net", "x6v2kp.flydns.net", "x6v2kp"),
      alias("render", "shop-web.verify.renderdns.com", "shop-web.hostname.renderdns.com",
            "shop-web"),
      alias("aptible", "acme.elb-shop-123.aptible.in", "acme.elb-shop-123.aptible.com",
            "acme.elb-shop-123"),
      alias("f5-xc", kHex32 + ".autocerts.ves.volterra.io", "shop.autocerts.ves.volterra.io",
            kHex32),
      alias("certify-dns", "9f2c.auth.certifytheweb.com", "auth.certifytheweb.com", "9f2c"),
      alias("acme-dns-io", kUuid + ".auth.acme-dns.io", "shop.auth.acme-dns.io", kUuid,
            "auth.acme-dns.io"),
      alias("desec", "_acme-challenge.app.shop.example.shop-acme.dedyn.io", "dedyn.io",
            "shop-acme.dedyn.io", "shop-acme.dedyn.io"),
      alias("duckdns", "shop.duckdns.org", "duckdns.org", "shop.duckdns.org", "shop.duckdns.org"),
      alias("sslmate", "app-shop.dcv.sslmate.com", "sslmate.com", "app-shop.dcv"),
      alias("sslmate-ns", "ns1.dcv.sslmate.com", "sslmate.com", "ns1.dcv"),
      alias("desec-ns", "ns1.desec.io", "ns2.desec.io", ""),
      alias("vercel", "ns1.vercel-dns.com", "www.vercel-dns.com", ""),
      alias("netlify", "dns3.p07.nsone.net", "dns3.nsone.net", ""),
      alias("acme-dns", kUuid + ".auth.agency.example", "shop.auth.agency.example",
            kUuid + ".auth.agency.example", "auth.agency.example"),
      {"render-hostname", "_cf-custom-hostname." + kApp, "shop-web.hostname.renderdns.com",
       "_cf-custom-hostname." + kApp, "shop-web.verify.renderdns.com", kApp, "shop-web"},
      cloud("azure-websites", "azurewebsites.net"),
      cloud("azure-cloudapp", "westeurope.cloudapp.azure.com"),
      cloud("azure-cloudapp-classic", "cloudapp.net"),
      cloud("azure-traffic-manager", "trafficmanager.net"),
      cloud("azure-blob", "blob.core.windows.net"),
      cloud("azure-cdn", "azureedge.net"),
      cloud("azure-api", "azure-api.net"),
      cloud("azure-container", "westeurope.azurecontainer.io"),
      cloud("aws-elastic-beanstalk", "us-east-1.elasticbeanstalk.com"),
      cloud("aws-s3", "s3.amazonaws.com"),
      cloud("github-io", "github.io"),
      cloud("heroku", "herokuapp.com"),
  };
  return all;
}

const std::vector<Sample>& tokens() {
  static const std::string random = "_n8l1xm2wvwj5xubbt7awv9b1c2d3e4f";
  static const std::string quovadis = "94d4ae74-ecd5-4a33-975e-a0d7f546c801";
  static const std::string globalsign = "H9WgqmZ0cR3wIYDvvF9vNGjQ0rp6Bz0E5oQ0XqY-sC";
  static const std::vector<Sample> all = {
      {"digicert-cname-old", "_b2b7c1f0a9e84d55b1c2." + kApp, "dcv.digicert.com",
       "b2b7c1f0a9e84d55b1c2." + kApp, "dcv.digicert.com", kApp, ""},
      {"digicert-cname", "_dnsauth." + kApp, "b2b7c1f0a9e84d55b1c2.dcv.digicert.com",
       "_dnsauth." + kApp, "short.dcv.digicert.com", kApp, "b2b7c1f0a9e84d55b1c2"},
      {"sectigo-cname", "_" + kHex32 + "." + kApp, kHex32 + "." + kOther32 + ".u2026.sectigo.com",
       "_" + kHex32 + "." + kApp, kHex32 + ".u2026.sectigo.com", kApp,
       kHex32 + "." + kOther32 + ".u2026"},
      {"zerossl-cname", "_" + kHex32 + "." + kApp, kHex32 + "." + kOther32 + ".u2026.comodoca.com",
       kHex32 + "." + kApp, kHex32 + ".comodoca.com", kApp, kHex32 + "." + kOther32 + ".u2026"},
      {"sectigo-cname-old", kHex32 + "." + kApp, kHex32 + ".comodoca.com", kHex32 + "." + kApp,
       "shop.comodoca.com", kApp, kHex32},
      {"acme", kChallenge, kDigest, kChallenge, kDigest + "A", kApp, kDigest},
      {"acme-account", "_ujmmovf2vn55tgye._acme-challenge." + kApp, kDigest,
       "_ujmmovf2vn55tgy._acme-challenge." + kApp, kDigest, kApp, kDigest},
      {"acme-persist", "_validation-persist." + kApp,
       "ca.example; accounturi=https://ca.example/acct/1; policy=wildcard",
       "_validation-persist." + kApp, "ca.example; policy=wildcard", kApp, "ca.example"},
      {"sectigo-txt", "_pki-validation." + kApp, "MIAGCSqGSIb3DQEHAqCAMIA=",
       "_pki-validation." + kApp, "MIAGCSqGSIb3 QEHAqCAMIA=", kApp, "MIAGCSqGSIb3DQEHAqCAMIA="},
      {"quovadis-txt", kApp, "QuoVadis=" + quovadis, kApp, "Quovadis=" + quovadis, kApp, quovadis},
      {"globalsign-txt", "shop.example", "_globalsign-domain-verification=" + globalsign,
       "shop.example", "_globalsign-domain-verification:" + globalsign, "shop.example", globalsign},
      {"azure-front-door", "_dnsauth." + kApp, random, "dnsauth." + kApp, random, kApp, random},
      {"digicert-txt", "shop.example", random, "shop.example", "_N" + random.substr(2),
       "shop.example", random},
      {"contact-email", "_validation-contactemail." + kApp, "dns@shop.example",
       "_validation-contactemail." + kApp, "dns at shop.example", kApp, "dns@shop.example"},
      {"contact-phone", "_validation-contactphone." + kApp, "+49 30 901820",
       "_validation-contactphone." + kApp, "tel:+49 30 901820", kApp, "+49 30 901820"},
      {"cloudflare-hostname", "_cf-custom-hostname." + kApp, kUuid, "_cf-custom-hostname." + kApp,
       kHex32, kApp, kUuid},
      {"azure-app-service", "asuid." + kApp, kHex32, "asuid." + kApp, "shop", kApp, kHex32},
      {"akamai-ownership", "_akamai-wildcard-challenge." + kApp, "tok.en",
       "_akamai-challenge." + kApp, "tok.en", kApp, "tok.en"},
      {"fly-ownership", "_fly-ownership." + kApp, "app-x6v2kp", "_fly-ownership", "app-x6v2kp",
       kApp, "app-x6v2kp"},
      {"github-pages", "_github-pages-challenge-shop." + kApp, kHex32.substr(0, 30),
       "_github-pages-challenge-shop." + kApp, kHex32, kApp, kHex32.substr(0, 30)},
      {"github-organisation", "_github-challenge-shop-org." + kApp, "3f1c2a",
       "_github-challenge." + kApp, "3f1c2a", kApp, "3f1c2a"},
  };
  return all;
}

std::vector<Sample> samples() {
  std::vector<Sample> all = delegations();
  all.insert(all.end(), tokens().begin(), tokens().end());
  return all;
}

// All rows that the record fits or nearly fits.
std::vector<Match> of(RecordType type, const std::string& owner, const std::string& target,
                      const Providers& own = {}) {
  return type == RecordType::txt ? recognise(Name::of(owner), target, own)
                                 : recognise(Name::of(owner), type, Name::of(target), own);
}

std::vector<Match> of(const std::string& owner, const std::string& target) {
  return of(RecordType::cname, owner, target);
}

const Match* row_of(const std::vector<Match>& found, const std::string& id) {
  const auto match =
      std::ranges::find_if(found, [&](const Match& each) { return each.provider->id == id; });
  return match == found.end() ? nullptr : &*match;
}

std::string error_with(const std::string& fields) {
  const auto read = providers_from_json(
      R"({"kind":"dcv-providers","version":1,"providers":[{"id":"own","title":"Own")" + fields +
      "}]}");
  return read ? "no error" : read.error();
}

const std::string kRow = R"x(,"owner":"_own[.](?<host>.+)","target":"(?<id>.+)[.]own[.]example")x";

Providers own_row(const std::string& id) {
  observe::Provider row;
  row.id = id;
  row.title = "Own";
  row.owner = "_acme-challenge[.](?<host>.+)";
  row.target = "(?<id>.+)[.]dcv[.]cloudflare[.]com";
  return {row};
}

}  // namespace

TEST_CASE("every row of the table of providers has a record that fits it, and one that does not") {
  std::set<std::string> seen;
  for (const Sample& sample : samples()) {
    INFO(sample.id);
    const observe::Provider* row = find_provider(sample.id, {});
    REQUIRE(row != nullptr);
    seen.insert(sample.id);
    const auto found = of(row->type, sample.owner, sample.target);
    const Match* match = row_of(found, sample.id);
    REQUIRE(match != nullptr);
    CHECK(match->owner_fits);
    CHECK(match->target_fits);
    CHECK(match->host == sample.host);
    CHECK(match->id == sample.customer);
    CHECK(match->zone == sample.zone);
    // Values of TXT records without a form of their own may be those of several.
    if (row->type != RecordType::txt) CHECK(&found.front() == match);
    if (row->same_host) CHECK(match->target_host == match->host);
    const auto near = of(row->type, sample.near_owner, sample.near);
    const Match* other = row_of(near, sample.id);
    CHECK_FALSE((other && other->owner_fits && other->target_fits));
  }
  for (const observe::Provider& row : shipped_providers()) {
    INFO(row.id);
    CHECK(seen.contains(row.id));
  }
}

TEST_CASE("what a row has to publish is what the row recognises") {
  for (const Sample& sample : samples()) {
    const observe::Provider& row = *find_provider(sample.id, {});
    if (row.owner_form.empty()) continue;
    INFO(row.id);
    const std::string owner = filled(row.owner_form, sample.host, sample.customer);
    const std::string target = filled(row.target_form, sample.host, sample.customer);
    const auto found = of(row.type, owner, target);
    const Match* match = row_of(found, row.id);
    REQUIRE(match != nullptr);
    CHECK(match->owner_fits);
    CHECK(match->target_fits);
    CHECK(match->host == sample.host);
    CHECK(match->id == sample.customer);
    CHECK((row.target_form.find("{id}") == std::string::npos || !row.id_hint.empty()));
  }
}

TEST_CASE("every row of the table of providers says what it is, and has its source") {
  for (const observe::Provider& row : shipped_providers()) {
    INFO(row.id);
    CHECK_FALSE(row.note.empty());
    CHECK(row.note.back() == '.');
    CHECK_FALSE(row.source.empty());
    for (const std::string& ca : row.cas) {
      INFO(ca);
      const auto& known = observe::shipped_ca_table().profiles;
      const bool is_known = std::ranges::find(known, ca, &observe::CaProfile::name) != known.end();
      CHECK((is_known || ca == "certainly"));  // Fastly's own CA has no profile
    }
  }
}

TEST_CASE("the target names the provider, the owner alone does not") {
  const std::string owner = "_" + kHex32 + ".shop.example";
  CHECK(of(owner, kHex32 + "." + kOther32 + ".sectigo.com").front().provider->id ==
        "sectigo-cname");
  CHECK(of(owner, "_" + kOther32 + ".mhbtsbpdnt.acm-validations.aws").front().provider->id ==
        "aws-acm");
  CHECK(of(owner, "www.agency.example").empty());
  CHECK(of("_acme-challenge.shop.example", "_acme-challenge.agency.example").empty());
}

TEST_CASE("a second record goes with some aliases, at another name") {
  const dns::Name owner = dns::Name::of("_acme-challenge.Shop.example.");
  const auto twin = twin_of(owner, dns::Name::of("web.verify.renderdns.com."), {});
  REQUIRE(twin);
  CHECK(twin->owner.text() == "_cf-custom-hostname.shop.example.");
  CHECK(dns::as_target(*twin)->text() == "web.hostname.renderdns.com.");
  CHECK(!twin_of(owner, dns::Name::of("shop.example.8a602f2b29d92dc2.dcv.cloudflare.com."), {}));
  CHECK(!twin_of(dns::Name::of("shop.example."), dns::Name::of("web.verify.renderdns.com."), {}));
}

TEST_CASE("a target that only ends as the provider's do is a slip") {
  const auto found = of("_acme-challenge.shop.example", "8a602f2b29d92dc2.dcv.cloudflare.com");
  REQUIRE(found.size() == 1);
  CHECK(found[0].provider->id == "cloudflare");
  CHECK(found[0].owner_fits);
  CHECK_FALSE(found[0].target_fits);
  CHECK(found[0].host == "shop.example");
}

TEST_CASE("a right target at a wrong owner is recognised all the same") {
  const auto found = of(kApp, kApp + ".8a602f2b29d92dc2.dcv.cloudflare.com");
  REQUIRE(found.size() == 1);
  CHECK_FALSE(found[0].owner_fits);
  CHECK(found[0].target_fits);
  CHECK(found[0].target_host == kApp);
  CHECK(found[0].host.empty());
}

TEST_CASE("case and final dots do not matter") {
  const auto found = of("_ACME-Challenge.App.shop.example.",
                        "App.Shop.Example.8A602F2B29D92DC2.dcv.Cloudflare.com.");
  REQUIRE(found.size() == 1);
  CHECK(found[0].target_fits);
  CHECK(found[0].host == kApp);
  CHECK(found[0].target_host == kApp);
}

TEST_CASE("Google's two forms differ in the owner") {
  const std::string target = kUuid + ".7.authorize.certificatemanager.goog";
  const auto fixed = of("_acme-challenge.shop.example", target);
  REQUIRE(fixed.size() == 2);
  CHECK(fixed[0].provider->id == "google-certificate-manager");
  CHECK_FALSE(fixed[1].owner_fits);
  CHECK(of("_acme-challenge_c5xklnwtsay5pclz.shop.example", target).front().provider->id ==
        "google-certificate-manager-project");
}

TEST_CASE("one's own rows come first and take the place of shipped ones with their id") {
  const std::string owner = "_acme-challenge.shop.example";
  const std::string target = "shop.example.8a602f2b29d92dc2.dcv.cloudflare.com";
  const Providers beside = own_row("own"), instead = own_row("cloudflare");
  const auto both = of(RecordType::cname, owner, target, beside);
  REQUIRE(both.size() == 2);
  CHECK(both[0].provider == beside.data());
  CHECK(both[1].provider->id == "cloudflare");
  const auto one = of(RecordType::cname, owner, target, instead);
  REQUIRE(one.size() == 1);
  CHECK(one[0].provider == instead.data());
  CHECK(find_provider("cloudflare", instead) == instead.data());
  REQUIRE(find_provider("fly", instead) != nullptr);
  CHECK(find_provider("fly", instead)->title == "Fly.io");
  CHECK(find_provider("nobody", instead) == nullptr);
}

TEST_CASE("hostile names and expressions that run wild match nothing") {
  Providers wild = own_row("own");
  wild[0].target = "(?:(?:a+)+)+[.]b";
  const std::string label(60, 'a');
  CHECK(of(RecordType::cname, kChallenge, label + "." + label + "." + label + ".c", wild).empty());
  wild[0].target = "(";
  CHECK(of(RecordType::cname, kChallenge, "b", wild).empty());
  const Name bytes =
      Name::from_labels({std::string("\0\xff.\\\n", 5), "dcv", "cloudflare", "com"}).value();
  const auto found = recognise(Name::of(kChallenge), RecordType::cname, bytes, {});
  REQUIRE(found.size() == 1);
  CHECK_FALSE(found[0].target_fits);
  CHECK(recognise(Name::of("_dnsauth.shop.example"), std::string(70000, 'a'), {}).empty());
}

TEST_CASE("errors in a table of providers name the row and the field") {
  CHECK(error_with(kRow) == "no error");
  CHECK(error_with("") == "provider \"own\": owner is missing");
  CHECK(error_with(R"(,"owner":"(a","target":"b")") ==
        "provider \"own\": owner: is no regular expression: Unmatched marking parenthesis ( or "
        "\\(");
  CHECK(error_with(kRow + R"(,"targt":"x")") ==
        "provider \"own\": \"targt\" is no field of a provider");
  CHECK(error_with(kRow + R"(,"on_demand":"yes")") ==
        "provider \"own\": on_demand must be true or false");
  CHECK(error_with(kRow + R"(,"type":"A")") == "provider \"own\": type must be CNAME, NS or TXT");
  CHECK(error_with(kRow + R"(,"type":"CNMAE")") ==
        "provider \"own\": type: \"CNMAE\" is no record type");
  CHECK(error_with(kRow + R"(,"method":"dns-1")") ==
        "provider \"own\": method: there is no method \"dns-1\"; near: dns-01");
  CHECK(error_with(kRow + R"(,"suffix":"own..example")") ==
        "provider \"own\": suffix: " + Name::parse("own..example").error());
  CHECK(error_with(kRow + R"(,"owner_form":"_own.{host}")") ==
        "provider \"own\": owner_form and target_form go together");
  CHECK(error_with(kRow + R"(,"owner_form":"_own.{hots}","target_form":"{id}.own.example")") ==
        "provider \"own\": owner_form: only {host} and {id} can be filled in");
  CHECK(error_with(kRow + R"(,"claimable":true)") ==
        "provider \"own\": target: a claimable name needs a group zone");
  CHECK(error_with(kRow + R"(,"same_host":true)") ==
        "provider \"own\": target: without a group host it cannot be the same");
  CHECK(error_with(kRow + R"(,"values":"two")") ==
        "provider \"own\": values must be a whole number from 0 to 1000");
  CHECK(providers_from_json(R"({"kind":"dcv-providers","version":1,"providers":[{"id":"Own"}]})")
            .error() == "provider \"Own\": id must be of lower-case letters, digits and hyphens");
}

TEST_CASE("what is no table of providers is refused in plain words") {
  const auto error = [](const std::string& text) { return providers_from_json(text).error(); };
  CHECK(error("{") == "this is not JSON (wrong at byte 2)");
  CHECK(error("[]") == "not a table of providers (kind \"dcv-providers\")");
  CHECK(error(R"({"kind":"dcv-providers","version":2,"providers":[]})") == "version must be 1");
  CHECK(error(R"({"kind":"dcv-providers","version":1})") == "providers must be a list");
  CHECK(error(R"({"kind":"dcv-providers","version":1,"providers":[5]})") ==
        "providers[0]: the document must be an object");
  CHECK(error(R"({"kind":"dcv-providers","version":1,"providers":[],"rows":1})") ==
        "\"rows\" is no field of the table");
}
