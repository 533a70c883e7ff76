// The tokens that a CA computes from a CSR, for every name in it.
#include <algorithm>
#include <iterator>

#include "ca.h"
#include "check/alias.h"
#include "delegate_plan.h"
#include "rules/method.h"
#include "rules/places.h"
#include "rules/sectigo.h"
#include "run.h"
#include "shell_word.h"

namespace dcv::tools {
namespace {

using rules::Csr;
using rules::Method;

constexpr const char* kCa = "sectigo";

// Empty when the CA is the one that computes tokens from CSRs.
std::string fault_of_ca(const Options& options) {
  if (options.cas.empty())
    return "--csr needs --ca sectigo: no other CA computes its tokens from the CSR";
  const auto profiles = choose_profiles(options.cas, options.ca_profiles);
  if (!profiles) return profiles.error();
  for (const observe::CaProfile& profile : *profiles)
    if (profile.name != kCa)
      return profile.name + " computes no tokens from a CSR; --ca sectigo does";
  return "";
}

Result<Method> method_of(const Options& options) {
  const std::string& text = options.delegate.method;
  if (text.empty()) return Method::dns_cname;
  Result<Method> method = rules::parse_method(text);
  if (!method || *method == Method::dns_cname || *method == Method::http_file) return method;
  return Error{"Sectigo's tokens of a CSR are for dns-cname and http-file, not for " + text};
}

// Over DNS the record at a name proves the names below it too: those come last, as not needed.
void put_sufficient_first(const std::vector<rules::Host>& hosts,
                          std::vector<rules::Delegation>& delegations) {
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    std::vector<dns::Name> above = rules::authorization_names(hosts[i].name);
    std::ranges::reverse(above);  // the highest first, the name itself last
    const auto highest = std::ranges::find_if(above, [&](const dns::Name& name) {
      return std::ranges::find(hosts, name, &rules::Host::name) != hosts.end();
    });
    if (*highest == hosts[i].name) continue;
    delegations[i].needed = false;
    const auto by = std::ranges::find(hosts, *highest, &rules::Host::name) - hosts.begin();
    std::ranges::copy(hosts[i].identifiers,
                      std::back_inserter(delegations[static_cast<std::size_t>(by)].identifiers));
  }
  std::ranges::stable_partition(delegations, &rules::Delegation::needed);
}

Result<report::DelegationForms> records_of(const Options& options, const Csr& csr) {
  const auto zone = zone_choice(options);
  if (!zone) return Error{zone.error()};
  report::DelegationForms forms;
  const std::vector<rules::Host> hosts = rules::hosts_of(csr.names);
  for (const rules::Host& host : hosts) {
    const auto token = rules::sectigo_cname(csr, host.name, options.delegate.unique);
    if (!token) return Error{token.error()};
    const dns::Record record = dns::make_target(token->owner.lower(), dns::RecordType::cname,
                                                check::alias::kProofTtl, token->target.lower());
    Result<rules::Delegation> made =
        rules::delegation_by("token of Sectigo for this CSR", record, host, *zone);
    if (!made) return Error{made.error()};
    forms.delegations.push_back(std::move(made).value());
  }
  put_sufficient_first(hosts, forms.delegations);
  return forms;
}

Result<report::DelegationForms> files_of(const Options& options, const Csr& csr) {
  const auto token = rules::sectigo_file(csr, options.delegate.unique);
  if (!token) return Error{token.error()};
  report::DelegationForms forms;
  for (const dns::Identifier& name : csr.names) {
    if (name.wildcard)
      return Error{name.text +
                   " cannot be validated by http-file, which shows control of one host; "
                   "--method dns-cname can"};
    forms.files.push_back({name.text, "http://" + name.text + token->path, token->lines});
  }
  forms.notes.push_back(
      "Each name needs the file itself: over HTTP www.NAME does not prove NAME, nor NAME "
      "www.NAME.");
  return forms;
}

// The command that checks them.
std::string next_of(const Options& options, Method method) {
  std::string command = "dcv-preflight --csr " + shell_word(options.delegate.csr) + " --ca " + kCa +
                        " --method " + std::string(rules::text(method));
  const std::string& unique = options.delegate.unique;
  return unique.empty() ? command : command + " --unique " + shell_word(unique);
}

}  // namespace

Result<report::DelegationForms> tokens_of(const Options& options) {
  const Result<Method> method = method_of(options);
  if (!method) return Error{method.error()};
  if (const std::string fault = fault_of_ca(options); !fault.empty()) return Error{fault};
  const Result<std::string> bytes = read_file(options.delegate.csr);
  if (!bytes) return Error{bytes.error()};
  const Result<Csr> csr = rules::parse_csr(*bytes);
  if (!csr) return Error{options.delegate.csr + ": " + csr.error()};
  auto made = *method == Method::http_file ? files_of(options, *csr) : records_of(options, *csr);
  if (!made) return Error{made.error()};
  report::DelegationForms forms = std::move(made).value();
  for (const std::string& passed_over : csr->ignored)
    forms.notes.push_back("Not for DNS names, so passed over: " + passed_over + ".");
  forms.notes.push_back(
      "A new CSR has other tokens; a second order with this one needs them with --unique.");
  forms.next = next_of(options, *method);
  return forms;
}

}  // namespace dcv::tools
