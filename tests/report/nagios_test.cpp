// The report as a monitoring plug-in prints it.
#include <algorithm>

#include "report/render.h"
#include "report/samples.h"
#include "support/golden.h"

using namespace dcv;
using namespace dcv::testing;

namespace {

std::string rendered(const report::Report& report) {
  return render(report, report::Format::nagios, {});
}

}  // namespace

TEST_CASE("the Nagios report is a status line with performance data, then the findings") {
  check_golden("report/blocked.nagios", rendered(report_of({blocked_target()})));
  check_golden("report/several.nagios", rendered(several()));
  check_golden("report/several-cas.nagios", rendered(several_cas()));
  CHECK(rendered(report_of({ready_target()})) ==
        "DCV READY - *.shop.example: Nothing stands in the way of an order. | queries=42 "
        "round_trips=6 time=0.310s chance=1.0000;;;0;1\n");
}

TEST_CASE("hostile text cannot add performance data or lines to the Nagios report") {
  const std::string text = rendered(report_of({hostile_target()}));
  check_golden("report/hostile.nagios", text);
  CHECK(std::count(text.begin(), text.end(), '|') == 1);
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
}
