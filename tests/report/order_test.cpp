// The report on an order: what to do with each name, and the forms that tell it.
#include "report/order.h"

#include <nlohmann/json.hpp>

#include "report/samples.h"
#include "support/golden.h"

using namespace dcv;
using namespace dcv::testing;
using report::Course;
using report::Format;
using Names = std::vector<std::string>;

namespace {

check::Judgement of(const std::string& name, check::Verdict verdict) {
  check::Judgement target = verdict == check::Verdict::ready ? ready_target() : at_risk_target();
  target.identifier = name;
  target.verdict = verdict;
  return target;
}

check::Judgement waiting(const std::string& name, double seconds) {
  check::Judgement target = of(name, check::Verdict::at_risk);
  target.wait_seconds = seconds;
  target.wait_reason = "ns2.shop.example (45.90.30.10) still has serial 7.";
  return target;
}

report::Report order() {
  check::Judgement token = of("mail.shop.example", check::Verdict::ready);
  token.method = "dns-cname";
  token.ca = "sectigo";
  check::Judgement unseen = of("shop.example", check::Verdict::unknown);
  unseen.findings.clear();
  unseen.chance = std::nullopt;
  return report_of({ready_target(), token, blocked_target(), at_risk_target(),
                    waiting("new.shop.example", 300), unseen});
}

std::string summary(std::vector<check::Judgement> targets) {
  const report::Report all = report_of(std::move(targets));
  return report::summary_of(report::rows_of(all));
}

}  // namespace

TEST_CASE("an order tells what to do with each name") {
  const report::Report all = order();
  const auto rows = report::rows_of(all);
  CHECK(names_on(rows, Course::ready) == Names{"*.shop.example", "mail.shop.example"});
  CHECK(names_on(rows, Course::wait) == Names{"new.shop.example"});
  CHECK(names_on(rows, Course::mend) == Names{"app.shop.example", "www.shop.example"});
  CHECK(names_on(rows, Course::unknown) == Names{"shop.example"});
  CHECK(report::summary_of(rows) ==
        "2 of 6 names could go now; wait for new.shop.example (5 min); remove or mend "
        "app.shop.example, www.shop.example; not judged: shop.example");
}

TEST_CASE("the summary of an order names only what there is") {
  using check::Verdict;
  CHECK(summary({of("a.example", Verdict::ready)}) == "1 of 1 name could go now");
  CHECK(summary({of("a.example", Verdict::ready), of("b.example", Verdict::ready)}) ==
        "all 2 names could go now");
  CHECK(summary({of("a.example", Verdict::blocked)}) ==
        "0 of 1 name could go now; remove or mend a.example");
}

TEST_CASE("a name with several methods or CAs is as the worst of them") {
  using check::Verdict;
  CHECK(summary({of("a.example", Verdict::ready), of("a.example", Verdict::blocked),
                 of("b.example", Verdict::ready)}) ==
        "1 of 2 names could go now; remove or mend a.example");
  CHECK(summary({waiting("a.example", 60), waiting("a.example", 600),
                 of("a.example", Verdict::ready)}) ==
        "0 of 1 name could go now; wait for a.example (10 min)");
  CHECK(summary({of("a.example", Verdict::unknown), of("a.example", Verdict::blocked)}) ==
        "0 of 1 name could go now; remove or mend a.example");
}

TEST_CASE("the text report of an order is a table, what to do, and what is not ready") {
  check_golden("report/order.txt", render_order(order(), Format::text, {}));
  check_golden("report/order-color.txt", render_order(order(), Format::text, {.color = true}));
  check_golden("report/order-quiet.txt", render_order(order(), Format::text, {.verbosity = -1}));
}

TEST_CASE("the verbose report of an order has the reports of all names") {
  const auto has_ready_report = [](int verbosity) {
    return render_order(order(), Format::text, {.verbosity = verbosity})
               .find("READY  *.shop.example") != std::string::npos;
  };
  CHECK_FALSE(has_ready_report(0));
  CHECK(has_ready_report(1));
}

TEST_CASE("the JSON report of an order is one document") {
  const std::string text = render_order(order(), Format::json, {});
  check_golden("report/order.json", text);
  const auto document = nlohmann::json::parse(text);
  CHECK(document["targets"].size() == 6);
  CHECK(document["names"].size() == 6);
}

TEST_CASE("nothing in an order harms the terminal or breaks the JSON") {
  const report::Report hostile = report_of({hostile_target(), waiting("\x1b[2J\n.example", 60)});
  const std::string text = render_order(hostile, Format::text, {});
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("\\027[2J\\010.example (1 min)") != std::string::npos);
  CHECK(nlohmann::json::accept(render_order(hostile, Format::json, {})));
}

TEST_CASE("other formats of an order are those of any report") {
  const report::Report all = order();
  CHECK(render_order(all, Format::nagios, {}) == render(all, Format::nagios, {}));
  CHECK(render_order(all, Format::html, {}) == render(all, Format::html, {}));
}
