// Numbers against the limits that a user set.
#include "thresholds.h"

#include "report/samples.h"
#include "support/catch.h"

using namespace dcv;
using namespace dcv::testing;
using report::State;

namespace {

using Words = std::vector<std::string>;

report::Report measured_report() {
  check::Judgement target = ready_target();
  target.measures.aliases = 0;
  target.measures.longest_ttl = 86400;
  target.measures.agreement = 0.5;
  return report_of({target});
}

// What alerts, and what was not measured: "WARNING aliases 0 is ...; not measured: wait".
std::string applied(const Words& warning, const Words& critical, const Words& required = {}) {
  const auto limits = probes::parse_limits(warning, critical, required);
  REQUIRE(limits);
  const report::Report report = measured_report();
  std::vector<report::Reading> readings = report::readings(report);
  const probes::Verdicts verdicts = probes::apply(*limits, readings);
  std::string text;
  for (const probes::Alarm& alarm : verdicts.alarms)
    text += std::string(report::text(alarm.state)) + " " + alarm.text + "; ";
  for (const std::string& name : verdicts.unmeasured) text += "not measured: " + name + "; ";
  return text;
}

std::string error_of(const Words& warning, const Words& critical, const Words& required = {}) {
  return probes::parse_limits(warning, critical, required).error();
}

}  // namespace

TEST_CASE("a number out of its range alerts, with its unit and the range as it was given") {
  CHECK(applied({"longest_ttl=3600"}, {}) == "WARNING longest_ttl 86400s is out of 3600; ");
  CHECK(applied({}, {"agreement=1:"}) == "CRITICAL agreement 0.5000 is out of 1:; ");
  CHECK(applied({"agreement=@0:0.5"}, {}) == "WARNING agreement 0.5000 is in @0:0.5; ");
  CHECK(applied({"longest_ttl=86400", "agreement=0.5:"}, {"queries=100"}).empty());
}

TEST_CASE("the critical range goes before the warning range of the same number") {
  CHECK(applied({"longest_ttl=3600"}, {"longest_ttl=7200"}) ==
        "CRITICAL longest_ttl 86400s is out of 7200; ");
  CHECK(applied({"longest_ttl=3600"}, {"longest_ttl=90000"}) ==
        "WARNING longest_ttl 86400s is out of 3600; ");
}

TEST_CASE("a number that was not measured alerts only where it is required") {
  CHECK(applied({"signature_days=7:"}, {"signature_days=3:"}) == "not measured: signature_days; ");
  CHECK(applied({"signature_days=7:"}, {}, {"signature_days"}) ==
        "UNKNOWN signature_days could not be measured; not measured: signature_days; ");
  CHECK(applied({}, {}, {"agreement"}).empty());
}

TEST_CASE("ranges stand in the performance data of what was measured") {
  const auto limits = probes::parse_limits({"agreement=@0:0.5"}, {"time=10"}, {});
  REQUIRE(limits);
  const report::Report report = measured_report();
  std::vector<report::Reading> readings = report::readings(report);
  probes::apply(*limits, readings);
  CHECK(report::performance(report, readings) ==
        "queries=42 round_trips=6 time=0.310s;;10 chance=1.0000;;;0;1 "
        "agreement=0.5000;@0:0.5;;0;1 aliases=0 longest_ttl=86400s");
}

TEST_CASE("a limit that cannot be meant is told in one sentence") {
  CHECK(error_of({"ttl=5"}, {}) ==
        "--warning: there is no metric \"ttl\"; there are chance, wait, agreement, aliases, "
        "longest_ttl, negative_ttl, signature_days, slowest_reply, queries, round_trips, time");
  CHECK(error_of({}, {"", "x"}) == "--critical takes METRIC=RANGE, not \"\"");
  CHECK(error_of({}, {"time"}) == "--critical takes METRIC=RANGE, not \"time\"");
  CHECK(error_of({}, {"time=20:10"}) ==
        "--critical time: \"20:10\" is no range: it ends before it starts");
  CHECK(error_of({"time=1", "time=2"}, {}) == "--warning time is given twice");
  CHECK(error_of({"time=1"}, {"time=2"}, {"tide"})
            .starts_with("--require: there is no metric \"tide\""));
}
