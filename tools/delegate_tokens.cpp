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

using observe::CaProfile;

constexpr const char* kZeroSsl = "zerossl";

// What is asked for.
struct Order {
  const Options& options;
  CaProfile ca;
  Method method;
  Csr csr;
};

// The CA that computes tokens from CSRs.
Result<CaProfile> ca_of(const Options& options) {
  if (options.cas.empty())
    return Error{"--csr needs --ca sectigo or zerossl: others compute no tokens from the CSR"};
  const auto profiles = choose_profiles(options.cas, options.ca_profiles);
  if (!profiles) return Error{profiles.error()};
  for (const CaProfile& profile : *profiles)
    if (rules::csr_token_zone(profile.name).empty())
      return Error{profile.name + " computes no tokens from a CSR; sectigo and zerossl do"};
  if (profiles->size() > 1)
    return Error{"the tokens are those of one order: --ca names one CA, not " +
                 std::to_string(profiles->size())};
  return profiles->front();
}

Result<Method> method_of(const Options& options, const CaProfile& ca) {
  const std::string& text = options.delegate.method;
  if (text.empty()) return Method::dns_cname;
  Result<Method> method = rules::parse_method(text);
  if (!method || *method == Method::dns_cname || *method == Method::http_file) return method;
  return Error{ca.title + "'s tokens of a CSR are for dns-cname and http-file, not for " + text};
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

Result<report::DelegationForms> records_of(const Order& order) {
  const auto zone = zone_choice(order.options);
  if (!zone) return Error{zone.error()};
  report::DelegationForms forms;
  const std::vector<rules::Host> hosts = rules::hosts_of(order.csr.names);
  for (const rules::Host& host : hosts) {
    const auto token = rules::sectigo_cname(order.csr, host.name, order.options.delegate.unique,
                                            rules::csr_token_zone(order.ca.name));
    if (!token) return Error{token.error()};
    const dns::Record record = dns::make_target(token->owner.lower(), dns::RecordType::cname,
                                                check::alias::kProofTtl, token->target.lower());
    Result<rules::Delegation> made =
        rules::delegation_by("token of " + order.ca.title + " for this CSR", record, host, *zone);
    if (!made) return Error{made.error()};
    forms.delegations.push_back(std::move(made).value());
  }
  put_sufficient_first(hosts, forms.delegations);
  return forms;
}

Result<report::DelegationForms> files_of(const Order& order) {
  const DelegateOptions& options = order.options.delegate;
  const auto token =
      rules::sectigo_file(order.csr, options.unique, rules::csr_token_zone(order.ca.name));
  if (!token) return Error{token.error()};
  report::DelegationForms forms;
  const std::string scheme = options.https ? "https://" : "http://";
  for (const dns::Identifier& name : order.csr.names) {
    if (name.wildcard)
      return Error{name.text +
                   " cannot be validated by http-file, which shows control of one host; "
                   "--method dns-cname can"};
    forms.files.push_back({name.text, scheme + name.text + token->path, token->lines});
  }
  forms.notes.push_back(
      "Each name needs the file itself: over HTTP www.NAME does not prove NAME, nor NAME "
      "www.NAME.");
  return forms;
}

// The command that checks them.
std::string next_of(const Order& order) {
  const DelegateOptions& options = order.options.delegate;
  std::string command = "dcv-preflight --csr " + shell_word(options.csr) + " --ca " +
                        order.ca.name + " --method " + std::string(rules::text(order.method));
  if (options.https) command += " --https";
  if (!order.options.ca_profiles.empty())
    command += " --ca-profiles " + shell_word(order.options.ca_profiles);
  const std::string& unique = options.unique;
  return unique.empty() ? command : command + " --unique " + shell_word(unique);
}

}  // namespace

Result<report::DelegationForms> tokens_of(const Options& options) {
  const Result<CaProfile> ca = ca_of(options);
  if (!ca) return Error{ca.error()};
  const Result<Method> method = method_of(options, *ca);
  if (!method) return Error{method.error()};
  if (options.delegate.https && *method != Method::http_file)
    return Error{"--https goes with --method http-file"};
  const Result<std::string> bytes = read_file(options.delegate.csr);
  if (!bytes) return Error{bytes.error()};
  Result<Csr> csr = rules::parse_csr(*bytes);
  if (!csr) return Error{options.delegate.csr + ": " + csr.error()};
  const Order order{options, *ca, *method, std::move(csr).value()};
  auto made = *method == Method::http_file ? files_of(order) : records_of(order);
  if (!made) return Error{made.error()};
  report::DelegationForms forms = std::move(made).value();
  for (const std::string& passed_over : order.csr.ignored)
    forms.notes.push_back("Not for DNS names, so passed over: " + passed_over + ".");
  forms.notes.push_back(
      "A new CSR has other tokens; a second order with this one needs them with --unique.");
  if (ca->name == kZeroSsl)
    forms.notes.push_back(
        "ZeroSSL shows its tokens with the order: a unique value in them belongs to --unique, and "
        "where they end otherwise they count as shown.");
  forms.next = next_of(order);
  return forms;
}

}  // namespace dcv::tools
