// Whether mail to the constructed addresses can arrive.
#include <algorithm>

#include "check/mail.h"

namespace dcv::check::mail {
namespace {

constexpr int kTtl = 3600;  // seconds, of records in remedies

// A contact saves a domain that takes no mail.
Remedy publish_contact(const Domain& domain, std::string action) {
  const dns::Name& apex = domain.name;
  const std::string owner = std::string(rules::kContactLabel) + "." + apex.text();
  action +=
      "; or publish an address elsewhere as a contact, if the CA takes contacts (BR "
      "3.2.2.4.14)";
  Remedy remedy{std::move(action), {}};
  if (domain.exchanges.last != nullptr && !domain.exchanges.aliased)
    remedy.edits.push_back(
        {domain.exchanges.last->zone.lower().text(),
         "",
         {},
         {owner + " " + std::to_string(kTtl) + " IN TXT \"<an address that somebody reads>\""}});
  return remedy;
}

void check_null_mx(const Case& test, const Ways& ways, const Domain& domain,
                   std::vector<Finding>& findings) {
  Finding finding = found(test, "mail-null-mx", domain.name, {{"domain", domain.name.prose()}},
                          domain.exchanges.shown);
  finding.severity = severity_of_a_closed_way(ways);
  finding.remedy = publish_contact(
      domain, "Use another method, since " + domain.name.prose() + " is not meant to take mail");
  findings.push_back(std::move(finding));
}

std::string problem_of(const Host& host) {
  if (host.aliased)
    return "is an alias for " + host.last.prose() +
           (host.nxdomain ? ", which does not exist" : ", which has no address");
  return host.nxdomain ? "does not exist" : "has no address";
}

void check_unresolved(const Case& test, const Ways& ways, const Domain& domain, const Host& host,
                      std::vector<Finding>& findings) {
  Finding finding = found(
      test, "mail-exchange-unresolved", host.name,
      {{"host", host.name.prose()}, {"domain", domain.name.prose()}, {"problem", problem_of(host)}},
      domain.exchanges.shown);
  add_evidence(test, host.shown, finding);
  finding.severity = severity_of_a_closed_way(ways);
  finding.remedy.action = "Publish an address record for " + host.last.prose() +
                          ", or name a host that has one in the MX record of " +
                          domain.name.prose() + ".";
  findings.push_back(std::move(finding));
}

void check_not_public(const Case& test, const Ways& ways, const Domain& domain, const Host& host,
                      std::vector<Finding>& findings) {
  Finding finding = found(test, "mail-exchange-private", host.name,
                          {{"host", host.name.prose()},
                           {"domain", domain.name.prose()},
                           {"addresses", addresses_text(host)}},
                          host.shown);
  finding.severity = severity_of_a_closed_way(ways);
  finding.remedy.action = "Give " + host.last.prose() +
                          " a public address, or name a host that has one in the MX record of " +
                          domain.name.prose() + ".";
  findings.push_back(std::move(finding));
}

void check_alias(const Case& test, const Domain& domain, const Host& host,
                 std::vector<Finding>& findings) {
  Finding finding = found(
      test, "mail-exchange-alias", host.name,
      {{"host", host.name.prose()}, {"domain", domain.name.prose()}, {"target", host.last.prose()}},
      host.shown);
  finding.remedy.action =
      "Name " + host.last.prose() + " itself in the MX record of " + domain.name.prose() + ".";
  findings.push_back(std::move(finding));
}

void check_hosts(const Case& test, const Ways& ways, const Domain& domain,
                 std::vector<Finding>& findings) {
  const bool by_mx = !domain.exchanges.records.empty();
  for (const Host& host : domain.hosts) {
    if (!host.known) continue;
    if (host.addresses.empty()) {
      if (by_mx && !unregistered_for(test, host))
        check_unresolved(test, ways, domain, host, findings);
    } else if (!host.takes_mail()) {
      check_not_public(test, ways, domain, host, findings);
    } else if (by_mx && host.aliased) {
      check_alias(test, domain, host, findings);
    }
  }
}

// None of the domains takes mail, and none of them says why.
void check_none(const Case& test, const Ways& ways, std::vector<Finding>& findings) {
  const auto has_none = [](const Domain& each) { return each.route == Route::none; };
  if (!std::ranges::all_of(ways.domains, has_none)) return;
  std::vector<std::string> names;
  Exchanges shown;
  for (const Domain& each : ways.domains) {
    names.push_back(each.name.prose());
    shown.insert(shown.end(), each.exchanges.shown.begin(), each.exchanges.shown.end());
  }
  const Domain& top = ways.domains.back();
  Finding finding = found(test, "mail-no-exchange", ways.domains.front().name,
                          {{"domains", joined(names)}}, shown);
  finding.severity = severity_of_a_closed_way(ways);
  finding.remedy = publish_contact(
      top, "Publish an MX record for " + top.name.prose() + " that names a host which takes mail");
  findings.push_back(std::move(finding));
}

// The only way is a guess.
void check_implicit(const Case& test, const Ways& ways, std::vector<Finding>& findings) {
  if (std::ranges::any_of(ways.contacts, &ContactRecord::usable)) return;
  const auto by_mx = [](const Domain& each) { return each.route == Route::exchange; };
  if (std::ranges::any_of(ways.domains, by_mx)) return;
  for (const Domain& domain : ways.domains) {
    if (domain.route != Route::address) continue;
    const Host& host = domain.hosts.front();
    Exchanges shown = domain.exchanges.shown;
    shown.insert(shown.end(), host.shown.begin(), host.shown.end());
    Finding finding =
        found(test, "mail-exchange-implicit", domain.name,
              {{"domain", domain.name.prose()}, {"addresses", addresses_text(host)}}, shown);
    finding.remedy = publish_contact(domain, "Publish an MX record for " + domain.name.prose() +
                                                 " that names a host which takes mail");
    findings.push_back(std::move(finding));
  }
}

}  // namespace

void check_domains(const Case& test, const Ways& ways, std::vector<Finding>& findings) {
  check_none(test, ways, findings);
  check_implicit(test, ways, findings);
  for (const Domain& domain : ways.domains) {
    if (domain.route == Route::null_mx)
      check_null_mx(test, ways, domain, findings);
    else
      check_hosts(test, ways, domain, findings);
  }
}

}  // namespace dcv::check::mail
