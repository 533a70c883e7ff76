// What pasted messages say, as text and JSON.
#include "report/symptoms.h"

#include "check/catalogue.h"
#include "support/golden.h"

using namespace dcv;
using dcv::testing::check_golden;

namespace {

const std::string kMessage =
    "NS ns1.shop.example.:53 did not return the expected TXT record [fqdn: "
    "_acme-challenge.app.shop.example., value: LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo]";

}  // namespace

TEST_CASE("every finding that a message may mean is in the catalogue") {
  for (const rules::Symptom& symptom : rules::shipped_symptoms())
    for (const std::string& id : symptom.findings) {
      CAPTURE(symptom.example, id);
      CHECK(check::find_kind(id) != nullptr);
    }
}

TEST_CASE("what a message says, as text and as JSON") {
  const auto readings = rules::read_messages(kMessage);
  check_golden("report/symptom.txt", report::render_symptoms_text(readings, 100));
  check_golden("report/symptom.json", report::render_symptoms_json(readings));
}

TEST_CASE("where DNS has nothing to do with it, no finding is likely") {
  const std::string text =
      report::render_symptoms_text(rules::read_messages("JWS has an invalid anti-replay nonce"), 0);
  CHECK(text.find("Likely") == std::string::npos);
  CHECK(text.find("The CA refused.") != std::string::npos);
}

TEST_CASE("bytes of a message that a terminal obeys are shown, not sent") {
  const auto readings = rules::read_messages(
      "Incorrect TXT record \"\x1b[2J\" found at _acme-challenge.shop.example");
  CHECK(report::render_symptoms_text(readings, 0).find('\x1b') == std::string::npos);
}
