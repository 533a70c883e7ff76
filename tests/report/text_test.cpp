// The report for people.
#include "report/render.h"
#include "report/samples.h"
#include "support/golden.h"

using namespace dcv;
using namespace dcv::testing;

namespace {

std::string text(const report::Report& report, int verbosity = 0, bool color = false) {
  return render(report, report::Format::text, {.color = color, .verbosity = verbosity});
}

}  // namespace

TEST_CASE("the text report of a blocked name, in every style") {
  check_golden("report/blocked.txt", text(report_of({blocked_target()})));
  check_golden("report/blocked-verbose.txt", text(report_of({blocked_target()}), 1));
  check_golden("report/blocked-color.txt", text(report_of({blocked_target()}), 0, true));
}

TEST_CASE("what a root cause explains hangs below it in a line, and is told in full when wanted") {
  check_golden("report/explained.txt", text(report_of({explained_target()})));
  check_golden("report/explained-verbose.txt", text(report_of({explained_target()}), 1));
}

TEST_CASE("for several CAs what is explained for one of them stands below its root") {
  check::Judgement other = explained_target();
  other.ca = "sectigo";
  std::swap(other.findings[0], other.findings[1]);
  other.findings[0].cause.reset();
  CHECK_THAT(text(report_of({explained_target(), other})),
             Catch::Contains("   = explains: warning[delegation-server-lame]: "));
}

TEST_CASE("a finding that explains others is not told to disturb nobody") {
  check::Judgement target = explained_target();
  CHECK_THAT(text(report_of({target})), Catch::Contains("does not disturb anybody yet"));
  target.findings[0].affects = check::Affects::hygiene;
  target.findings.pop_back();
  CHECK_THAT(text(report_of({target})), !Catch::Contains("does not disturb anybody yet"));
  CHECK_THAT(render(report_of({target}), report::Format::html, {}),
             !Catch::Contains("does not disturb anybody yet"));
}

TEST_CASE("the text report of a ready name is short") {
  check_golden("report/ready.txt", text(report_of({ready_target()})));
}

TEST_CASE("the text report of several names ends with a summary, the worst first") {
  check_golden("report/several.txt", text(several()));
}

TEST_CASE("what is the same for two names is told once") {
  check::Judgement second = blocked_target();
  second.identifier = "*." + second.identifier;
  const std::string shown = text(report_of({blocked_target(), second}));
  const std::string once = text(report_of({blocked_target()}));
  const std::string name = blocked_target().identifier;
  const std::size_t stats = once.find(" questions, ");
  CHECK(shown.starts_with(once.substr(0, once.rfind('\n', stats) + 1) + "BLOCKED  *." + name +
                          "  (dns-01, letsencrypt)\nAs for " + name + ".\n\nSummary\n"));
  second.next_step = "Something else.";
  CHECK(text(report_of({blocked_target(), second})).find("As for ") == std::string::npos);

  report::Report several = several_cas();
  for (check::Judgement judgement : several_cas().targets) {
    judgement.identifier = "*." + judgement.identifier;
    several.targets.push_back(judgement);
  }
  CHECK(text(several).find(")\nAs for " + several.targets.front().identifier + ".\n\n") !=
        std::string::npos);
}

TEST_CASE("what is not wrong is told in a line, and what to do next is told all the same") {
  check::Judgement target = ready_target();
  check::Finding info = hygiene_finding();
  info.id = "value-none";
  info.severity = check::Severity::info;
  info.message = "Nothing is published yet";
  info.remedy.action = target.next_step;
  target.findings = {info};
  const std::string brief = text(report_of({target}));
  CHECK(brief.find("\ninfo[value-none]: Nothing is published yet\n\nNext: ") != std::string::npos);
  const std::string whole = text(report_of({target}), 1);
  CHECK(whole.find("\ninfo[value-none]: Nothing is published yet\n  --> ") != std::string::npos);
  CHECK(whole.find("\n   = fix: ") != std::string::npos);
  CHECK(whole.find("\nNext: ") == std::string::npos);
}

TEST_CASE("a name with several methods has them in the summary") {
  check::Judgement second = ready_target();
  second.method = "http-01";
  check::Judgement other = ready_target();
  other.identifier = "b.example";
  CHECK(text(report_of({ready_target(), second, other}))
            .find("Summary\n"
                  "  READY    *.shop.example  (dns-01)\n"
                  "  READY    *.shop.example  (http-01)\n"
                  "  READY    b.example\n") != std::string::npos);
}

