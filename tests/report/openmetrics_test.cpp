// The report as metrics.
#include <regex>
#include <sstream>

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

TEST_CASE("hostile text stays inside its label") {
  const std::string text = rendered(report_of({hostile_target()}));
  check_golden("report/hostile.openmetrics", text);
  check_lines(text);
}
