#pragma once
// The family "mail": can the CA's mail arrive (BR 3.2.2.4.4, .13, .14). What the verdict asks of it
// comes first; the rest is private to the family.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "check/mail_view.h"
#include "check/registry.h"

namespace dcv::check {

extern const Family kMailFamily;

namespace mail {

// No way is known to work, but a look-up brought nothing, so that one may.
bool is_undecided(const Case& test);

// The checks, by subject.
void check_domains(const Case& test, const Ways& ways, std::vector<Finding>& findings);
void check_contacts(const Case& test, const Ways& ways, std::vector<Finding>& findings);
void tell_addresses(const Case& test, const Ways& ways, std::vector<Finding>& findings);
void check_takeover(const Case& test, const Ways& ways, std::vector<Finding>& findings);

// Where the look-up ended with a registry's word that the domain is not there.
std::optional<Unregistered> unregistered_for(const Case& test, const Host& host);
std::optional<Unregistered> unregistered_for(const Case& test, const Domain& domain);

// A finding of the family's row `id`.
Finding found(const Case& test, std::string_view id, const dns::Name& subject,
              std::map<std::string, std::string> arguments, const Exchanges& shown);
// Of servers that say the same the first one stands for all.
void add_evidence(const Case& test, const Exchanges& shown, Finding& finding);
// What a way that fails is worth: nothing is lost while another one is open.
Severity severity_of_a_closed_way(const Ways& ways);
// What is wrong with the domain's mail: "has neither MX nor address records".
std::string problem_of(const Domain& domain);
std::string addresses_text(const Host& host);

}  // namespace mail
}  // namespace dcv::check
