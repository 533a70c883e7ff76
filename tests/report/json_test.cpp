// The report for programs.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "report/render.h"
#include "report/samples.h"
#include "support/golden.h"

using namespace dcv;
using namespace dcv::testing;
using nlohmann::json;

namespace {

std::string rendered(const report::Report& report) {
  return render(report, report::Format::json, {.color = true, .verbosity = 1});
}

}  // namespace

TEST_CASE("the JSON report of one name is one indented document") {
  check_golden("report/blocked.json", rendered(report_of({blocked_target()})));
  check_golden("report/ready.json", rendered(report_of({ready_target()})));
}

TEST_CASE("the JSON report of several names is a complete document a line") {
  const std::string text = rendered(several());
  check_golden("report/several.jsonl", text);
  std::istringstream lines(text);
  std::vector<std::string> verdicts;
  for (std::string line; std::getline(lines, line);) {
    const json document = json::parse(line);
    CHECK(document["targets"].size() == 1);
    CHECK(document["targets"][0]["verdict"] == document["verdict"]);
    verdicts.push_back(document["verdict"]);
  }
  CHECK(verdicts == std::vector<std::string>{"ready", "blocked", "at-risk"});
}

TEST_CASE("the JSON report for several CAs has a target for each in the document of the name") {
  const std::string text = rendered(several_cas());
  check_golden("report/several-cas.jsonl", text);
  std::istringstream lines(text);
  std::vector<std::string> told;
  for (std::string line; std::getline(lines, line);) {
    const json document = json::parse(line);
    std::string one = document["verdict"];
    for (const json& target : document["targets"])
      one += " " + target["ca"].get<std::string>() + ":" + target["verdict"].get<std::string>();
    told.push_back(one);
  }
  CHECK(told ==
        std::vector<std::string>{"blocked letsencrypt:blocked sectigo:at-risk digicert:at-risk",
                                 "ready letsencrypt:ready sectigo:ready digicert:ready"});
}

TEST_CASE("one name and several CAs are one indented document") {
  report::Report report = several_cas();
  report.targets.resize(3);
  const json document = json::parse(rendered(report));
  CHECK(document["targets"].size() == 3);
}

TEST_CASE("a name that is asked for twice has two documents") {
  const std::string text = rendered(report_of({ready_target(), ready_target()}));
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
}

TEST_CASE("hostile text survives JSON, with broken UTF-8 replaced") {
  const std::string text = rendered(report_of({hostile_target()}));
  check_golden("report/hostile.json", text);
  const json target = json::parse(text)["targets"][0];
  const std::string identifier = target["identifier"];
  CHECK(identifier.starts_with("\x1b[2J\r\n\t</script>"));
  CHECK(identifier.find("\xef\xbf\xbd") != std::string::npos);
  for (const char letter : text) {
    if (letter >= 0 && letter < ' ' && letter != '\n') FAIL("control byte in JSON");
  }
}

TEST_CASE("a report on nothing is still a document") {
  const json document = json::parse(rendered(report_of({})));
  CHECK(document["targets"].empty());
}
