// Any bytes as a saved observation: read, judged anew, told in every form, saved again.

#include "fuzz/observation_use.h"

using namespace dcv;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Result<observe::Observation> loaded =
      observe::from_json(std::string(fuzz::text_of(data, size)));
  if (loaded) fuzz::use(*loaded, fuzz::text_of(data, size));
  return 0;
}
