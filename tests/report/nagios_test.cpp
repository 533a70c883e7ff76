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
        "DCV OK - *.shop.example: Nothing stands in the way of an order. | queries=42 "
        "round_trips=6 time=0.310s chance=1.0000;;;0;1\n");
}

TEST_CASE("performance data has what was measured, in base units") {
  check::Judgement target = ready_target();
  target.measures = {.aliases = 2,
                     .right = 3,
                     .wrong = 1,
                     .agreement = 0.75,
                     .signature_end = 1790000000 + 1.5 * 86400,
                     .longest_ttl = 86400,
                     .negative_ttl = 300,
                     .slowest_reply = 0.0206};
  CHECK(rendered(report_of({target}))
            .ends_with(
                " | queries=42 round_trips=6 time=0.310s chance=1.0000;;;0;1 "
                "agreement=0.7500;;;0;1 aliases=2 "
                "longest_ttl=86400s negative_ttl=300s signature_days=1.50 slowest_reply=0.021s\n"));
}

TEST_CASE("labels tell several names apart, and hostile ones end no label") {
  check::Judgement other = hostile_target();
  other.identifier = "a'b=c";
  const std::string text = rendered(report_of({ready_target(), other}));
  const std::string status = text.substr(0, text.find('\n'));
  CHECK(
      status.ends_with(" time=0.310s '*.shop.example chance'=1.0000;;;0;1 'a_b_c "
                       "chance'=0.3000;;;0;1 'a_b_c wait'=5400s"));
}

TEST_CASE("hostile text cannot add performance data or lines to the Nagios report") {
  const std::string text = rendered(report_of({hostile_target()}));
  check_golden("report/hostile.nagios", text);
  CHECK(std::count(text.begin(), text.end(), '|') == 1);
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
}
