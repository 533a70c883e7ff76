#pragma once
// Saving and loading an observation without loss: kind "dcv-observation", version 1.
// Replies are saved as their bytes (base64); the decoded form beside them is for readers and is
// made anew from the bytes when loading.

#include <string>

#include "dns/result.h"
#include "observe/observation.h"

namespace dcv::observe {

std::string to_json(const Observation& observation);

// Errors say what is wrong in plain words: not JSON, another kind (named), a newer version, a
// field missing or of the wrong type (named).
Result<Observation> from_json(const std::string& text);

}  // namespace dcv::observe
