// Whether the contacts that are published in TXT and CAA records can be written to.
#include <algorithm>
#include <set>

#include "check/authority_view.h"
#include "check/mail.h"

namespace dcv::check::mail {
namespace {

void check_malformed(const Case& test, const Ways& ways, const ContactRecord& record,
                     std::vector<Finding>& findings) {
  Finding finding = found(test, "mail-contact-malformed", record.name,
                          {{"name", record.name.prose()},
                           {"type", dns::text(record.type)},
                           {"fault", record.contact.fault},
                           {"value", shown(record.value)}},
                          record.shown);
  // A value without any address was hardly meant as a contact: a wildcard's, in most cases.
  if (record.contact.meant.empty())
    finding.severity = Severity::notice;
  else if (severity_of_a_closed_way(ways) == Severity::error)
    finding.severity = Severity::error;
  if (record.meant_lines.empty()) {
    finding.remedy.action = "Publish a record whose whole value is one mail address at " +
                            record.name.prose() + ", if a contact was meant.";
  } else {
    finding.remedy.action = "Publish the address alone, each in a record of its own.";
    finding.remedy.edits = {{record.zone.lower().text(), "", {record.line}, record.meant_lines}};
  }
  findings.push_back(std::move(finding));
}

void check_unreachable(const Case& test, const Ways& ways, const ContactRecord& record,
                       std::vector<Finding>& findings) {
  Exchanges replies = record.shown;
  const Exchanges& more = record.domain->exchanges.shown;
  replies.insert(replies.end(), more.begin(), more.end());
  const std::string address = dns::escape(record.contact.address, "");
  Finding finding = found(test, "mail-contact-unreachable", record.name,
                          {{"address", address},
                           {"name", record.name.prose()},
                           {"domain", record.domain->name.prose()},
                           {"problem", problem_of(*record.domain)}},
                          replies);
  if (severity_of_a_closed_way(ways) == Severity::error) finding.severity = Severity::error;
  finding.remedy.action =
      "Publish another address, at a domain that takes mail, in place of " + record.line + ".";
  findings.push_back(std::move(finding));
}

// That has been told, and says more.
bool is_open_to_takeover(const Case& test, const Domain& domain) {
  return unregistered_for(test, domain) || std::ranges::any_of(domain.hosts, [&](const Host& host) {
           return unregistered_for(test, host).has_value();
         });
}

void check_several(const Case& test, const Ways& ways, std::vector<Finding>& findings) {
  std::set<std::string> addresses;
  Exchanges replies;
  const ContactRecord* first = nullptr;
  for (const ContactRecord& each : ways.contacts) {
    if (!each.usable()) continue;
    if (first == nullptr) first = &each;
    addresses.insert(dns::escape(each.contact.address, ""));
    for (const observe::Exchange* exchange : each.shown)
      if (std::ranges::find(replies, exchange) == replies.end()) replies.push_back(exchange);
  }
  if (addresses.size() < 2) return;
  Finding finding = found(test, "mail-contact-several", first->name,
                          {{"addresses", joined({addresses.begin(), addresses.end()})}}, replies);
  finding.remedy.action =
      "Make sure that all of their readers may approve certificates, or remove the others.";
  findings.push_back(std::move(finding));
}

}  // namespace

void check_contacts(const Case& test, const Ways& ways, std::vector<Finding>& findings) {
  for (const ContactRecord& each : ways.contacts) {
    if (!each.contact.fault.empty())
      check_malformed(test, ways, each, findings);
    else if (!each.usable() && !is_open_to_takeover(test, *each.domain))
      check_unreachable(test, ways, each, findings);
  }
  check_several(test, ways, findings);
}

}  // namespace dcv::check::mail
