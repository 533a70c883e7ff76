#pragma once
// What pasted messages say, for people and for programs.

#include <string>
#include <vector>

#include "rules/symptoms.h"

namespace dcv::report {

// `width`: columns of the terminal; 0: lines as long as they are.
std::string render_symptoms_text(const std::vector<rules::Reading>& readings, std::size_t width);
// Kind "dcv-symptom", version 1.
std::string render_symptoms_json(const std::vector<rules::Reading>& readings);

}  // namespace dcv::report
