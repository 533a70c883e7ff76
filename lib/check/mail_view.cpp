// Reads mail exchangers, addresses and contacts out of an observation.
#include "check/mail_view.h"

#include <algorithm>
#include <set>

#include "check/caa.h"
#include "dns/public_suffix.h"

namespace dcv::check::mail {
namespace {

using dns::RecordType;
using observe::StepEnd;

// Records that are judged as contacts; a name may have hundreds, of which each would be a finding.
constexpr std::size_t kContacts = 20;

const std::vector<observe::Step>* steps_to(const observe::Target& target, const dns::Name& name,
                                           RecordType type) {
  if (target.type == type && target.validation_name == name) return &target.steps;
  for (const observe::Place& each : target.others)
    if (each.type == type && each.name == name) return &each.steps;
  return nullptr;
}

// Records of the type at the step's name, those of an alias within the same answer included.
void read_records(const observe::Exchange& exchange, Sight& sight) {
  for (const dns::Record& record : exchange.reply->answer) {
    if (record.type != exchange.question.type || record.owner != sight.last->name) continue;
    dns::Record kept = record;
    kept.owner = record.owner.lower();
    const auto same = [&](const dns::Record& each) { return each.rdata == kept.rdata; };
    if (std::ranges::none_of(sight.records, same)) sight.records.push_back(std::move(kept));
  }
}

bool is_usable(const observe::Exchange& exchange) {
  return exchange.reply && exchange.kind &&
         (dns::is_useful(*exchange.kind) || exchange.kind == dns::ReplyKind::not_authoritative) &&
         exchange.kind != dns::ReplyKind::referral;
}

Host host_of(const Case& test, const dns::Name& name) {
  Host host;
  host.name = host.last = name;
  bool both_known = true, both_absent = true;
  for (const RecordType type : {RecordType::a, RecordType::aaaa}) {
    const Sight sight = look(test, name, type);
    host.asked = host.asked || sight.asked;
    both_known = both_known && sight.known;
    both_absent = both_absent && sight.nxdomain;
    host.aliased = host.aliased || sight.aliased;
    if (sight.aliased) host.last = sight.last->name.lower();
    for (const dns::Record& record : sight.records)
      if (const auto address = dns::as_address(record)) host.addresses.push_back(*address);
    host.shown.insert(host.shown.end(), sight.shown.begin(), sight.shown.end());
  }
  std::ranges::sort(host.addresses);
  host.nxdomain = both_known && both_absent;
  host.known = both_known || !host.addresses.empty();
  return host;
}

Route route_of(const std::vector<Host>& hosts, bool by_mx) {
  if (std::ranges::any_of(hosts, &Host::takes_mail))
    return by_mx ? Route::exchange : Route::address;
  const auto open = [](const Host& each) { return !each.asked || !each.known; };
  if (std::ranges::any_of(hosts, open)) {
    const bool asked = std::ranges::any_of(hosts, &Host::asked);
    return asked ? Route::unknown : Route::not_looked;
  }
  const auto has_addresses = [](const Host& each) { return !each.addresses.empty(); };
  if (std::ranges::any_of(hosts, has_addresses)) return Route::not_public;
  return by_mx ? Route::unresolved : Route::none;
}

std::vector<dns::Name> exchangers(const Sight& sight) {
  std::vector<std::pair<int, dns::Name>> found;
  for (const dns::Record& record : sight.records)
    if (const auto mx = dns::as_mx(record)) found.emplace_back(mx->preference, mx->exchange);
  std::ranges::stable_sort(found, {}, [](const auto& each) { return each.first; });
  std::vector<dns::Name> names;
  for (const auto& [preference, name] : found)
    if (std::ranges::find(names, name) == names.end()) names.push_back(name.lower());
  return names;
}

ContactRecord contact_record(const Case& test, const dns::Name& name, dns::RecordType type,
                             std::string value) {
  ContactRecord found;
  found.name = name.lower();
  found.type = type;
  found.contact = rules::read_contact(value);
  found.value = std::move(value);
  if (!found.contact.address.empty())
    if (const Result<dns::Name> domain = rules::mail_domain(found.contact.address))
      found.domain = domain_of(test, *domain);
  return found;
}

void add_txt_contacts(const Case& test, std::vector<ContactRecord>& contacts) {
  for (const observe::Place& place : test.target.others) {
    const bool contact = place.type == RecordType::txt && !place.name.is_root() &&
                         place.name.lower().labels().front() == rules::kContactLabel;
    if (!contact) continue;
    const Sight sight = look(test, place.name, place.type);
    for (const dns::Record& record : sight.records) {
      const auto value = dns::as_txt(record);
      if (!value) continue;
      ContactRecord found = contact_record(test, place.name, place.type, *value);
      found.zone = sight.last->zone;
      found.line = dns::zone_line(record);
      for (const std::string& address : found.contact.meant)
        found.meant_lines.push_back(
            dns::zone_line(dns::make_txt(record.owner, record.ttl, address)));
      found.shown = sight.shown;
      contacts.push_back(std::move(found));
    }
  }
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

// Each label up to the registrable domain may be validated by itself, and then the climb begins
// there. What a registry publishes above is no contact of the domain.
void add_caa_contacts(const Case& test, std::vector<ContactRecord>& contacts) {
  const caa::Climb climb = caa::climb_of(test);
  if (climb.levels.empty()) return;
  const dns::Name domain = dns::registrable_domain(climb.levels.front().level->name);
  for (const caa::Level& level : climb.levels) {
    if (!level.level->name.is_within(domain) || level.views.empty()) continue;
    const caa::View& view = level.views.front();
    for (const dns::Caa& record : view.records) {
      if (lower(record.tag) != rules::kContactTag) continue;
      ContactRecord found = contact_record(test, level.level->name, RecordType::caa, record.value);
      found.zone = level.last->zone;
      found.line = caa::line(level.last->name, view.ttl, record);
      for (const std::string& address : found.contact.meant)
        found.meant_lines.push_back(
            caa::line(level.last->name, view.ttl, {record.flags, record.tag, address}));
      found.shown = view.shown;
      contacts.push_back(std::move(found));
    }
  }
}

}  // namespace

Sight look(const Case& test, const dns::Name& name, RecordType type) {
  Sight sight;
  const std::vector<observe::Step>* steps = steps_to(test.target, name, type);
  if (steps == nullptr || steps->empty()) return sight;
  sight.asked = true;
  sight.last = &steps->back();
  sight.aliased = sight.last->name != name;
  std::set<dns::IpAddress> seen;
  for (const observe::Exchange* exchange :
       test.overview.exchanges.select({.zone = &sight.last->zone,
       .name = &sight.last->name,
       .purpose = observe::Purpose::proof})) {
    if (exchange->question.type != type || !is_usable(*exchange)) continue;
    if (!seen.insert(exchange->address).second) continue;
    sight.shown.push_back(exchange);
    read_records(*exchange, sight);
  }
  const StepEnd end = sight.last->end;
  sight.nxdomain = end == StepEnd::nxdomain;
  sight.known = !sight.records.empty() || end == StepEnd::nodata || end == StepEnd::nxdomain;
  return sight;
}

bool Host::takes_mail() const {
  return std::ranges::any_of(
      addresses, [](const dns::IpAddress& each) { return each.special_purpose().empty(); });
}

Domain domain_of(const Case& test, const dns::Name& name) {
  Domain domain;
  domain.name = name.lower();
  domain.exchanges = look(test, name, RecordType::mx);
  if (!domain.exchanges.asked) return domain;
  domain.route = Route::unknown;
  if (!domain.exchanges.known) return domain;
  if (domain.exchanges.nxdomain) {
    domain.route = Route::none;
    return domain;
  }
  const std::vector<dns::Name> names = exchangers(domain.exchanges);
  for (const dns::Name& each : names)
    if (!each.is_root()) domain.hosts.push_back(host_of(test, each));
  if (!names.empty() && domain.hosts.empty()) {
    domain.route = Route::null_mx;
    return domain;
  }
  if (names.empty()) domain.hosts.push_back(host_of(test, name));
  domain.route = route_of(domain.hosts, !names.empty());
  return domain;
}

std::vector<Domain> domains_of(const Case& test) {
  std::vector<Domain> domains;
  const observe::Target& target = test.target;
  if (target.type != RecordType::mx || target.steps.empty()) return domains;
  const dns::Name top = dns::registrable_domain(target.validation_name);
  domains.push_back(domain_of(test, target.validation_name));
  for (const observe::Place& each : target.others)
    if (each.type == RecordType::mx && each.name.is_within(top) &&
        target.validation_name.is_below(each.name))
      domains.push_back(domain_of(test, each.name));
  return domains;
}

std::vector<ContactRecord> contacts_of(const Case& test) {
  std::vector<ContactRecord> contacts;
  add_txt_contacts(test, contacts);
  add_caa_contacts(test, contacts);
  if (contacts.size() > kContacts)
    contacts.erase(contacts.begin() + std::ptrdiff_t{kContacts}, contacts.end());
  return contacts;
}

bool Ways::open() const {
  return std::ranges::any_of(domains, &Domain::takes_mail) ||
         std::ranges::any_of(contacts, [](const ContactRecord& each) {
           return each.domain &&
                  (each.domain->takes_mail() || each.domain->route == Route::not_looked);
         });
}

bool Ways::undecided() const {
  return !open() && (std::ranges::any_of(domains, &Domain::may_take_mail) ||
                     std::ranges::any_of(contacts, &ContactRecord::usable));
}

Ways ways_of(const Case& test) {
  return {domains_of(test), contacts_of(test)};
}

}  // namespace dcv::check::mail
