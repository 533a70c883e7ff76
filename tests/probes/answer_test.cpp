// State and texts of the plug-in: the worst of verdict, limits and time-out.
#include "answer.h"

#include <algorithm>

#include "report/samples.h"
#include "support/catch.h"

using namespace dcv;
using namespace dcv::testing;
using report::State;

namespace {

using Words = std::vector<std::string>;

probes::Limits limits(const Words& warning, const Words& critical = {},
                      const Words& required = {}) {
  auto parsed = probes::parse_limits(warning, critical, required);
  REQUIRE(parsed);
  return std::move(parsed).value();
}

std::string line(const report::Report& report, const probes::Limits& limits = {},
                 const std::string& time_out = "") {
  const probes::Answer answer = answer_of(report, limits, time_out);
  return std::string(report::text(answer.state)) + " - " + answer.summary;
}

const std::string kTimeOut = "the time-out of 2 s was reached during: CAA";

}  // namespace

TEST_CASE("without limits the state is that of the verdict") {
  CHECK(line(report_of({ready_target()})) ==
        "OK - *.shop.example: Nothing stands in the way of an order.");
  CHECK(line(report_of({at_risk_target()})).starts_with("WARNING - www.shop.example: ns3."));
  CHECK(line(report_of({blocked_target()})).starts_with("CRITICAL - app.shop.example: Every"));
  CHECK(line(several()) ==
        "CRITICAL - 1 blocked, 1 at-risk, 1 ready of 3 names; app.shop.example: Every server gives "
        "an old value at _acme-challenge.app.shop.example.");
}

TEST_CASE("an alarm worse than the verdict is told in its place") {
  const report::Report ready = report_of({ready_target()});
  CHECK(line(ready, limits({"queries=40"})) == "WARNING - *.shop.example: queries 42 is out of 40");
  CHECK(line(ready, limits({"queries=40"}, {"time=0.1", "round_trips=5"})) ==
        "CRITICAL - *.shop.example: round_trips 6 is out of 5; time 0.310s is out of 0.1");
  CHECK(line(report_of({blocked_target()}), limits({"queries=40"}))
            .starts_with("CRITICAL - app.shop.example: Every server"));
}

TEST_CASE("alarms of several names are told with their names, the first three of them") {
  check::Judgement target = ready_target();
  target.measures.aliases = 4;
  std::vector<check::Judgement> targets;
  for (const char* name : {"a.example", "b.example", "c.example", "d.example", "e.example"}) {
    target.identifier = name;
    targets.push_back(target);
  }
  report::Report report = report_of(targets);
  report.verdict = check::Verdict::ready;
  CHECK(line(report, limits({"aliases=2"})) ==
        "WARNING - a.example: aliases 4 is out of 2; b.example: aliases 4 is out of 2; c.example: "
        "aliases 4 is out of 2; and 2 more");
}

TEST_CASE("a time-out is unknown whatever was found so far, which is told") {
  CHECK(line(report_of({ready_target()}), limits({}, {"queries=40"}), kTimeOut) ==
        "UNKNOWN - " + kTimeOut);
  CHECK(line(report_of({at_risk_target()}), {}, kTimeOut)
            .starts_with("UNKNOWN - " + kTimeOut + "; so far www.shop.example: ns3."));
  CHECK(line(report_of({blocked_target()}), {}, kTimeOut)
            .starts_with("UNKNOWN - " + kTimeOut + "; so far app.shop.example: Every"));
}

TEST_CASE("what a limit is set to and was not measured is told") {
  const report::Report ready = report_of({ready_target()});
  CHECK(line(ready, limits({"signature_days=7:", "negative_ttl=3600"})) ==
        "OK - *.shop.example: Nothing stands in the way of an order. (not measured: negative_ttl, "
        "signature_days)");
  CHECK(line(ready, limits({}, {}, {"signature_days"})) ==
        "UNKNOWN - *.shop.example: signature_days could not be measured");
}

TEST_CASE("more is told below the status line, a verbosity at a time") {
  const report::Report report = report_of({blocked_target()});
  const probes::Answer answer = answer_of(report, limits({"queries=40"}), kTimeOut);
  const auto text = [&](int verbosity) { return nagios_text(answer, report, {}, verbosity); };
  const std::string status =
      "DCV UNKNOWN - " + kTimeOut +
      "; so far app.shop.example: Every server gives an old value at "
      "_acme-challenge.app.shop.example. | queries=42;40 round_trips=6 time=0.310s "
      "chance=0.3000;;;0;1 wait=5400s\n";
  const std::string alarms = "UNKNOWN: " + kTimeOut + "\nWARNING: queries 42 is out of 40\n";
  const std::string first =
      "app.shop.example: error[value-outdated]: Every server gives an old value at "
      "_acme-challenge.app.shop.example.\n";
  CHECK(text(0) == status);
  CHECK(text(1).starts_with(status + alarms + first +
                            "app.shop.example: warning[delegation-server-lame]: "));
  CHECK(text(2).starts_with(status + alarms + first +
                            "  ns1.shop.example (45.90.28.10)  _acme-challenge.app.shop.example. "
                            "TXT  TXT \"evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA\" (TTL 60)\n"));
  CHECK(text(2).find("  fix: Publish the new value in place of the old one.\n  in zone "
                     "shop.example.:\n  - " +
                     kOldRecord + "\n  + " + kNewRecord + "\n") != std::string::npos);
}

TEST_CASE("a local check has a line for each name and CA, with levels that Checkmk knows") {
  const report::Report report = several_cas();
  const std::string text = checkmk_text(
      report, limits({"queries=40", "chance=@0:0.5"}, {"time=~:10", "round_trips=3:7"}), "");
  CHECK(std::count(text.begin(), text.end(), '\n') == 6);
  CHECK(text.starts_with(
      "2 \"DCV app.shop.example at letsencrypt\" queries=42;40|round_trips=6;;3:7|time=0.310;;10|"
      "chance=0.3000;;;0;1|wait=5400 app.shop.example: Every server gives an old value "
      "at "
      "_acme-challenge.app.shop.example.\\napp.shop.example: error[value-outdated]: "));
  CHECK(text.ends_with(
      "\n1 \"DCV *.shop.example at digicert\" queries=42;40|round_trips=6;;3:7|time=0.310;;10|"
      "chance=1.0000;;;0;1 *.shop.example: queries 42 is out of 40\n"));
}

TEST_CASE("hostile text adds no line, no bar and no quote to a local check") {
  const std::string text = probes::checkmk_text(report_of({hostile_target()}), {}, "");
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
  const std::string service = text.substr(0, text.find("\" queries="));
  CHECK(std::count(service.begin(), service.end(), '"') == 1);
  CHECK(text.substr(text.find("wait=5400 ")).find('|') == std::string::npos);
}
