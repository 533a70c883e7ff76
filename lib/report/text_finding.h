#pragma once
// One finding as the text report shows it.

#include <string>

#include "report/render.h"

namespace dcv::report {

// Message, who said what, and the records to change, each line with its end. `note` is said of the
// finding as a whole; `explains`: others are told below it; `before` is the finding above it in the
// report, whose evidence is not shown a second time, or null.
std::string finding_text(const check::Finding& finding, const std::string& note, bool explains,
                         const check::Finding* before, const Style& style);

// Told by its message alone: nothing is wrong, and -v has the rest.
bool is_brief(const check::Finding& finding, const Style& style);

// In one line, to stand below what explains it.
std::string explained_text(const check::Finding& finding, const std::string& note,
                           const Style& style);

}  // namespace dcv::report
