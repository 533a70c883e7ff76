#pragma once
// Which look-ups were still open when the run's time was up.

#include <string>

#include "observe/observation.h"

namespace dcv::probes {

// "the time-out of 2 s was reached during: the delegation walk, CAA"; empty when it was not.
std::string time_out_text(const observe::Observation& observation);

}  // namespace dcv::probes
