// The report as metrics.
#include <regex>
#include <sstream>

#include "report/metrics.h"
#include "report/render.h"
#include "report/samples.h"
#include "support/golden.h"

using namespace dcv;
using namespace dcv::testing;

namespace {

std::string rendered(const report::Report& report) {
  return render(report, report::Format::openmetrics, {});
}

// Every line is metadata or a sample whose labels are quoted as they must be.
void check_lines(const std::string& text) {
  const std::regex metadata("# (TYPE|UNIT|HELP) dcv_[a-z_]+ .+");
  const std::regex sample(
      R"re(dcv_[a-z_]+(\{[a-z]+="([^"\\]|\\["\\n])*"(,[a-z]+="([^"\\]|\\["\\n])*")*\})? [0-9.]+)re");
  std::istringstream lines(text);
  std::string line, last;
  while (std::getline(lines, line)) {
    INFO(line);
    last = line;
    if (line == "# EOF") continue;
    CHECK((std::regex_match(line, metadata) || std::regex_match(line, sample)));
  }
  CHECK(last == "# EOF");
}

}  // namespace

TEST_CASE("the metrics of one and of several names") {
  const std::string one = rendered(report_of({blocked_target()}));
  check_golden("report/blocked.openmetrics", one);
  check_lines(one);
  const std::string all = rendered(several());
  check_golden("report/several.openmetrics", all);
  check_lines(all);
  const std::string cas = rendered(several_cas());
  check_golden("report/several-cas.openmetrics", cas);
  check_lines(cas);
}

TEST_CASE("what was measured is told, and what was not has no sample") {
  check::Judgement target = ready_target();
  target.measures = {.aliases = 2,
                     .right = 3,
                     .wrong = 1,
                     .unusable = 0,
                     .agreement = 0.75,
                     .signature_end = 1790604800,
                     .longest_ttl = 3600,
                     .negative_ttl = 300,
                     .slowest_reply = 0.0421};
  const std::string text = rendered(report_of({target, blocked_target()}));
  check_golden("report/measured.openmetrics", text);
  check_lines(text);
}

TEST_CASE("the classic form has neither units nor an end, and suffixes in the names of families") {
  using report::Metric;
  const std::vector<Metric> metrics = {
      {"dcv_wait_seconds", "seconds", "A time", {{"", "1"}}},
      {"dcv_probes_total",
       "",
       "A count",
       {{report::label("module", "a\"b\\"), "2"}},
       Metric::Kind::counter},
      {"dcv_build_info", "", "A word", {{"", "1"}}, Metric::Kind::info}};
  CHECK(render_metrics(metrics, report::MetricsForm::classic) ==
        "# TYPE dcv_wait_seconds gauge\n# HELP dcv_wait_seconds A time\ndcv_wait_seconds 1\n"
        "# TYPE dcv_probes_total counter\n# HELP dcv_probes_total A count\n"
        "dcv_probes_total{module=\"a\\\"b\\\\\"} 2\n"
        "# TYPE dcv_build_info gauge\n# HELP dcv_build_info A word\ndcv_build_info 1\n");
  CHECK(render_metrics(metrics, report::MetricsForm::openmetrics) ==
        "# TYPE dcv_wait_seconds gauge\n# UNIT dcv_wait_seconds seconds\n"
        "# HELP dcv_wait_seconds A time\ndcv_wait_seconds 1\n"
        "# TYPE dcv_probes counter\n# HELP dcv_probes A count\n"
        "dcv_probes_total{module=\"a\\\"b\\\\\"} 2\n"
        "# TYPE dcv_build info\n# HELP dcv_build A word\ndcv_build_info 1\n# EOF\n");
}

TEST_CASE("hostile text stays inside its label") {
  const std::string text = rendered(report_of({hostile_target()}));
  check_golden("report/hostile.openmetrics", text);
  check_lines(text);
}
