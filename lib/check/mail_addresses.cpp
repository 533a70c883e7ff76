// Tells to which addresses the CA's mail may go, and at which hosts it arrives.
#include <algorithm>

#include "check/mail.h"

namespace dcv::check::mail {
namespace {

using Texts = std::vector<std::string>;

std::string in_one(const Texts& parts, std::string_view between, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? last : between;
    text += parts[i];
  }
  return text;
}

std::string either(const Texts& parts) {
  return in_one(parts, ", ", " or ");
}

std::string list(const Texts& parts) {
  return in_one(parts, " ", " ");
}

Texts hosts_of(const Domain& domain) {
  Texts hosts;
  for (const Host& each : domain.hosts)
    if (each.takes_mail()) hosts.push_back(each.name.lower().prose());
  return hosts;
}

// "shop.example (mail host mx.shop.example)"
std::string with_hosts(const std::string& where, const Domain& domain) {
  if (domain.route == Route::address)
    return where + " (no MX record: only if a mail server runs at " +
           addresses_text(domain.hosts.front()) + ")";
  const Texts hosts = hosts_of(domain);
  if (hosts.empty()) return where;
  return where + " (mail host" + (hosts.size() > 1 ? "s " : " ") + joined(hosts) + ")";
}

// What the finding says in words, and for programs as lists.
struct Told {
  Texts sentences, mailboxes, contacts, hosts;
  Exchanges shown;
};

void add_hosts(const Domain& domain, Told& told) {
  const std::string name = domain.name.prose();
  Texts ways = hosts_of(domain);
  if (domain.route == Route::address) {
    ways.clear();
    for (const dns::IpAddress& each : domain.hosts.front().addresses) ways.push_back(each.text());
  }
  for (const std::string& way : ways) {
    const std::string host = name + "=" + way;
    if (std::ranges::find(told.hosts, host) == told.hosts.end()) told.hosts.push_back(host);
  }
}

void add_mailboxes(const Ways& ways, Told& told) {
  std::vector<const Domain*> domains;
  for (const Domain& each : ways.domains)
    if (each.takes_mail()) domains.push_back(&each);
  std::ranges::stable_partition(domains,
                                [](const Domain* each) { return each->route == Route::exchange; });
  Texts places;
  for (const Domain* each : domains) {
    places.push_back(with_hosts(each->name.prose(), *each));
    for (const std::string_view mailbox : rules::kMailboxes)
      told.mailboxes.push_back(std::string(mailbox) + "@" + each->name.prose());
    add_hosts(*each, told);
    told.shown.insert(told.shown.end(), each->exchanges.shown.begin(), each->exchanges.shown.end());
  }
  if (!places.empty())
    told.sentences.push_back(either({rules::kMailboxes.begin(), rules::kMailboxes.end()}) + " at " +
                             either(places));
}

void add_contacts(const Ways& ways, Told& told) {
  for (const ContactRecord& each : ways.contacts) {
    if (!each.usable()) continue;
    told.shown.insert(told.shown.end(), each.shown.begin(), each.shown.end());
    const std::string address = dns::escape(each.contact.address, "");
    if (std::ranges::find(told.contacts, address) != told.contacts.end()) continue;
    told.contacts.push_back(address);
    told.sentences.push_back(with_hosts("the contact " + address, *each.domain));
    add_hosts(*each.domain, told);
  }
}

}  // namespace

void tell_addresses(const Case& test, const Ways& ways, std::vector<Finding>& findings) {
  Told told;
  add_mailboxes(ways, told);
  add_contacts(ways, told);
  if (told.sentences.empty()) return;
  Finding finding = found(test, "mail-addresses", ways.domains.front().name,
                          {{"addresses", in_one(told.sentences, ", or to ", ", or to ")},
                           {"mailboxes", list(told.mailboxes)},
                           {"contacts", list(told.contacts)},
                           {"hosts", list(told.hosts)}},
                          told.shown);
  finding.remedy.action = "Choose one of them that somebody reads.";
  findings.push_back(std::move(finding));
}

}  // namespace dcv::check::mail
