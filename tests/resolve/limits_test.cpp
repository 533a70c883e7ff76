// What a hostile zone can make the walk do is bounded, and the bound that was reached is told.
#include "resolve/limits.h"

#include <algorithm>

#include "resolve/collect.h"
#include "support/catch.h"
#include "support/scripted_transport.h"

using namespace dcv;
using dns::IpAddress;
using dns::Name;
using dns::RecordType;

namespace {

constexpr std::uint8_t kNet = 45;

IpAddress address(std::size_t third, std::size_t last) {
  return IpAddress::v4(
      {kNet, 1, static_cast<std::uint8_t>(third), static_cast<std::uint8_t>(last)});
}

void refer(dns::Message& reply, const Name& cut, const std::string& host,
           const std::vector<IpAddress>& glue) {
  const Name server = *Name::of(host).joined(cut);
  reply.authority.push_back(dns::make_target(cut, RecordType::ns, 60, server));
  for (const IpAddress& each : glue)
    reply.additional.push_back(dns::make_address(server, 60, each));
}

dns::Message denial(const Name& zone) {
  dns::Message reply;
  reply.authoritative = true;
  reply.authority.push_back(dns::make_soa(zone, 60, {}));
  return reply;
}

struct Run {
  observe::Observation seen;
  std::size_t asked = 0;
};

Run run(const std::string& name, const testing::ScriptedTransport::Answer& answer) {
  testing::ScriptedTransport transport(answer);
  resolve::Plan plan;
  plan.targets = {{.identifier = *dns::parse_identifier(name)}};
  observe::NameServer root;
  root.name = Name::of("root.example");
  root.glue = {address(0, 1)};
  plan.root_hints = {root};
  plan.caa = false;
  Run result{resolve::collect(plan, transport)};
  result.asked = transport.asked.size();
  return result;
}

bool tells(const Run& run, const std::string& limit) {
  return std::ranges::count(run.seen.stats.limits, limit) == 1;
}

}  // namespace

TEST_CASE("a name whose every label is a zone cut is given up") {
  std::string name = "shop.example";
  for (int i = 0; i < 60; ++i) name.insert(0, "a.");
  const Run result = run(name, [](const net::Query& query) {
    const std::size_t depth = query.zone.label_count();
    if (query.question.name == query.zone) return denial(query.zone);
    dns::Message reply;
    refer(reply, query.question.name.suffix(depth + 1), "ns", {address(depth + 1, 1)});
    return reply;
  });
  CHECK(tells(result, "zone cuts on the way to one name: 20"));
  // The look-up of the last server's host has its own count.
  CHECK(result.seen.zones.size() <= 2 * resolve::kZoneCutsPerName + 5);
  CHECK(result.asked < 200);
}

TEST_CASE("each server of the parent tells of other servers and addresses: some are kept") {
  const Run result = run("app.shop.example", [](const net::Query& query) {
    if (query.zone.label_count() == 2) return denial(query.zone);
    dns::Message reply;
    const bool root = query.zone.is_root();
    const Name cut = query.question.name.suffix(root ? 1 : 2);
    const std::size_t asked_at = query.address.bytes()[3];
    for (std::size_t i = 0; i < (root ? 2 : 30); ++i) {
      const std::size_t number = root ? i : asked_at * 30 + i;
      std::vector<IpAddress> glue;
      for (std::size_t j = 0; j < (root ? 1 : 20); ++j)
        glue.push_back(root ? address(1, i + 1) : address(number, j + 1));
      refer(reply, cut, "ns" + std::to_string(number), glue);
    }
    return reply;
  });
  CHECK(tells(result, "name servers of one zone: 40"));
  CHECK(tells(result, "addresses of one name server: 8"));
  const observe::Zone& zone = result.seen.zones.back();
  CHECK(zone.apex == Name::of("shop.example"));
  CHECK(zone.servers.size() == resolve::kNameServersPerZone);
  for (const observe::NameServer& server : zone.servers)
    CHECK(server.glue.size() == resolve::kAddressesPerServer);
}
