// The walker's pure parts: root hints, suspects, referrals.
#include "dns/reply_kind.h"
#include "resolve/control_label.h"
#include "resolve/limits.h"
#include "resolve/root_hints.h"
#include "resolve/suspects.h"
#include "resolve/zone_table.h"
#include "rules/account_label.h"
#include "support/catch.h"

using namespace dcv;
using dns::Name;

TEST_CASE("the built-in root hints are 13 servers with an address of each family") {
  const auto hints = resolve::builtin_root_hints();
  CHECK(hints.size() == 13);
  for (const auto& hint : hints) CHECK(hint.glue.size() == 2);
  CHECK(hints[1].glue[0] == dns::IpAddress::of("170.247.170.2"));
}

TEST_CASE("root hints are read in the format of named.root") {
  const auto hints = resolve::parse_root_hints(
      ".  3600000  NS  A.ROOT-SERVERS.NET.\n"
      "A.ROOT-SERVERS.NET.  3600000  A  198.41.0.4\n"
      "A.ROOT-SERVERS.NET.  3600000  AAAA  2001:503:ba3e::2:30\n");
  REQUIRE(hints);
  REQUIRE(hints->size() == 1);
  CHECK(hints->front().name == Name::of("a.root-servers.net"));
  CHECK(hints->front().glue.size() == 2);
}

TEST_CASE("a root hints file without a usable server is refused") {
  const auto hints = resolve::parse_root_hints(". 3600 IN NS a.root-servers.net.\n");
  REQUIRE_FALSE(hints);
  CHECK(hints.error() == "there is no root server with an address in it");
}

TEST_CASE("a misplaced proof is looked for at doubled names and at the parent host") {
  const auto names = resolve::misplaced_names(Name::of("_acme-challenge.app.shop.example"),
                                              Name::of("shop.example"));
  CHECK(names == std::vector<Name>{Name::of("_acme-challenge.app.shop.example.shop.example"),
                                   Name::of("_acme-challenge.app.shop.example.app.shop.example"),
                                   Name::of("_acme-challenge.shop.example")});
}

TEST_CASE("records at a host itself are doubled with it, and there is no label to put elsewhere") {
  const auto names =
      resolve::misplaced_names(Name::of("app.shop.example"), Name::of("shop.example"));
  CHECK(names == std::vector<Name>{Name::of("app.shop.example.shop.example"),
                                   Name::of("app.shop.example.app.shop.example")});
}

TEST_CASE("an owner without its underscore is a name only if something is left of the label") {
  CHECK(resolve::without_underscore(Name::of("_x1.shop.example")) == Name::of("x1.shop.example"));
  CHECK(resolve::without_underscore(Name::of("x1.shop.example")) == std::nullopt);
  CHECK(resolve::without_underscore(Name::of("_.shop.example")) == std::nullopt);
  CHECK(resolve::without_underscore(Name()) == std::nullopt);
}

TEST_CASE("with an account's label in front the labels of other forms of its URL are looked at") {
  const std::string uri = "https://ca.example/acct/1";
  const Name host = Name::of("_acme-challenge.app.shop.example");
  const Name own = *host.child(rules::account_label(uri));
  const auto names = resolve::names_of_other_accounts(own, {"https://x.example/2", uri});
  CHECK(names == std::vector<Name>{*host.child(rules::account_label("http://ca.example/acct/1")),
                                   *host.child(rules::account_label(uri + "/")),
                                   *host.child(rules::account_label(uri + "\n")),
                                   *host.child(rules::account_label("1")), host});
  CHECK(resolve::names_of_other_accounts(host, {uri}).empty());
  CHECK(resolve::names_of_other_accounts(own, {}).empty());
}

TEST_CASE("a target that lost its final dot is found by taking the zone off") {
  const Name zone = Name::of("shop.example");
  CHECK(resolve::target_without_zone(Name::of("x.dcv.cloudflare.com.shop.example"), zone) ==
        Name::of("x.dcv.cloudflare.com"));
  CHECK(resolve::target_without_zone(Name::of("x.shop.example"), zone) == std::nullopt);
  CHECK(resolve::target_without_zone(Name::of("x.other.example"), zone) == std::nullopt);
}

TEST_CASE("glue is believed only for hosts within the zone that gave the referral") {
  dns::Message reply;
  reply.authority.push_back(dns::make_target(Name::of("shop.example"), dns::RecordType::ns, 60,
                                             Name::of("ns1.shop.example")));
  reply.authority.push_back(dns::make_target(Name::of("shop.example"), dns::RecordType::ns, 60,
                                             Name::of("ns.other.net")));
  for (const char* host : {"ns1.shop.example", "ns.other.net"})
    reply.additional.push_back(
        dns::make_address(Name::of(host), 60, dns::IpAddress::of("45.90.28.10")));
  const auto delegation = resolve::delegation_in(reply, Name::of("example"));
  REQUIRE(delegation);
  REQUIRE(delegation->servers.size() == 2);
  CHECK(delegation->servers[0].glue.size() == 1);
  CHECK(delegation->servers[1].glue.empty());
}

TEST_CASE("a referral with a flood of name servers is cut at the limit") {
  dns::Message reply;
  for (int i = 0; i < 500; ++i)
    reply.authority.push_back(
        dns::make_target(Name::of("shop.example"), dns::RecordType::ns, 60,
                         Name::of("ns" + std::to_string(i) + ".example.net")));
  const auto delegation = resolve::delegation_in(reply, Name::of("example"));
  REQUIRE(delegation);
  CHECK(delegation->servers.size() == resolve::kNameServersPerZone);
  CHECK(delegation->more_servers);
}

TEST_CASE("control labels are random") {
  CHECK(resolve::random_label() != resolve::random_label());
}
