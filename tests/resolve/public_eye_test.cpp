// Whom the public eye asks what, and when it asks nobody.
#include "resolve/public_eye.h"

#include <map>

#include "observe/sight.h"
#include "support/catch.h"
#include "support/observation_builder.h"
#include "support/scripted_transport.h"

using namespace dcv;
using dns::Name;
using dns::RecordType;
using observe::Purpose;
using observe::Sight;
using testing::kDigest;
using testing::kOtherDigest;
using testing::kProofName;
using testing::kZone;
using testing::ScriptedTransport;

namespace {

using Purposes = std::vector<Purpose>;

dns::Message error(dns::Rcode rcode) {
  dns::Message message;
  message.rcode = rcode;
  return message;
}

// A resolver that has whatever is asked for, with this value.
dns::Message txt(const net::Query& query, const std::string& value = kDigest) {
  dns::Message message;
  message.recursion_available = true;
  if (query.question.type == RecordType::txt) {
    message.answer = {dns::make_txt(query.question.name, 60, value)};
    message.answer[0].record_class = query.question.record_class;
  }
  return message;
}

observe::PublicResolver resolver(const std::string& by, const std::string& address,
                                 observe::Transport transport = observe::Transport::udp) {
  observe::PublicResolver made;
  made.resolver.operator_name = by;
  made.endpoint.transport = transport;
  made.endpoint.address = dns::IpAddress::of(address);
  made.endpoint.port = transport == observe::Transport::tls ? 853 : 53;
  return made;
}

resolve::PublicPlan two_resolvers() {
  resolve::PublicPlan plan;
  plan.resolvers = {resolver("Google", "8.8.8.8"), resolver("Quad9", "9.9.9.9")};
  return plan;
}

Purposes purposes(const observe::View& view) {
  Purposes found;
  for (const observe::Exchange& exchange : view.exchanges) found.push_back(exchange.purpose);
  return found;
}

testing::ObservationBuilder world_with_a_denial() {
  testing::ObservationBuilder world = testing::healthy_world();
  world.proof(kZone, "45.90.30.10", kProofName, testing::nxdomain(kZone));
  return world;
}

}  // namespace

TEST_CASE("no resolver is asked anything while an authority denies the records") {
  auto world = world_with_a_denial();
  ScriptedTransport transport([](const net::Query& query) { return txt(query); });
  resolve::look(two_resolvers(), world.observation, transport);
  CHECK(transport.asked.empty());
  CHECK(world.observation.targets[0].views.empty());
  CHECK(world.observation.targets[0].views_withheld ==
        "ns2.shop.example (45.90.30.10) has no TXT record there");
  CHECK(world.observation.resolvers.size() == 2);
}

TEST_CASE(
    "resolvers inside are then asked for the name servers of the zone, which plants nothing") {
  auto world = world_with_a_denial();
  ScriptedTransport transport([](const net::Query& query) { return txt(query); });
  resolve::PublicPlan plan = two_resolvers();
  plan.resolvers.push_back(resolver("", "10.0.0.2"));
  resolve::look(plan, world.observation, transport);
  REQUIRE(transport.asked.size() == 1);
  CHECK(transport.asked[0].address == dns::IpAddress::of("10.0.0.2"));
  CHECK(transport.asked[0].question.name == Name::of(kZone));
  CHECK(transport.asked[0].question.type == RecordType::ns);
  const auto& views = world.observation.targets[0].views;
  REQUIRE(views.size() == 1);
  CHECK(views[0].resolver == 2);
  CHECK(purposes(views[0]) == Purposes{Purpose::view_servers});
}

TEST_CASE("whoever insists has the resolvers asked while an authority denies the records") {
  auto world = world_with_a_denial();
  ScriptedTransport transport([](const net::Query& query) { return txt(query); });
  resolve::PublicPlan plan = two_resolvers();
  plan.ask_anyway = true;
  resolve::look(plan, world.observation, transport);
  CHECK(world.observation.targets[0].views.size() == 2);
  CHECK(world.observation.targets[0].views_withheld.empty());
}

