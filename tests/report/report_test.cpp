// From observation to report, and the names of the formats.
#include "report/report.h"

#include "report/render.h"
#include "support/catch.h"
#include "support/observation_builder.h"

using namespace dcv;

TEST_CASE("a report has a judgement a target and the worst verdict") {
  auto world = testing::healthy_world();
  world.target("other.example")
      .step("_acme-challenge.other.example.", "example.", observe::StepEnd::nxdomain);
  world.observation.stats.queries = 7;
  const report::Report report = report::make_report(world.observation, "dcv-replay");
  REQUIRE(report.targets.size() == 2);
  CHECK(report.targets[0].identifier == "app.shop.example");
  CHECK(report.verdict == check::worse(report.targets[0].verdict, report.targets[1].verdict));
  CHECK(report.tool == "dcv-replay");
  CHECK(report.tool_version == "0.1.0");
  CHECK(report.at == world.observation.started_at);
  CHECK(report.stats.queries == 7);
}

TEST_CASE("a report without targets knows nothing") {
  CHECK(report::make_report({}, "dcv-replay").verdict == check::Verdict::unknown);
}

TEST_CASE("formats are known by exactly their names") {
  using report::Format;
  CHECK(report::format("text") == Format::text);
  CHECK(report::format("json") == Format::json);
  CHECK(report::format("html") == Format::html);
  CHECK(report::format("nagios") == Format::nagios);
  CHECK(report::format("openmetrics") == Format::openmetrics);
  CHECK(report::format("JSON") == std::nullopt);
  CHECK(report::format("") == std::nullopt);
}
