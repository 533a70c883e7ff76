#pragma once
// Private to the authority family: servers that deny a name by the type of the question.

#include "check/authority_view.h"

namespace dcv::check {

void check_denied_types(const Case& test, const ProofView& view, std::vector<Finding>& findings);

}  // namespace dcv::check
