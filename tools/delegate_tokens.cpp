// The tokens that a CA computes from a CSR, for every name in it.
#include <algorithm>

#include "ca.h"
#include "delegate_plan.h"
#include "rules/method.h"
#include "rules/sectigo.h"
#include "run.h"

namespace dcv::tools {
namespace {

using rules::Csr;
using rules::Method;

constexpr const char* kCa = "sectigo";
// The record goes with the order.
constexpr std::uint32_t kTokenTtl = 300;  // seconds

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

Result<report::DelegationForms> records_of(const Options& options, const Csr& csr) {
  const auto zone = zone_choice(options);
  if (!zone) return Error{zone.error()};
  report::DelegationForms forms;
  for (const rules::Host& host : rules::hosts_of(csr.names)) {
    const auto token = rules::sectigo_cname(csr, host.name, options.delegate.unique);
    if (!token) return Error{token.error()};
    const dns::Record record = dns::make_target(token->owner.lower(), dns::RecordType::cname,
                                                kTokenTtl, token->target.lower());
    Result<rules::Delegation> made =
        rules::delegation_by("token of Sectigo for this CSR", record, host, *zone);
    if (!made) return Error{made.error()};
    forms.delegations.push_back(std::move(made).value());
  }
  if (forms.delegations.size() > 1)
    forms.notes.push_back(
        "Over DNS the record at a name proves the names below it too, so the one at " +
        forms.delegations.front().parts.front().zone.prose() +
        " would do if that name is in the order.");
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
  return forms;
}

}  // namespace dcv::tools