TEST_CASE("the text report for several CAs has them side by side and what they share once") {
  const std::string shown = text(several_cas());
  check_golden("report/several-cas.txt", shown);
  check_golden("report/several-cas-color.txt", text(several_cas(), 0, true));
  const auto count = [&](const std::string& words) {
    std::size_t found = 0;
    for (std::size_t at = shown.find(words); at != std::string::npos;
         at = shown.find(words, at + 1))
      ++found;
    return found;
  };
  CHECK(count("\nwarning[delegation-server-lame]") == 1);
  CHECK(count("\nerror[value-outdated]") == 1);
  CHECK(count("(only letsencrypt)") == 1);
  CHECK(count("Next (sectigo and digicert): ") == 1);
}

TEST_CASE("the table of several CAs has no columns that would be empty") {
  check::Judgement second = ready_target();
  second.ca = "sectigo";
  CHECK_THAT(text(report_of({ready_target(), second})),
             Catch::StartsWith("Name            CA           Verdict\n"
                               "*.shop.example  letsencrypt  READY\n"
                               "*.shop.example  sectigo      READY\n\n"));
}

TEST_CASE("a finding that is milder for some CAs is told once, with whom it hits how hard") {
  report::Report report = several_cas();
  report.targets[1].findings.push_back(outdated_finding());
  report.targets[1].findings.back().severity = check::Severity::warning;
  const std::string shown = text(report);
  CHECK(shown.find("error[value-outdated]") != std::string::npos);
  CHECK(shown.find("warning[value-outdated]") == std::string::npos);
  CHECK(shown.find("  (letsencrypt; a warning for sectigo)\n") != std::string::npos);
}

TEST_CASE("evidence that is the same as above is not shown again") {
  check::Judgement target = blocked_target();
  target.findings = {outdated_finding(), outdated_finding()};
  target.findings.back().id = "value-other";
  const std::string shown = text(report_of({target}));
  CHECK(shown.find("   | the same as above\n") != std::string::npos);
  CHECK(shown.find("ns1.shop.example (45.90.28.10)") ==
        shown.rfind("ns1.shop.example (45.90.28.10)"));
}

TEST_CASE("the next step is not told where it repeats a fix") {
  check::Judgement target = blocked_target();
  target.next_step = target.findings.front().remedy.action;
  CHECK(text(report_of({target})).find("Next:") == std::string::npos);
  target.findings.front().remedy.action.pop_back();  // its final dot
  CHECK(text(report_of({target})).find("Next:") == std::string::npos);
  target.next_step = "Something else.";
  CHECK(text(report_of({target})).find("\nNext: Something else.\n") != std::string::npos);
}

TEST_CASE("on a terminal sentences are folded, records are not") {
  const std::string shown =
      render(report_of({blocked_target()}), report::Format::text, {.width = 60});
  CHECK(shown.find("warning[delegation-server-lame]: ns3.shop.example. is listed\n"
                   "  as a server of shop.example. but does not serve it:\n"
                   "  REFUSED\n") != std::string::npos);
  CHECK(shown.find("   = fix: Take ns3.shop.example out of the NS sets, or make\n"
                   "          it serve the zone.\n") != std::string::npos);
  CHECK(shown.find("     + " + kNewRecord + "\n") != std::string::npos);
}

TEST_CASE("the quiet text report for several CAs is one line a name and CA") {
  CHECK(text(several_cas(), -1) ==
        "BLOCKED  app.shop.example  (dns-01, letsencrypt)\n"
        "AT-RISK  app.shop.example  (dns-01, sectigo)\n"
        "AT-RISK  app.shop.example  (dns-01, digicert)\n"
        "READY  *.shop.example  (dns-01, letsencrypt)\n"
        "READY  *.shop.example  (dns-01, sectigo)\n"
        "READY  *.shop.example  (dns-01, digicert)\n");
}

TEST_CASE("the quiet text report is one line a name") {
  CHECK(text(several(), -1) ==
        "READY  *.shop.example  (dns-01, letsencrypt)\n"
        "BLOCKED  app.shop.example  (dns-01, letsencrypt)\n"
        "AT-RISK  www.shop.example  (dns-01, letsencrypt)\n");
}

TEST_CASE("nothing hostile reaches the terminal") {
  const std::string shown = text(report_of({hostile_target(), hostile_target()}), 1);
  check_golden("report/hostile.txt", shown);
  for (const char letter : shown) {
    const bool control = (letter >= 0 && letter < ' ' && letter != '\n') || letter == 0x7f;
    if (control) FAIL("control byte " << static_cast<int>(letter));
  }
  CHECK(shown.find("\xe2\x80\xae") == std::string::npos);
  CHECK(shown.find("\xc2\x9b") == std::string::npos);
  CHECK(shown.find("\xff") == std::string::npos);
}
