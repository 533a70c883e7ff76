// The family "mail": its rows, the order of its checks, and which addresses the CA may write to.
#include "check/mail.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "rules/method.h"

namespace dcv::check {
namespace mail {
namespace {

constexpr std::array kMailKinds = {
    FindingKind{.id = "mail-no-exchange",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "No mail can reach {domains}: there are neither MX nor address records",
                .reference = "BR 3.2.2.4.4, RFC 5321 5.1",
                .since = "0.1.0"},
    FindingKind{.id = "mail-null-mx",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "{domain} declares by its null MX that it takes no mail",
                .reference = "RFC 7505 3",
                .since = "0.1.0"},
    FindingKind{.id = "mail-domain-unregistered",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "{source} sends mail to {host}, but {domain} does not exist at its "
                           "registry. Takeover risk: whoever registers it gets the mail by which "
                           "certificates are approved",
                .reference = "BR 3.2.2.4.4, BR 3.2.2.4.13, BR 3.2.2.4.14",
                .since = "0.1.0"},
    FindingKind{.id = "mail-exchange-unresolved",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "The mail exchanger {host} of {domain} {problem}",
                .reference = "RFC 5321 5.1",
                .since = "0.1.0"},
    FindingKind{.id = "mail-exchange-private",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "The mail host {host} of {domain} has no public address: {addresses}",
                .reference = "RFC 5321 5.1, RFC 6890",
                .since = "0.1.0"},
    FindingKind{.id = "mail-contact-malformed",
                .severity = Severity::warning,
                .affects = Affects::ca,
                .message = "The {type} record {value} at {name} is no contact: it {fault}",
                .reference = "BR appendix A",
                .since = "0.1.0"},
    FindingKind{.id = "mail-contact-unreachable",
                .severity = Severity::warning,
                .affects = Affects::ca,
                .message = "No mail can reach the contact {address} at {name}: {domain} {problem}",
                .reference = "BR 3.2.2.4.13, BR 3.2.2.4.14",
                .since = "0.1.0"},
    FindingKind{.id = "mail-exchange-implicit",
                .severity = Severity::warning,
                .affects = Affects::ca,
                .message = "{domain} has no MX record, so its mail goes to its own address "
                           "{addresses}, which is often a web server that takes none",
                .reference = "RFC 5321 5.1",
                .since = "0.1.0"},
    FindingKind{.id = "mail-exchange-alias",
                .severity = Severity::notice,
                .affects = Affects::hygiene,
                .message = "The mail exchanger {host} of {domain} is an alias for {target}",
                .reference = "RFC 2181 10.3",
                .since = "0.1.0"},
    FindingKind{.id = "mail-contact-several",
                .severity = Severity::notice,
                .affects = Affects::ca,
                .message = "There are several contacts, and whoever reads the mail of any of them "
                           "can approve a certificate: {addresses}",
                .reference = "BR 3.2.2.4.13, BR 3.2.2.4.14",
                .since = "0.1.0"},
    FindingKind{.id = "mail-addresses",
                .severity = Severity::info,
                .affects = Affects::ca,
                .message = "The CA may write to {addresses}; contacts from WHOIS have not counted "
                           "since 2025-07-15",
                .reference = "BR 3.2.2.4.4, BR 3.2.2.4.13, BR 3.2.2.4.14",
                .since = "0.1.0"},
};

const FindingKind& kind(std::string_view id) {
  const auto found = std::ranges::find(kMailKinds, id, &FindingKind::id);
  if (found == kMailKinds.end()) throw std::logic_error("no such row: " + std::string(id));
  return *found;
}

void check(const Case& test, std::vector<Finding>& findings) {
  if (rules::method_of(test.target.method) != rules::Method::email) return;
  const Ways ways = ways_of(test);
  if (ways.domains.empty()) return;
  check_takeover(test, ways, findings);
  check_contacts(test, ways, findings);
  check_domains(test, ways, findings);
  tell_addresses(test, ways, findings);
}

}  // namespace

bool is_undecided(const Case& test) {
  return rules::method_of(test.target.method) == rules::Method::email && ways_of(test).undecided();
}

Finding found(const Case& test, std::string_view id, const dns::Name& subject,
              std::map<std::string, std::string> arguments, const Exchanges& shown) {
  Finding finding = make_finding(kind(id), subject.lower().text(), std::move(arguments));
  add_evidence(test, shown, finding);
  return finding;
}

void add_evidence(const Case& test, const Exchanges& shown, Finding& finding) {
  for (const observe::Exchange* exchange : shown) {
    Evidence evidence = evidence_of(test, *exchange);
    const auto same = [&](const Evidence& each) {
      return each.question == evidence.question && each.saw == evidence.saw;
    };
    if (std::ranges::none_of(finding.evidence, same))
      finding.evidence.push_back(std::move(evidence));
  }
}

Severity severity_of_a_closed_way(const Ways& ways) {
  if (ways.open()) return Severity::notice;
  return ways.undecided() ? Severity::warning : Severity::error;
}

std::string addresses_text(const Host& host) {
  std::vector<std::string> texts;
  for (const dns::IpAddress& each : host.addresses) texts.push_back(each.text());
  return joined(texts);
}

std::string problem_of(const Domain& domain) {
  switch (domain.route) {
    case Route::null_mx:
      return "declares by its null MX that it takes none";
    case Route::unresolved:
      return "has mail exchangers without address";
    case Route::not_public:
      return "has only mail hosts without public address";
    default:
      return "has neither MX nor address records";
  }
}

}  // namespace mail

const Family kMailFamily{"mail", mail::kMailKinds, mail::check};

}  // namespace dcv::check