TEST_CASE(
    "each resolver is asked for records, samples, servers, a random name and itself at once") {
  auto world = testing::healthy_world();
  ScriptedTransport transport([](const net::Query& query) { return txt(query); });
  resolve::PublicPlan plan = two_resolvers();
  plan.client_subnet = *dns::ClientSubnet::parse("192.0.2.0/24");
  resolve::look(plan, world.observation, transport);

  const observe::Target& target = world.observation.targets[0];
  REQUIRE(target.views.size() == 2);
  CHECK(target.views[1].resolver == 1);
  const Purposes all = {Purpose::view, Purpose::view_again, Purpose::view_again,
                        Purpose::view_servers, Purpose::view_control};
  CHECK(purposes(target.views[0]) == all);
  CHECK(purposes(target.views[1]) == all);
  const auto& exchanges = target.views[0].exchanges;
  CHECK(exchanges[0].question == dns::Question{Name::of(kProofName), RecordType::txt});
  CHECK(exchanges[3].question == dns::Question{Name::of(kZone), RecordType::ns});
  CHECK(exchanges[4].question.name.parent() == Name::of("app.shop.example"));
  CHECK(exchanges[4].question.name != Name::of(kProofName));
  CHECK(exchanges[0].depth == world.observation.stats.round_trips);
  CHECK(observe::see(exchanges[0], {kDigest}).sight == Sight::holds);

  REQUIRE(world.observation.resolvers[0].identity.size() == 1);
  const dns::Question& who = world.observation.resolvers[0].identity[0].question;
  CHECK(who.name == Name::of("id.server"));
  CHECK(who.record_class == 3);

  CHECK(world.observation.client_subnet->text() == "192.0.2.0/24");
  CHECK(transport.asked.size() == 12);
  for (const net::Query& query : transport.asked) {
    CHECK(query.recursion_desired);
    CHECK_FALSE(query.checking_disabled);
    REQUIRE(query.endpoint);
    CHECK(query.endpoint->address == query.address);
    CHECK(query.client_subnet.has_value() == (query.purpose != Purpose::identity));
  }
  CHECK(transport.elapsed() == Approx(ScriptedTransport::kRoundTrip));
  CHECK(world.observation.stats.queries == 12);
}

TEST_CASE("every resolver gets its first question before any gets its second") {
  auto world = testing::healthy_world();
  ScriptedTransport transport([](const net::Query& query) { return txt(query); });
  resolve::look(two_resolvers(), world.observation, transport);
  CHECK(transport.asked[0].purpose == Purpose::view);
  CHECK(transport.asked[0].address == dns::IpAddress::of("8.8.8.8"));
  CHECK(transport.asked[2].purpose == Purpose::view);
  CHECK(transport.asked[2].address == dns::IpAddress::of("9.9.9.9"));
}

TEST_CASE("after SERVFAIL the resolver is asked without DNSSEC validation, once") {
  auto world = testing::healthy_world();
  ScriptedTransport transport([](const net::Query& query) {
    const bool fails = query.address == dns::IpAddress::of("9.9.9.9") && !query.checking_disabled;
    return fails ? error(dns::Rcode::servfail) : txt(query);
  });
  resolve::look(two_resolvers(), world.observation, transport);
  const observe::Target& target = world.observation.targets[0];
  CHECK(target.views[0].exchanges.size() == 5);
  REQUIRE(target.views[1].exchanges.size() == 6);
  const observe::Exchange& unchecked = target.views[1].exchanges[5];
  CHECK(unchecked.purpose == Purpose::view_unchecked);
  CHECK(observe::see(unchecked, {kDigest}).sight == Sight::holds);
  CHECK(unchecked.depth == target.views[1].exchanges[0].depth + 1);
  CHECK(transport.elapsed() == Approx(2 * ScriptedTransport::kRoundTrip));
}

