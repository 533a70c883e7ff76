#pragma once
// What dcv-delegate tells when it asks nobody (the records to publish) and when it advises.

#include <string>
#include <vector>

#include "check/advice.h"
#include "report/render.h"
#include "rules/delegation_form.h"

namespace dcv::report {

// A file that a CA fetches.
struct TokenFile {
  std::string identifier, url;
  std::vector<std::string> lines;
};

struct DelegationForms {
  std::vector<rules::Delegation> delegations;
  std::vector<TokenFile> files;
  std::vector<std::string> notes;  // whole sentences
  std::string next;                // the command that checks it; empty: none
};

// Text is a piece of a zone file: whatever is no record is a comment.
std::string render_forms_text(const DelegationForms& forms);
// Kind "dcv-delegation", version 1.
std::string render_forms_json(const DelegationForms& forms, const std::string& tool);

std::string render_advice_text(const std::vector<check::Advised>& advised,
                               const observe::Stats& stats, const Style& style);
// Kind "dcv-delegation", version 1.
std::string render_advice_json(const std::vector<check::Advised>& advised, double at,
                               const std::string& tool);

// The providers that records can be made for, a line each; and as a table that --providers takes.
std::string render_providers_text(const rules::Providers& own);
std::string render_providers_json(const rules::Providers& own);

}  // namespace dcv::report
