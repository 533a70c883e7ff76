#pragma once
// From findings to verdict and next step: the table, in one place.

#include <string>
#include <vector>

#include "check/evaluate.h"
#include "check/family.h"

namespace dcv::check {

Verdict verdict_of(const Case& test, const std::vector<Finding>& findings);

// One sentence. `findings` are in the order of the report.
std::string next_step(const Case& test, Verdict verdict, const std::vector<Finding>& findings);

}  // namespace dcv::check
