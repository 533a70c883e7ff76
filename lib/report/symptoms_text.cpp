// Each message with who says it, who failed, what is likely behind it and what to run.
#include "check/catalogue.h"
#include "report/symptoms.h"
#include "report/words.h"

namespace dcv::report {
namespace {

constexpr std::size_t kFindingsShown = 8;  // --json has them all
constexpr std::size_t kIdColumns = 36;

std::string who_failed(const rules::Symptom& symptom) {
  if (symptom.failed == "ca") return "The CA refused.";
  if (symptom.failed == "client") return "The client gave up by itself; the CA was not asked yet.";
  return "Nothing has failed yet.";
}

// "{name} is an alias" as "NAME is an alias".
std::string template_text(std::string_view message) {
  std::string text;
  bool within = false;
  for (const char byte : message) {
    if (byte == '{' || byte == '}') {
      within = byte == '{';
    } else {
      text += within && byte != '_' ? upper(std::string_view(&byte, 1)) : std::string(1, byte);
    }
  }
  return text;
}

std::string finding_line(const std::string& id) {
  const check::FindingKind* kind = check::find_kind(id);
  if (kind == nullptr) return "  " + id + "\n";
  return "  " + padded(id, kIdColumns) + padded(std::string(check::text(kind->severity)), 9) +
         template_text(kind->message) + "\n";
}

std::string text_of(const rules::Reading& reading, std::size_t width) {
  const rules::Symptom& symptom = *reading.symptom;
  const std::string who = symptom.program + ": ";
  std::string text = who + folded(printable(reading.text), width, columns(who), 2) + "\n";
  text += "  " + folded(who_failed(symptom) + " " + symptom.says, width, 2, 2) + "\n";
  if (!symptom.findings.empty()) text += "\nLikely:\n";
  for (std::size_t i = 0; i < symptom.findings.size() && i < kFindingsShown; ++i)
    text += finding_line(symptom.findings[i]);
  if (symptom.findings.size() > kFindingsShown)
    text += "  and " + std::to_string(symptom.findings.size() - kFindingsShown) +
            " more (--json shows all)\n";
  return text + "\nRun: " + printable(reading.command) + "\n";
}

}  // namespace

std::string render_symptoms_text(const std::vector<rules::Reading>& readings, std::size_t width) {
  std::string text;
  for (const rules::Reading& each : readings)
    text += (text.empty() ? "" : "\n") + text_of(each, width);
  return text;
}

}  // namespace dcv::report
