// Looking again at the authorities: replies change places, and a changed way is noticed.
#include <algorithm>

#include "observe/lookup.h"
#include "observe/sight.h"
#include "resolve/public_eye.h"
#include "support/catch.h"
#include "support/observation_builder.h"
#include "support/scripted_transport.h"

using namespace dcv;
using dns::Name;
using dns::RecordType;
using observe::Observation;
using observe::Purpose;
using observe::StepEnd;
using testing::kDigest;
using testing::kProofName;
using testing::kZone;
using testing::ScriptedTransport;

namespace {

// A round begins ten seconds after the walk.
constexpr double kLater = 10;

// The healthy world before the record was published.
Observation before() {
  testing::ObservationBuilder world = testing::healthy_world();
  world.proof_all(kZone, kProofName, testing::nxdomain(kZone));
  world.observation.targets[0].steps[0].end = StepEnd::nxdomain;
  return world.observation;
}

dns::Message authoritative(std::vector<dns::Record> answer) {
  dns::Message message;
  message.authoritative = true;
  message.answer = std::move(answer);
  return message;
}

dns::Record soa(std::uint32_t serial) {
  dns::Soa data;
  data.serial = serial;
  return dns::make_soa(Name::of(kZone), 3600, data);
}

// All servers have the record and the zone's second version.
dns::Message published(const net::Query& query) {
  if (query.question.type == RecordType::soa) return authoritative({soa(2)});
  return authoritative({dns::make_txt(query.question.name, 60, kDigest)});
}

bool again(Observation& observation, ScriptedTransport& transport) {
  return resolve::look_again(observation, transport, observation.started_at + kLater);
}

}  // namespace

TEST_CASE("the replies of a new round take the place of the old ones") {
  Observation observation = before();
  CHECK_FALSE(observe::authorities_agree(observation, observation.targets[0]));
  ScriptedTransport transport(published);
  CHECK(again(observation, transport));
  CHECK(observe::authorities_agree(observation, observation.targets[0]));
  CHECK(observation.targets[0].steps[0].end == StepEnd::answer);
  CHECK(observation.now == observation.started_at + kLater);
  const auto sights = observe::authorities(observation, observation.targets[0]);
  REQUIRE(sights.size() == 4);
  CHECK(sights[0].exchange->sent_at == Approx(kLater));
  CHECK(sights[0].exchange->kind == dns::ReplyKind::answer);
}

TEST_CASE("a round asks the proof and the SOA at each address, and nobody else") {
  Observation observation = before();
  ScriptedTransport transport(published);
  CHECK(again(observation, transport));
  CHECK(transport.asked.size() == 8);
  for (const net::Query& query : transport.asked) {
    const bool proof = query.purpose == Purpose::proof;
    CHECK((proof || query.purpose == Purpose::zone_soa));
    CHECK(query.question.name == Name::of(proof ? kProofName : kZone));
    CHECK_FALSE(query.endpoint);
    CHECK_FALSE(query.recursion_desired);
  }
  CHECK(observation.stats.queries == 8);
  CHECK(transport.elapsed() == Approx(ScriptedTransport::kRoundTrip));
}

TEST_CASE("samples from before a round go, and referrals keep their places") {
  testing::ObservationBuilder world = testing::healthy_world();
  observe::Zone& zone = world.zone_at(kZone);
  world.observation.exchanges.push_back(world.observation.exchanges[zone.delegation.front()]);
  zone.delegation = {world.observation.exchanges.size() - 1};
  world.observation.ca_answers.emplace_back();
  ScriptedTransport transport(published);
  CHECK(again(world.observation, transport));
  for (const observe::Exchange& exchange : world.observation.exchanges) {
    CHECK(exchange.purpose != Purpose::proof_again);
    CHECK(exchange.purpose != Purpose::proof_tcp);
  }
  CHECK(zone.delegation ==
        std::vector<observe::ExchangeId>{world.observation.exchanges.size() - 1});
  CHECK(world.observation.ca_answers.empty());
}

TEST_CASE("an alias in a record's place means that the walk has to be repeated") {
  Observation observation = before();
  ScriptedTransport transport([](const net::Query& query) {
    if (query.purpose != Purpose::proof) return published(query);
    return authoritative({dns::make_target(query.question.name, RecordType::cname, 60,
                                           Name::of("acme.hosting.example"))});
  });
  CHECK_FALSE(again(observation, transport));
}

TEST_CASE("a new delegation means that the walk has to be repeated") {
  Observation observation = before();
  ScriptedTransport transport([](const net::Query& query) {
    if (query.purpose != Purpose::proof) return published(query);
    dns::Message referral;
    referral.authority = {dns::make_target(Name::of(kProofName), RecordType::ns, 60,
                                           Name::of("ns1.hosting.example"))};
    return referral;
  });
  CHECK_FALSE(again(observation, transport));
}

TEST_CASE("one silent server is a sample; silence everywhere means that the walk is repeated") {
  for (const bool all : {false, true}) {
    Observation observation = before();
    ScriptedTransport transport([&](const net::Query& query) -> std::optional<dns::Message> {
      if (all || query.address == dns::IpAddress::of("45.90.28.10")) return std::nullopt;
      return published(query);
    });
    CHECK(again(observation, transport) == !all);
    if (!all) CHECK(observe::authorities_agree(observation, observation.targets[0]));
  }
}

TEST_CASE("a walk that came to no server has to be repeated") {
  Observation observation = before();
  observation.exchanges.clear();
  for (observe::Zone& zone : observation.zones) zone.delegation.clear();
  observation.targets[0].steps[0].end = StepEnd::no_usable_reply;
  ScriptedTransport transport(published);
  CHECK_FALSE(again(observation, transport));
  CHECK(transport.asked.empty());
}
