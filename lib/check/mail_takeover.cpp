// Mail that goes to domains which nobody has, and anybody could register.
#include <algorithm>

#include "check/mail.h"

namespace dcv::check::mail {
namespace {

// A record that leads mail to `host`.
struct Lead {
  std::string source;  // "The MX record of shop.example"
  dns::Name subject, host;
  Exchanges shown;
  Remedy remedy;  // without its end: "before somebody else ..."
};

void tell(const Case& test, const Lead& lead, const Unregistered& gone,
          std::vector<Finding>& findings) {
  const std::string domain = gone.domain.lower().prose();
  Finding finding =
      found(test, "mail-domain-unregistered", lead.subject,
            {{"source", lead.source}, {"host", lead.host.prose()}, {"domain", domain}}, lead.shown);
  const bool told = std::ranges::any_of(findings, [&](const Finding& each) {
    return each.id == finding.id && each.message == finding.message;
  });
  if (told) return;
  add_evidence(test, gone.denials, finding);
  finding.remedy = lead.remedy;
  finding.remedy.action += " before somebody else registers " + domain + ".";
  findings.push_back(std::move(finding));
}

// The MX records that name the host go, where another one is left that mail can take.
Remedy without_host(const Domain& domain, const Host& host) {
  Remedy remedy{"Take " + host.name.prose() + " out of the MX records of " + domain.name.prose(),
                {}};
  if (!domain.takes_mail()) return remedy;
  Edit edit{domain.exchanges.last->zone.lower().text(), "", {}, {}};
  for (const dns::Record& record : domain.exchanges.records)
    if (const auto mx = dns::as_mx(record); mx && mx->exchange == host.name)
      edit.remove.push_back(dns::zone_line(record));
  remedy.edits.push_back(std::move(edit));
  return remedy;
}

void check_exchangers(const Case& test, const Domain& domain, std::vector<Finding>& findings) {
  if (domain.exchanges.records.empty()) return;
  for (const Host& host : domain.hosts) {
    const auto gone = unregistered_for(test, host);
    if (!gone) continue;
    Exchanges shown = domain.exchanges.shown;
    shown.insert(shown.end(), host.shown.begin(), host.shown.end());
    tell(test,
         {"The MX record of " + domain.name.prose(), host.name, host.name, shown,
          without_host(domain, host)},
         *gone, findings);
  }
}

void check_contact(const Case& test, const ContactRecord& record, std::vector<Finding>& findings) {
  const auto gone = unregistered_for(test, *record.domain);
  if (!gone) return check_exchangers(test, *record.domain, findings);
  const std::string address = dns::escape(record.contact.address, "");
  tell(test,
       {"The contact " + address + " at " + record.name.prose(),
        record.name,
        record.domain->name,
        record.shown,
        {"Remove the contact " + address + " at " + record.name.prose(),
         {{record.zone.lower().text(), "", {record.line}, {}}}}},
       *gone, findings);
}

}  // namespace

std::optional<Unregistered> unregistered_for(const Case& test, const Host& host) {
  if (!host.nxdomain) return {};
  return unregistered(test, host.last);
}

std::optional<Unregistered> unregistered_for(const Case& test, const Domain& domain) {
  if (!domain.exchanges.nxdomain) return {};
  return unregistered(test, domain.exchanges.last->name);
}

void check_takeover(const Case& test, const Ways& ways, std::vector<Finding>& findings) {
  for (const Domain& domain : ways.domains) check_exchangers(test, domain, findings);
  for (const ContactRecord& record : ways.contacts)
    if (record.domain) check_contact(test, record, findings);
}

}  // namespace dcv::check::mail