TEST_CASE("a dead resolver costs one query time-out in all") {
  auto world = testing::healthy_world();
  ScriptedTransport transport([](const net::Query& query) -> std::optional<dns::Message> {
    if (query.address == dns::IpAddress::of("9.9.9.9")) return std::nullopt;
    return txt(query);
  });
  resolve::look(two_resolvers(), world.observation, transport);
  CHECK(transport.elapsed() == Approx(ScriptedTransport::kTimeout));
  CHECK(observe::see(world.observation.targets[0].views[1].exchanges[0], {}).sight ==
        Sight::silent);
}

TEST_CASE("the random name stays inside of the zone when the records stand at its apex") {
  auto world = testing::healthy_world({});
  observe::Target& target = world.observation.targets[0];
  target.type = RecordType::mx;
  target.validation_name = target.steps[0].name = Name::of(kZone);
  ScriptedTransport transport([](const net::Query& query) { return txt(query); });
  resolve::PublicPlan plan = two_resolvers();
  plan.ask_anyway = true;
  resolve::look(plan, world.observation, transport);
  const observe::Exchange& control = target.views[0].exchanges.back();
  CHECK(control.purpose == Purpose::view_control);
  CHECK(control.question.name.parent() == Name::of(kZone));
  CHECK(control.question.type == RecordType::mx);
}

TEST_CASE("encrypted ways are asked only when port 53 is silent everywhere") {
  for (const int alive : {0, 1}) {
    auto world = testing::healthy_world();
    ScriptedTransport transport([&](const net::Query& query) -> std::optional<dns::Message> {
      const bool answers = query.endpoint->transport == observe::Transport::tls ||
                           (alive == 1 && query.address == dns::IpAddress::of("9.9.9.9"));
      return answers ? std::optional(txt(query)) : std::nullopt;
    });
    resolve::PublicPlan plan = two_resolvers();
    plan.fallback = {resolver("Google", "8.8.8.8", observe::Transport::tls)};
    resolve::look(plan, world.observation, transport);
    const observe::Target& target = world.observation.targets[0];
    CHECK(target.views.size() == (alive == 1 ? 2 : 3));
    CHECK(world.observation.resolvers.size() == target.views.size());
    if (alive == 1) continue;
    CHECK(world.observation.resolvers[2].endpoint.transport == observe::Transport::tls);
    CHECK(observe::see(target.views[2].exchanges[0], {kDigest}).sight == Sight::holds);
    CHECK(world.observation.resolvers[2].identity.size() == 1);
  }
}

TEST_CASE("encrypted ways are asked when somebody else answers on port 53") {
  const auto asked_over_tls = [](const std::string& quad9, const std::string& google) {
    auto world = testing::healthy_world();
    ScriptedTransport transport([&](const net::Query& query) {
      return txt(query, query.address == dns::IpAddress::of("9.9.9.9") ? quad9 : google);
    });
    resolve::PublicPlan plan = two_resolvers();
    plan.resolvers[1].resolver.instance = "*.pch.net";
    plan.fallback = {resolver("Google", "8.8.8.8", observe::Transport::tls)};
    resolve::look(plan, world.observation, transport);
    return world.observation.resolvers.size() == 3;
  };
  CHECK_FALSE(asked_over_tls("res1.fra.rrdns.pch.net", "fra01"));
  CHECK(asked_over_tls("cache7.isp.example", "fra01"));
  CHECK(asked_over_tls("res1.fra.rrdns.pch.net", "res1.fra.rrdns.pch.net"));
}

TEST_CASE("one server that answers for two operators is recognised by its NSID as well") {
  for (const bool same : {false, true}) {
    auto world = testing::healthy_world();
    ScriptedTransport transport([&](const net::Query& query) {
      dns::Message message = txt(query);
      if (query.purpose == Purpose::identity) message = error(dns::Rcode::refused);
      const std::string id = same ? "cache7" : query.address.text();
      message.edns = dns::Edns{};
      message.edns->options = {{static_cast<std::uint16_t>(dns::EdnsCode::nsid), id}};
      return message;
    });
    resolve::PublicPlan plan = two_resolvers();
    plan.fallback = {resolver("Google", "8.8.8.8", observe::Transport::tls)};
    resolve::look(plan, world.observation, transport);
    CHECK(world.observation.resolvers.size() == (same ? 3 : 2));
  }
}

