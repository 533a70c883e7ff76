#pragma once
// From the options of dcv-delegate to the records to publish. Asks nobody.

#include "dns/result.h"
#include "options.h"
#include "report/delegate.h"

namespace dcv::tools {

// Each name given, once; at least one.
Result<std::vector<dns::Identifier>> identifiers_of(const Options& options);

// What --to or --ns asks for.
Result<report::DelegationForms> forms_of(const Options& options, const rules::Providers& own);

// In which zone the records go, as --zone says.
Result<rules::ZoneChoice> zone_choice(const Options& options);

// What --csr asks for.
Result<report::DelegationForms> tokens_of(const Options& options);

}  // namespace dcv::tools
