// Finding zones, exchanges and addresses.
#include "observe/lookup.h"

#include "support/catch.h"
#include "support/observation_builder.h"

using namespace dcv;
using namespace dcv::observe;
using dns::IpAddress;
using dns::Name;
using testing::kProofName;

namespace {

using Names = std::vector<std::string>;

Names apexes(const std::vector<const Zone*>& zones) {
  Names names;
  for (const Zone* zone : zones) names.push_back(zone->apex.text());
  return names;
}

}  // namespace

TEST_CASE("a zone is found by its apex in any case, and only by its apex") {
  const auto world = testing::healthy_world();
  REQUIRE(find_zone(world.observation, Name::of("SHOP.example.")) != nullptr);
  CHECK(find_zone(world.observation, Name::of("shop.example."))->probed);
  CHECK(find_zone(world.observation, Name::of("app.shop.example.")) == nullptr);
}

TEST_CASE("the probed path begins below the registry and ends at the zone asked for") {
  auto world = testing::healthy_world();
  world.zone("app.shop.example.", "shop.example.");
  CHECK(apexes(probed_path(world.observation, Name::of("app.shop.example."))) ==
        Names{"shop.example.", "app.shop.example."});
  CHECK(apexes(probed_path(world.observation, Name::of("shop.example."))) ==
        Names{"shop.example."});
  CHECK(probed_path(world.observation, Name::of("example.")).empty());
  CHECK(probed_path(world.observation, Name::of("other.example.")).empty());
}

TEST_CASE("a zone that names itself as parent ends the probed path") {
  auto world = testing::healthy_world();
  world.zone_at("shop.example.").parent = Name::of("shop.example.");
  CHECK(apexes(probed_path(world.observation, Name::of("shop.example."))) ==
        Names{"shop.example."});
}

TEST_CASE("exchanges are selected by every field that is set") {
  const auto world = testing::healthy_world();
  const Name zone = Name::of("shop.example."), proof = Name::of(kProofName);
  const IpAddress address = IpAddress::of("45.90.30.10");
  CHECK(select(world.observation, {}).size() == world.observation.exchanges.size());
  CHECK(select(world.observation, {.zone = &zone, .purpose = Purpose::proof}).size() == 4);
  CHECK(select(world.observation, {.name = &proof, .address = &address}).size() == 5);
  const auto one =
      select(world.observation,
             {.zone = &zone, .name = &proof, .purpose = Purpose::proof_tcp, .address = &address});
  REQUIRE(one.size() == 1);
  CHECK(one[0]->transport == Transport::tcp);
  CHECK(one[0]->address == address);
}

TEST_CASE("an index selects what a search through all exchanges does") {
  auto world = testing::healthy_world();
  world.observation.exchanges.front().question.name = Name::of("Shop.EXAMPLE.");
  const Index index(world.observation);
  const Name zone = Name::of("SHOP.example."),
             proof = Name::of("_ACME-challenge.app.shop.example.");
  const Name other = Name::of("other.example.");
  const IpAddress address = IpAddress::of("45.90.30.10");
  for (const Name* apex : {static_cast<const Name*>(nullptr), &zone, &other})
    for (const Name* name : {static_cast<const Name*>(nullptr), &zone, &proof, &other})
      for (const IpAddress* at : {static_cast<const IpAddress*>(nullptr), &address}) {
        const Selection every{.zone = apex, .name = name, .purpose = {}, .address = at};
        const Selection proofs{
            .zone = apex, .name = name, .purpose = Purpose::proof, .address = at};
        CHECK(index.select(every) == select(world.observation, every));
        CHECK(index.select(proofs) == select(world.observation, proofs));
      }
  CHECK(Index(Observation{}).select({.zone = &zone}).empty());
  CHECK(Index(Observation{}).select({.name = &zone}).empty());
}

TEST_CASE("addresses of a zone are sorted by server and told once, be they glue or own") {
  Zone zone;
  zone.servers.resize(2);
  zone.servers[0].name = Name::of("ns2.shop.example.");
  zone.servers[0].glue = {IpAddress::of("45.90.30.10")};
  zone.servers[0].addresses = {IpAddress::of("45.90.30.11"), IpAddress::of("45.90.30.10")};
  zone.servers[1].name = Name::of("ns1.shop.example.");
  zone.servers[1].addresses = {IpAddress::of("2a07:a8c0::10"), IpAddress::of("45.90.30.10")};
  Names labels;
  for (const ServerAddress& each : addresses_of(zone)) {
    labels.push_back(label(each.server->name, each.address));
  }
  CHECK(labels == Names{"ns1.shop.example (45.90.30.10)", "ns1.shop.example (2a07:a8c0::10)",
                        "ns2.shop.example (45.90.30.10)", "ns2.shop.example (45.90.30.11)"});
}

TEST_CASE("a server is named with its address, and hostile bytes are escaped") {
  Exchange exchange;
  exchange.server = *Name::from_labels({"ns\x1b[31m", "example"});
  exchange.address = IpAddress::of("2001:db8::1");
  CHECK(label(exchange) == "ns\\027[31m.example (2001:db8::1)");
}