TEST_CASE(
    "this machine's own resolver, or one in the same house, says nothing of port 53 outside") {
  const std::string address = GENERATE("127.0.0.53", "192.168.1.1");
  auto world = testing::healthy_world();
  ScriptedTransport transport([&](const net::Query& query) -> std::optional<dns::Message> {
    if (query.address == dns::IpAddress::of(address)) return txt(query);
    return std::nullopt;
  });
  resolve::PublicPlan plan = two_resolvers();
  plan.resolvers.push_back(resolver("", address));
  plan.resolvers.back().resolver.system = address == "127.0.0.53";
  plan.fallback = {resolver("Google", "8.8.8.8", observe::Transport::tls)};
  resolve::look(plan, world.observation, transport);
  CHECK(world.observation.resolvers.size() == 4);
}

TEST_CASE("views of several targets do not mix, and the same records are asked for once") {
  auto world = testing::healthy_world();
  const std::string other = "_acme-challenge.www.shop.example.";
  world.target("*.app.shop.example", {kDigest})
      .step(kProofName, kZone, observe::StepEnd::answer)
      .target("www.shop.example", {kOtherDigest})
      .step(other, kZone, observe::StepEnd::answer);
  world.proof_all(kZone, other, testing::data({testing::txt_line(other, kOtherDigest)}));
  ScriptedTransport transport([&](const net::Query& query) {
    return txt(query, query.question.name == Name::of(other) ? kOtherDigest : kDigest);
  });
  resolve::look(two_resolvers(), world.observation, transport);
  CHECK(transport.asked.size() == 22);
  for (const observe::Target& target : world.observation.targets) {
    REQUIRE(target.views.size() == 2);
    for (const observe::View& view : target.views) {
      CHECK(view.exchanges[0].question.name == target.validation_name);
      CHECK(observe::see(view.exchanges[0], target.expected).sight == Sight::holds);
    }
  }
}

TEST_CASE("a target whose authorities do not agree does not keep the others from being asked") {
  auto world = testing::healthy_world();
  const std::string other = "_acme-challenge.www.shop.example.";
  world.target("www.shop.example").step(other, kZone, observe::StepEnd::nxdomain);
  world.proof_all(kZone, other, testing::nxdomain(kZone));
  ScriptedTransport transport([](const net::Query& query) { return txt(query); });
  resolve::look(two_resolvers(), world.observation, transport);
  CHECK(world.observation.targets[0].views.size() == 2);
  CHECK(world.observation.targets[1].views.empty());
  CHECK(world.observation.targets[1].views_withheld ==
        "ns1.shop.example (45.90.28.10) has no TXT record there");
  for (const net::Query& query : transport.asked) CHECK(query.question.name != Name::of(other));
}

TEST_CASE("a list without end is cut and the limit is told, as are those of the transport") {
  auto world = testing::healthy_world();
  ScriptedTransport transport([](const net::Query& query) { return txt(query); });
  transport.limits = {"time"};
  resolve::PublicPlan plan;
  plan.samples = 1;
  for (int i = 0; i < 301; ++i)
    plan.resolvers.push_back(
        resolver("", "9.9." + std::to_string(i / 256) + "." + std::to_string(i % 256)));
  resolve::look(plan, world.observation, transport);
  CHECK(world.observation.resolvers.size() == 300);
  CHECK(world.observation.targets[0].views.size() == 300);
  CHECK(world.observation.stats.limits == std::vector<std::string>{"resolvers: 300", "time"});
}

TEST_CASE("a second look takes the place of the first") {
  auto world = testing::healthy_world();
  ScriptedTransport transport([](const net::Query& query) { return txt(query); });
  resolve::look(two_resolvers(), world.observation, transport);
  resolve::look(two_resolvers(), world.observation, transport);
  CHECK(world.observation.resolvers.size() == 2);
  CHECK(world.observation.targets[0].views.size() == 2);
  CHECK(world.observation.resolvers[0].identity.size() == 1);
}
