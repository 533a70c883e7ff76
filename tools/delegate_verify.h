#pragma once
// --verify of dcv-delegate: what is looked for, and the command that does it.

#include <string>

#include "env.h"
#include "options.h"
#include "report/delegate.h"
#include "resolve/collect.h"

namespace dcv::tools {

// A walk to each validation name of `forms`, or of the names given where there are none. An error
// is one sentence.
Result<resolve::Plan> verify_plan(const Options& options, const Environment& environment,
                                  const report::DelegationForms& forms);

// That checks what these options print; empty where --verify cannot.
std::string verify_command(const Options& options, const report::DelegationForms& forms);

}  // namespace dcv::tools
