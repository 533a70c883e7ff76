// Where mail goes, walked over the lab's servers in memory.
#include <algorithm>
#include <set>

#include "resolve/collect.h"
#include "resolve/root_hints.h"
#include "rules/places.h"
#include "support/catch.h"
#include "support/lab_transport.h"

using namespace dcv;
using dns::RecordType;
using observe::StepEnd;

namespace {

observe::Observation run(const std::string& scenario, const std::string& method = "email") {
  testing::LabTransport transport(scenario);
  resolve::Plan plan;
  rules::Quest quest;
  quest.identifier = dns::parse_identifier("app.shop.example").value();
  quest.method = rules::method_of(method);
  resolve::PlannedTarget target{.identifier = quest.identifier};
  target.method = method;
  target.places = rules::places_of(quest).value();
  plan.targets.push_back(target);
  plan.root_hints = resolve::builtin_root_hints();
  return resolve::collect(plan, transport);
}

const observe::Place* place(const observe::Observation& seen, const std::string& name,
                            RecordType type) {
  const auto& others = seen.targets.front().others;
  const auto found = std::ranges::find_if(others, [&](const observe::Place& each) {
    return each.name == dns::Name::of(name) && each.type == type;
  });
  return found == others.end() ? nullptr : &*found;
}

StepEnd end_at(const observe::Observation& seen, const std::string& name, RecordType type) {
  const observe::Place* found = place(seen, name, type);
  REQUIRE(found != nullptr);
  return found->steps.back().end;
}

}  // namespace

TEST_CASE("the hosts of MX records are looked up for both families") {
  const observe::Observation seen = run("ok-email");
  CHECK(end_at(seen, "shop.example", RecordType::mx) == StepEnd::answer);
  CHECK(end_at(seen, "mx.shop.example", RecordType::a) == StepEnd::answer);
  CHECK(end_at(seen, "mx.shop.example", RecordType::aaaa) == StepEnd::answer);
}

TEST_CASE("a host that does not exist, and one that is an alias, are seen as such") {
  const observe::Observation gone = run("mail-exchange-unresolved");
  CHECK(end_at(gone, "mx.mailhoster.example.shop.example", RecordType::a) == StepEnd::nxdomain);
  const observe::Observation alias = run("mail-exchange-alias");
  const observe::Place* host = place(alias, "mail.shop.example", RecordType::a);
  REQUIRE(host != nullptr);
  REQUIRE(host->steps.size() == 2);
  CHECK(host->steps.back().name == dns::Name::of("mx.shop.example"));
  CHECK(host->steps.back().end == StepEnd::answer);
}

TEST_CASE("the domains of contacts in TXT and CAA records are looked up as well") {
  CHECK(end_at(run("mail-contact-unreachable"), "mail.shop.example", RecordType::mx) ==
        StepEnd::nxdomain);
  // The contact's domain is that of the name here, and has been asked for already.
  const observe::Observation seen = run("ok-email-contact");
  const auto& others = seen.targets.front().others;
  CHECK(std::ranges::count_if(others, [](const observe::Place& each) {
          return each.name == dns::Name::of("shop.example") && each.type == RecordType::mx;
        }) == 1);
}

TEST_CASE("a host's address is asked of few servers, and what else they serve is left alone") {
  const observe::Observation seen = run("ok-email");
  const auto asked = std::ranges::count_if(seen.exchanges, [](const observe::Exchange& each) {
    return each.question.name == dns::Name::of("mx.shop.example") &&
           each.question.type == RecordType::a;
  });
  CHECK(asked >= 1);
  CHECK(asked <= 2);
}

TEST_CASE("for other methods nobody asks about mail") {
  const observe::Observation seen = run("ok-email", "http-01");
  CHECK(std::ranges::none_of(seen.exchanges, [](const observe::Exchange& each) {
    return each.question.type == RecordType::mx ||
           each.question.name == dns::Name::of("mx.shop.example");
  }));
}
