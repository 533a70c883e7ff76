// Which zones of a scenario get keys, signatures and DS records.

#include "lab/signing.h"

#include <algorithm>

#include "dns/zone_file.h"
#include "support/catch.h"

using namespace dcv;
using dns::Name;
using dns::RecordType;
using lab::Signing;

namespace {

constexpr std::uint32_t kNow = 1790000000;

lab::ZoneCopy zone(const char* apex, const std::string& text) {
  const auto records = dns::parse_zone(
      "@ IN SOA ns h ( 7 1 1 1 300 )\n@ IN NS ns.example.\n" + text, Name::of(apex));
  REQUIRE(records);
  return {Name::of(apex), "", *records, {}};
}

lab::Scenario world(std::map<Name, Signing> sign) {
  lab::Scenario scenario;
  scenario.sign = std::move(sign);
  lab::Server parent, first, second;
  parent.zones = {zone(".", "example IN NS ns.example\n"),
                  zone("example", "shop IN NS ns1.shop\nns IN A 45.90.28.9\n")};
  first.zones = {zone("shop.example", "a IN TXT \"x\"\n")};
  second.zones = {zone("shop.example", "a IN TXT \"x\"\n")};
  second.zones[0].alternates["stale"] = zone("shop.example", "").records;
  scenario.servers = {parent, first, second};
  return scenario;
}

std::vector<dns::Record> of_type(const std::vector<dns::Record>& records, RecordType type) {
  std::vector<dns::Record> found;
  std::copy_if(records.begin(), records.end(), std::back_inserter(found),
               [&](const dns::Record& each) { return each.type == type; });
  return found;
}

std::size_t count(const lab::ZoneCopy& copy, RecordType type) {
  return of_type(copy.records, type).size();
}

}  // namespace

TEST_CASE(
    "a signed chain: keys and signatures in each zone, DS in the parents, the root's DS out") {
  auto scenario = world({{Name(), Signing::good},
                         {Name::of("example"), Signing::good},
                         {Name::of("shop.example"), Signing::good}});
  const auto anchor = lab::sign_zones(scenario, kNow);
  REQUIRE(anchor);
  REQUIRE(anchor->size() == 1);
  CHECK(anchor->front().owner.is_root());
  CHECK(anchor->front().type == RecordType::ds);
  for (const auto& server : scenario.servers) {
    for (const auto& copy : server.zones) CHECK(count(copy, RecordType::dnskey) == 1);
  }
  const auto ds = of_type(scenario.servers[0].zones[1].records, RecordType::ds);
  REQUIRE(ds.size() == 1);
  CHECK(ds[0].owner == Name::of("shop.example"));
  const auto key = of_type(scenario.servers[1].zones[0].records, RecordType::dnskey);
  CHECK(dns::as_ds(ds[0])->key_tag == dns::as_dnskey(key.at(0))->key_tag);
}

TEST_CASE("all copies of a zone have one key, and equal copies are equal to the byte") {
  auto scenario = world({{Name::of("shop.example"), Signing::good}});
  REQUIRE(lab::sign_zones(scenario, kNow));
  const auto& first = scenario.servers[1].zones[0];
  const auto& second = scenario.servers[2].zones[0];
  const auto& stale = second.alternates.at("stale");
  CHECK(first.records == second.records);
  CHECK(first.records != stale);
  CHECK(of_type(first.records, RecordType::dnskey) == of_type(stale, RecordType::dnskey));
}

TEST_CASE("each way of signing badly") {
  struct Row {
    Signing signing;
    bool keys, ds_there, ds_fits;
  };
  const std::vector<Row> rows = {
      {Signing::good, true, true, true},    {Signing::expired, true, true, true},
      {Signing::not_yet, true, true, true}, {Signing::wrong_ds, true, true, false},
      {Signing::no_ds, true, false, false}, {Signing::unsigned_with_ds, false, true, false}};
  for (const Row& row : rows) {
    auto scenario = world({{Name::of("shop.example"), row.signing}});
    const auto anchor = lab::sign_zones(scenario, kNow);
    REQUIRE(anchor);
    CHECK(anchor->empty());
    const auto keys = of_type(scenario.servers[1].zones[0].records, RecordType::dnskey);
    const auto ds = of_type(scenario.servers[0].zones[1].records, RecordType::ds);
    CHECK(keys.size() == (row.keys ? 1U : 0U));
    REQUIRE(ds.size() == (row.ds_there ? 1U : 0U));
    if (row.keys && row.ds_there) {
      CHECK((dns::as_ds(ds[0])->key_tag == dns::as_dnskey(keys[0])->key_tag) == row.ds_fits);
    }
  }
}

TEST_CASE("validity periods fit the way of signing") {
  const auto period = [](Signing signing) {
    auto scenario = world({{Name::of("shop.example"), signing}});
    REQUIRE(lab::sign_zones(scenario, kNow));
    return *dns::as_rrsig(of_type(scenario.servers[1].zones[0].records, RecordType::rrsig).at(0));
  };
  CHECK(period(Signing::good).inception < kNow);
  CHECK(period(Signing::good).expiration > kNow);
  CHECK(period(Signing::expired).expiration < kNow);
  CHECK(period(Signing::not_yet).inception > kNow);
}

TEST_CASE("a zone to be signed that nobody serves is an error") {
  auto scenario = world({{Name::of("shop.org"), Signing::good}});
  const auto anchor = lab::sign_zones(scenario, kNow);
  REQUIRE_FALSE(anchor);
  CHECK(anchor.error() == "no server has the zone shop.org. to be signed");
}
