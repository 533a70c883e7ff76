#pragma once
// The family "provider": who validates for the target, or takes its delegation, and what is wrong
// there. What other families need of it comes first; the rest is private to the family.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "check/family.h"
#include "rules/providers.h"

namespace dcv::check {
extern const Family kProviderFamily;
}

namespace dcv::check::provider {

// A row of the table that the way to the proof fits.
struct Delegated {
  const observe::Step* step = nullptr;  // the alias, or the name in a zone of its own
  rules::Match match;
};
// The first alias on the way whose target names a provider, else the name servers of the validation
// name's own zone. Points into the observation.
std::optional<Delegated> delegated(const Case& test);
std::string title(const Case& test);           // the provider's; empty: nobody known
std::string title_of_token(const Case& test);  // of a TXT or CNAME record that is the proof itself
// The provider behind such a target publishes the proof only while an order is open; else null.
const observe::Provider* on_demand(const Case& test, const dns::Name& target);
// The family has said why the alias leads to no proof.
bool explains_end(const std::vector<Finding>& findings);

// The checks, by subject.
void check_form(const Case& test, std::vector<Finding>& findings);  // what the target looks like
void check_twin(const Case& test, std::vector<Finding>& findings);  // the record beside it
void check_takeover(const Case& test, std::vector<Finding>& findings);   // who could get hold of it
void check_run(const Case& test, std::vector<Finding>& findings);        // other names of the run
void check_ownership(const Case& test, std::vector<Finding>& findings);  // shown to no CA
void check_caa(const Case& test, std::vector<Finding>& findings);        // may its CAs issue
void check_denials(const Case& test, std::vector<Finding>& findings);  // how long caches keep them

// A finding of the family's row `id`.
Finding found(std::string_view id, const dns::Name& subject,
              std::map<std::string, std::string> arguments);

}  // namespace dcv::check::provider
