// Which look-ups a time-out ended.
#include "stages.h"

#include "support/catch.h"

using namespace dcv;
using observe::Purpose;
using probes::time_out_text;

namespace {

const std::string kLimit = "the run's time-out of 2 s was reached";

observe::Observation late() {
  observe::Observation observation;
  observation.settings.timeout = 2;
  observation.stats.limits = {kLimit};
  return observation;
}

observe::Exchange open(Purpose purpose) {
  observe::Exchange exchange;
  exchange.purpose = purpose;
  exchange.detail = kLimit;
  return exchange;
}

}  // namespace

TEST_CASE("a run that came to its end has no time-out, whatever its servers did") {
  observe::Observation observation = late();
  observation.stats.limits = {"the limit of 5000 questions a run was reached"};
  observation.exchanges = {open(Purpose::proof)};
  observation.exchanges[0].detail = "nothing came within 3 s";
  CHECK(time_out_text(observation).empty());
}

TEST_CASE("the stages that were open are named once each, in the order of a run") {
  observe::Observation observation = late();
  CHECK(time_out_text(observation) == "the time-out of 2 s was reached");
  observation.exchanges = {open(Purpose::dnskey), open(Purpose::caa), open(Purpose::proof_tcp),
                           open(Purpose::proof), open(Purpose::address)};
  CHECK(time_out_text(observation) ==
        "the time-out of 2 s was reached during: the delegation walk, the proof, CAA, the chain of "
        "trust");
}

TEST_CASE("web servers and resolvers are stages of their own") {
  observe::Observation observation = late();
  observation.settings.timeout = 2.5;
  observe::Target target;
  target.web.fetches.resize(1);
  target.web.fetches[0].detail = kLimit;
  target.views = {{.resolver = 0, .exchanges = {open(Purpose::view)}}};
  observation.targets = {target};
  CHECK(time_out_text(observation) ==
        "the time-out of 2.5 s was reached during: the web servers, public resolvers");
}

TEST_CASE("the CA's resolver alone may have used up the time") {
  observe::Observation observation = late();
  observation.stats.limits.clear();
  observation.ca_answers.resize(1);
  observation.stats.seconds = 1;
  CHECK(time_out_text(observation).empty());
  observation.stats.seconds = 2.01;
  CHECK(time_out_text(observation) == "the time-out of 2 s was reached during: the CA's resolver");
  observation.ca_answers[0].finished = true;
  CHECK(time_out_text(observation).empty());
}
