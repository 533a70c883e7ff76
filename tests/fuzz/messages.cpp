// Any bytes as a message of a client or a CA that somebody pasted (dcv-explain --symptom).

#include "fuzz/observation_use.h"
#include "report/symptoms.h"
#include "rules/symptoms.h"

using namespace dcv;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto readings = rules::read_messages(fuzz::text_of(data, size));
  for (const rules::Reading& reading : readings)
    fuzz::require(reading.command.find_first_of(";|&$`<>()\\\"\n") == std::string::npos,
                  "a command that is told can be pasted");
  fuzz::require(fuzz::is_plain_text(report::render_symptoms_text(readings, 80)),
                "what is told has no control bytes");
  fuzz::require(!report::render_symptoms_json(readings).empty(), "a document is never empty");
  return 0;
}
