// Servers of the lab that answer as a recursive resolver does.

#include "lab/recursor.h"

#include "dns/wire.h"
#include "dns/zone_file.h"
#include "lab/responder.h"
#include "lab/signing.h"
#include "support/catch.h"

using namespace dcv;
using dns::Name;
using dns::Rcode;
using dns::RecordType;
using lab::Transport;

namespace {

constexpr std::uint32_t kNow = 1790000000;

lab::ZoneCopy copy_of(const char* apex, const std::string& text) {
  const auto records =
      dns::parse_zone("@ 3600 IN SOA ns h ( 7 1 1 1 300 )\n" + text, Name::of(apex));
  REQUIRE(records);
  return {Name::of(apex), "", *records, {}};
}

lab::Server server(const char* name, const char* address, std::vector<lab::ZoneCopy> zones,
                   const lab::Behaviour& behaviour = {}) {
  return {name, {{*dns::IpAddress::parse(address), behaviour}}, {}, std::move(zones)};
}

const char* const kShop =
    "a IN TXT \"value\"\nalias IN CNAME t.provider.io.\nloop IN CNAME loop2\n"
    "loop2 IN CNAME loop\ntree IN DNAME pool.provider.io.\nlame IN NS ns1.provider.io.\n";

// Root, two registries, a shop with two servers, a provider whose servers have no glue in io.
lab::Scenario world(const lab::Behaviour& first_shop_server = {}) {
  lab::Scenario scenario;
  scenario.servers = {
      server("root", "198.41.0.4",
             {copy_of(".",
                      "example. IN NS a.nic.example.\na.nic.example. IN A 194.0.25.29\n"
                      "io. IN NS a.nic.io.\na.nic.io. IN A 65.22.160.17\n")}),
      server("a.nic.example", "194.0.25.29",
             {copy_of("example",
                      "shop IN NS ns1.shop\nshop IN NS ns2.shop\n"
                      "ns1.shop IN A 45.90.28.10\nns2.shop IN A 45.90.30.10\n"
                      "hosts IN NS ns1.hosts\nns1.hosts IN A 45.90.28.77\n")}),
      server("a.nic.io", "65.22.160.17", {copy_of("io", "provider IN NS ns1.hosts.example.\n")}),
      server("ns1.shop.example", "45.90.28.10", {copy_of("shop.example", kShop)},
             first_shop_server),
      server("ns2.shop.example", "45.90.30.10", {copy_of("shop.example", kShop)}),
      server("ns1.hosts.example", "45.90.28.77",
             {copy_of("hosts.example", "ns1 IN A 45.90.28.77\n"),
              copy_of("provider.io",
                      "t IN TXT \"token\"\nx.pool IN TXT \"pooled\"\n"
                      "ns1 IN A 45.90.28.77\n")})};
  return scenario;
}

struct Flags {
  bool dnssec_ok = false, checking_disabled = false, recursion_desired = true;
};

// What a resolver with these own zones and this behaviour says.
dns::Message ask(lab::Scenario scenario, const char* name, RecordType type = RecordType::txt,
                 Flags flags = {}, std::vector<lab::ZoneCopy> own = {},
                 lab::Behaviour behaviour = {}) {
  behaviour.recursive = true;
  scenario.servers.push_back(server("dns.google", "8.8.8.8", std::move(own), behaviour));
  REQUIRE(lab::sign_zones(scenario, kNow));
  std::vector<lab::Host> hosts = lab::make_hosts(scenario);
  dns::Message query;
  query.id = 7;
  query.recursion_desired = flags.recursion_desired;
  query.checking_disabled = flags.checking_disabled;
  query.question = dns::Question{Name::of(name), type};
  query.edns = dns::Edns{};
  query.edns->dnssec_ok = flags.dnssec_ok;
  const auto bytes = hosts.back().responder.respond(dns::encode(query), Transport::tcp);
  REQUIRE(bytes);
  auto reply = dns::decode(*bytes);
  REQUIRE(reply);
  CHECK(reply->recursion_available == (reply->rcode != Rcode::refused));
  CHECK_FALSE(reply->authoritative);
  return std::move(reply).value();
}

std::vector<std::string> answers(const dns::Message& reply) {
  std::vector<std::string> lines;
  for (const dns::Record& record : reply.answer)
    lines.push_back(record.owner.text() + " " + dns::text(record.type) + " " +
                    dns::rdata_text(record));
  return lines;
}

int extended_error(const dns::Message& reply) {
  const auto errors = reply.edns->extended_errors();
  return errors.empty() ? 0 : errors.front().code;
}

lab::Scenario signed_world(lab::Signing way) {
  lab::Scenario scenario = world();
  for (const char* apex : {".", "example"}) scenario.sign[Name::of(apex)] = {};
  scenario.sign[Name::of("shop.example")].way = way;
  return scenario;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a recursive server finds what servers elsewhere have, aliases and DNAME included") {
  CHECK(answers(ask(world(), "a.shop.example")) == Lines{"a.shop.example. TXT \"value\""});
  CHECK(answers(ask(world(), "alias.shop.example")) ==
        Lines{"alias.shop.example. CNAME t.provider.io.", "t.provider.io. TXT \"token\""});
  CHECK(answers(ask(world(), "x.tree.shop.example")) ==
        Lines{"tree.shop.example. DNAME pool.provider.io.",
              "x.tree.shop.example. CNAME x.pool.provider.io.",
              "x.pool.provider.io. TXT \"pooled\""});
}

TEST_CASE("at a cut it answers from the child, DS from the parent") {
  CHECK(ask(world(), "shop.example", RecordType::soa).answer.at(0).owner ==
        Name::of("shop.example"));
  const auto ds = ask(signed_world(lab::Signing::good), "shop.example", RecordType::ds);
  CHECK(dns::as_ds(ds.answer.at(0)));
  CHECK(ask(world(), ".", RecordType::soa).answer.size() == 1);
}

TEST_CASE("denials have the SOA of the zone that denies") {
  const auto nothing = ask(world(), "none.shop.example");
  CHECK(nothing.rcode == Rcode::nxdomain);
  REQUIRE(nothing.authority.size() == 1);
  CHECK(nothing.authority[0].owner == Name::of("shop.example"));
  CHECK(nothing.authority[0].ttl == 300);
  const auto other_type = ask(world(), "a.shop.example", RecordType::caa);
  CHECK(other_type.rcode == Rcode::noerror);
  CHECK(other_type.authority.at(0).owner == Name::of("shop.example"));
  CHECK(ask(world(), "nobody").authority.at(0).owner == Name());
}

TEST_CASE("where no server answers, is lame or an alias leads round, it is SERVFAIL") {
  const auto lame = ask(world(), "x.lame.shop.example");
  CHECK(lame.rcode == Rcode::servfail);
  CHECK(extended_error(lame) == 22);
  CHECK(ask(world(), "loop.shop.example").rcode == Rcode::servfail);
  lab::Scenario dead = world();
  for (lab::Server& each : dead.servers)
    if (each.name == "ns1.hosts.example") each.addresses[0].behaviour.drop = true;
  CHECK(ask(dead, "t.provider.io").rcode == Rcode::servfail);
}

TEST_CASE("it goes to the next server when the first is dead") {
  lab::Behaviour dead;
  dead.drop = true;
  CHECK(ask(world(dead), "a.shop.example").answer.size() == 1);
}

TEST_CASE("its own zones win over those of the Internet") {
  const auto old = copy_of("shop.example", "a IN TXT \"old\"\n");
  CHECK(answers(ask(world(), "a.shop.example", RecordType::txt, {}, {old})) ==
        Lines{"a.shop.example. TXT \"old\""});
  const auto parent = copy_of("example", "");
  CHECK(ask(world(), "a.shop.example", RecordType::txt, {}, {parent}).rcode == Rcode::nxdomain);
  const auto within = copy_of("a.shop.example", "@ IN TXT \"local\"\n");
  CHECK(answers(ask(world(), "a.shop.example", RecordType::txt, {}, {within})) ==
        Lines{"a.shop.example. TXT \"local\""});
  CHECK(answers(ask(world(), "t.provider.io", RecordType::txt, {}, {within})).size() == 1);
}

TEST_CASE("without RD it answers too, unless it refuses that") {
  const Flags cold{false, false, false};
  CHECK(ask(world(), "a.shop.example", RecordType::txt, cold).answer.size() == 1);
  lab::Behaviour strict;
  strict.refuse_non_recursive = true;
  CHECK(ask(world(), "a.shop.example", RecordType::txt, cold, {}, strict).rcode == Rcode::refused);
  CHECK(ask(world(), "a.shop.example", RecordType::txt, {}, {}, strict).answer.size() == 1);
}

TEST_CASE("AD is set for those who ask for DNSSEC when all zones on the way are signed well") {
  const Flags dnssec{true, false, true};
  const auto good = signed_world(lab::Signing::good);
  CHECK(ask(good, "a.shop.example", RecordType::txt, dnssec).authentic_data);
  CHECK(ask(good, "a.shop.example", RecordType::txt, dnssec).answer.size() == 2);
  CHECK_FALSE(ask(good, "a.shop.example").authentic_data);
  CHECK_FALSE(ask(good, "alias.shop.example", RecordType::txt, dnssec).authentic_data);
  CHECK_FALSE(ask(signed_world(lab::Signing::no_ds), "a.shop.example", RecordType::txt, dnssec)
                  .authentic_data);
  CHECK_FALSE(ask(world(), "a.shop.example", RecordType::txt, dnssec).authentic_data);
}

TEST_CASE("a zone signed badly is SERVFAIL, unless checking is disabled") {
  using lab::Signing;
  for (const auto way : {Signing::expired, Signing::not_yet, Signing::broken_signatures,
                         Signing::wrong_ds, Signing::unsigned_with_ds}) {
    const auto bogus = ask(signed_world(way), "a.shop.example");
    CHECK(bogus.rcode == Rcode::servfail);
    CHECK(extended_error(bogus) == 6);
    CHECK(ask(signed_world(way), "a.shop.example", RecordType::txt, {false, true, true})
              .answer.size() == 1);
  }
  CHECK(ask(signed_world(Signing::unrectified), "a.shop.example").rcode == Rcode::noerror);
  CHECK(ask(signed_world(Signing::unrectified), "b.shop.example").rcode == Rcode::servfail);
}

TEST_CASE("signatures wrong at one server send it to the next") {
  auto scenario = signed_world(lab::Signing::good);
  scenario.sign[Name::of("shop.example")].at["ns1.shop.example"] = lab::Signing::expired;
  CHECK(ask(scenario, "a.shop.example", RecordType::txt, {true, false, true}).authentic_data);
}

TEST_CASE("an interceptor answers in the name of everyone") {
  lab::Scenario scenario = world();
  scenario.intercepted.emplace().recursive = true;
  lab::Responder anyone = lab::make_interceptor(scenario);
  const auto bytes = anyone.respond(
      dns::encode_query(1, {Name(), RecordType::soa}, false, dns::Edns{}), Transport::udp);
  REQUIRE(bytes);
  const auto reply = dns::decode(*bytes);
  CHECK(reply->recursion_available);
  CHECK_FALSE(reply->authoritative);
  CHECK(reply->answer.size() == 1);
}
