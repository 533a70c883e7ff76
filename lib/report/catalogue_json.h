#pragma once
// The catalogue of findings as JSON.

#include <string>

#include "check/finding.h"

namespace dcv::report {

// All findings: kind "dcv-catalogue", version 1.
std::string catalogue_json();
// One finding: kind "dcv-finding", version 1, with its page as Markdown.
std::string finding_json(const check::FindingKind& kind);

}  // namespace dcv::report
