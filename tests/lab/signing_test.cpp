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

lab::Scenario world(const std::map<Name, Signing>& sign) {
  lab::Scenario scenario;
  for (const auto& [apex, way] : sign) scenario.sign[apex].way = way;
  lab::Server parent, first, second;
  first.name = "ns1.shop.example";
  second.name = "ns2.shop.example";
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
  const std::vector<Row> rows = {{Signing::good, true, true, true},
                                 {Signing::expired, true, true, true},
                                 {Signing::not_yet, true, true, true},
                                 {Signing::wrong_ds, true, true, false},
                                 {Signing::no_ds, true, false, false},
                                 {Signing::unsigned_with_ds, false, true, false},
                                 {Signing::unknown_algorithm, true, true, true}};
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
  CHECK(period(Signing::expiring).expiration > kNow);
  CHECK(period(Signing::expiring).expiration < kNow + 2 * 86400);
}

TEST_CASE("one server's copy can be signed otherwise") {
  const auto copies = [](Signing way) {
    auto scenario = world({{Name::of("shop.example"), Signing::good}});
    scenario.sign.begin()->second.at["ns2.shop.example"] = way;
    REQUIRE(lab::sign_zones(scenario, kNow));
    return std::pair(scenario.servers[1].zones[0], scenario.servers[2].zones[0]);
  };
  const auto keys = [](const lab::ZoneCopy& copy) {
    return of_type(copy.records, RecordType::dnskey);
  };
  const auto expired = copies(Signing::expired);
  CHECK(keys(expired.first) == keys(expired.second));
  const auto signature = [](const lab::ZoneCopy& copy) {
    return *dns::as_rrsig(of_type(copy.records, RecordType::rrsig).at(0));
  };
  CHECK(signature(expired.first).expiration > kNow);
  CHECK(signature(expired.second).expiration < kNow);
  const auto other = copies(Signing::other_key);
  REQUIRE(keys(other.second).size() == 1);
  CHECK(keys(other.first) != keys(other.second));
  const auto plain = copies(Signing::unsigned_copy);
  CHECK(keys(plain.first).size() == 1);
  CHECK(keys(plain.second).empty());
  auto scenario = world({{Name::of("shop.example"), Signing::good}});
  scenario.sign.begin()->second.at["ns3.shop.example"] = Signing::good;
  const auto fault = lab::sign_zones(scenario, kNow);
  REQUIRE_FALSE(fault);
  CHECK(fault.error() == "server ns3.shop.example has no zone shop.example. to be signed");
}

TEST_CASE("an unrectified copy keeps the denial of its apex only") {
  for (const bool hashed : {false, true}) {
    auto scenario = world({{Name::of("shop.example"), Signing::unrectified}});
    if (hashed) scenario.sign.begin()->second.nsec3 = dns::Nsec3Options{};
    REQUIRE(lab::sign_zones(scenario, kNow));
    const auto& copy = scenario.servers[1].zones[0];
    CHECK(count(copy, RecordType::nsec) == (hashed ? 0 : 1));
    CHECK(count(copy, RecordType::nsec3) == (hashed ? 1 : 0));
  }
}

TEST_CASE("a zone to be signed that nobody serves is an error") {
  auto scenario = world({{Name::of("shop.org"), Signing::good}});
  const auto anchor = lab::sign_zones(scenario, kNow);
  REQUIRE_FALSE(anchor);
  CHECK(anchor.error() == "no server has the zone shop.org. to be signed");
}
