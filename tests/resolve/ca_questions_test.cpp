// What the CA eye asks, and what it makes of Unbound's reasons.
#include "resolve/ca_questions.h"

#include "resolve/ca_reason.h"
#include "support/catch.h"

using namespace dcv;

namespace {

resolve::Plan plan_for(const std::vector<std::string>& names) {
  resolve::Plan plan;
  for (const std::string& name : names)
    plan.targets.push_back({dns::parse_identifier(name).value(), {}});
  plan.now = 1797292799;  // a second before the fifth remote perspective is due
  return plan;
}

std::vector<std::string> texts(const resolve::Plan& plan) {
  std::vector<std::string> lines;
  for (const resolve::CaQuestion& each : resolve::ca_questions(plan))
    lines.push_back(each.profile.name + " " + std::to_string(each.perspective) + " " +
                    each.question.name.text() + " " + dns::text(each.question.type));
  return lines;
}

}  // namespace

TEST_CASE("The primary perspective asks for proof and CAA, the remote ones for the proof") {
  CHECK(texts(plan_for({"a.example"})) == std::vector<std::string>{
                                              "letsencrypt 0 _acme-challenge.a.example. TXT",
                                              "letsencrypt 0 a.example. CAA",
                                              "letsencrypt 0 example. CAA",
                                              "letsencrypt 1 _acme-challenge.a.example. TXT",
                                              "letsencrypt 2 _acme-challenge.a.example. TXT",
                                              "letsencrypt 3 _acme-challenge.a.example. TXT",
                                              "letsencrypt 4 _acme-challenge.a.example. TXT",
                                          });
}

TEST_CASE("From 2026-12-15 there is a fifth remote perspective") {
  resolve::Plan plan = plan_for({"a.example"});
  plan.now += 1;
  CHECK(texts(plan).back() == "letsencrypt 5 _acme-challenge.a.example. TXT");
}

TEST_CASE("A name and its wildcard, and labels in common, are asked once") {
  CHECK(texts(plan_for({"a.example", "*.a.example", "b.example"})).size() == 2 + 3 + 4 * 2);
}

TEST_CASE("Of profiles that resolve alike only the first asks, with the larger quorum") {
  resolve::Plan plan = plan_for({"a.example"});
  observe::CaProfile first = observe::default_profile(), second = first, other = first;
  first.quorum = {{0, 2, 1}};
  second.name = "second";
  second.quorum = {{0, 3, 1}};
  other.name = "other";
  other.random_case = false;
  other.quorum = {{0, 1, 0}};
  plan.profiles = {first, second, other};
  CHECK(texts(plan) == std::vector<std::string>{
                           "letsencrypt 0 _acme-challenge.a.example. TXT",
                           "letsencrypt 0 a.example. CAA",
                           "letsencrypt 0 example. CAA",
                           "other 0 _acme-challenge.a.example. TXT",
                           "other 0 a.example. CAA",
                           "other 0 example. CAA",
                           "letsencrypt 1 _acme-challenge.a.example. TXT",
                           "other 1 _acme-challenge.a.example. TXT",
                           "letsencrypt 2 _acme-challenge.a.example. TXT",
                           "letsencrypt 3 _acme-challenge.a.example. TXT",
                       });
}

TEST_CASE("Many names leave no room for all remote perspectives, and that is no limit reached") {
  std::vector<std::string> names;
  for (int i = 0; i < 50; ++i) names.push_back("n" + std::to_string(i) + ".example");
  const auto some = resolve::ca_questions(plan_for(names));
  CHECK(some.size() == 50 + 51 + 3 * 50);
  CHECK(some.back().perspective == 3);
  for (int i = 50; i < 100; ++i) names.push_back("n" + std::to_string(i) + ".example");
  CHECK(resolve::ca_questions(plan_for(names)).size() == 100 + 101);
}

TEST_CASE("Unbound's reasons become the codes that a CA prints") {
  using resolve::extended_error_of;
  CHECK(extended_error_of("validation failure <a. TXT IN>: signature expired from 192.0.2.1") == 7);
  CHECK(extended_error_of("validation failure <a. TXT IN>: signature before inception date") == 8);
  CHECK(extended_error_of("validation failure <a. TXT IN>: No DNSKEY record from 192.0.2.1") == 9);
  CHECK(extended_error_of("validation failure <a. TXT IN>: no signatures from 192.0.2.1") == 10);
  CHECK(extended_error_of("validation failure <a. TXT IN>: signature crypto failed") == 6);
}
