// From a provider's forms and an identifier to records, checked by the expressions with which the
// same records would be recognised.
#include "rules/delegation_form.h"

#include <algorithm>

#include "dns/public_suffix.h"

namespace dcv::rules {
namespace {

using dns::Name;
using dns::RecordType;
using observe::Provider;

// A negative answer of a zone that is nothing but tokens should not outlive an order.
constexpr std::uint32_t kTokenZoneMinimum = 60;  // seconds

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

std::string replaced_host(const std::string& form, const Host& host, const std::string& id) {
  return rules::filled(form, host.name.lower().prose(), id);
}

Result<Name> name_of(const std::string& form, const Host& host, const std::string& id) {
  return Name::parse(replaced_host(form, host, id));
}

// How the row recognises the record; nothing when it does not.
std::optional<Match> fit(const Provider& row, const Name& owner, const Name& target) {
  const Providers only = {row};
  for (Match& match : recognise(owner, row.type, target, only)) {
    if (match.provider != &only.front() || !match.owner_fits || !match.target_fits) continue;
    match.provider = &row;
    return std::move(match);
  }
  return {};
}

Error no_such_id(const Provider& row, const std::string& id) {
  return Error{dns::quoted(id) + " is no --id for " + row.id + "; wanted: " + row.id_hint};
}

// A host that leaves no room in the target for an id that is right.
std::optional<Error> too_long(const Provider& row, const Name& owner, const Host& host,
                              const Result<Name>& filled, const std::string& id) {
  if (filled) return {};
  const Result<Name> shorter =
      name_of(row.target_form, {.name = Name::of("a"), .identifiers = {}}, id);
  if (!shorter || !fit(row, owner, *shorter)) return {};
  return Error{host.name.prose() + " is too long for a target of " + row.id + ": " +
               filled.error()};
}

// The id filled in; or people paste the whole target, which tells the id or is taken as it is.
Result<Name> target_of(const Provider& row, const Name& owner, const Host& host,
                       const std::string& id) {
  const Result<Name> filled = name_of(row.target_form, host, id);
  if (filled) {
    const auto match = fit(row, owner, *filled);
    if (match && (match->id.empty() || match->id == id)) return *filled;
  }
  const Result<Name> pasted = Name::parse(id);
  const auto match = pasted ? fit(row, owner, *pasted) : std::nullopt;
  if (!match) return too_long(row, owner, host, filled, id).value_or(no_such_id(row, id));
  if (!row.same_host) return *pasted;
  const Result<Name> own = name_of(row.target_form, host, match->id);
  if (!own) return Error{own.error()};
  return *own;
}

Result<ZonePart> part_for(const Name& owner, const Host& host, const ZoneChoice& choice) {
  ZonePart part{.zone = choice.given.value_or(dns::registrable_domain(host.name)),
                .assumed = !choice.given,
                .theirs = false,
                .records = {}};
  if (!owner.is_within(part.zone))
    return Error{owner.prose() + " does not lie in the zone " + part.zone.prose()};
  return part;
}

Delegation with_first_part(const Provider& row, const Host& host, ZonePart part) {
  return {.provider = row.id,
          .title = row.title,
          .identifiers = host.identifiers,
          .parts = {std::move(part)}};
}

// The value of a TXT record, or nothing when the row does not know it so.
Result<Delegation> text_record(const Provider& row, const Name& owner, const std::string& id,
                               const Host& host, ZonePart part) {
  const std::string value = replaced_host(row.target_form, host, id);
  const Providers only = {row};
  const std::vector<Match> known = recognise(owner, value, only);
  if (known.empty() || known.front().provider != &only.front()) return no_such_id(row, id);
  part.records.push_back(dns::make_txt(owner, kDelegationTtl, value));
  return with_first_part(row, host, std::move(part));
}

void add_servers(const Name& apex, const std::vector<ServerHost>& servers, ZonePart& part) {
  for (const ServerHost& server : servers)
    part.records.push_back(
        dns::make_target(apex, RecordType::ns, kDelegationTtl, server.name.lower()));
  for (const ServerHost& server : servers) {
    if (!server.name.is_within(apex)) continue;
    for (const dns::IpAddress& address : server.addresses)
      part.records.push_back(dns::make_address(server.name.lower(), kDelegationTtl, address));
  }
}

// Addresses for those below the zone, and for no others: they would be nobody's.
std::string address_fault(const Name& apex, const std::vector<ServerHost>& servers) {
  for (const ServerHost& server : servers) {
    const bool within = server.name.is_within(apex);
    if (within && server.addresses.empty())
      return server.name.prose() + " lies within " + apex.prose() +
             ", so its --address is needed for the zone above";
    if (!within && !server.addresses.empty())
      return server.name.prose() + " does not lie within " + apex.prose() +
             ", so its address stands in its own zone; leave out --address";
  }
  return "";
}

ZonePart token_zone(const Name& apex, const std::vector<ServerHost>& servers) {
  ZonePart part{.zone = apex, .assumed = false, .theirs = true, .records = {}};
  const Name& primary = servers.front().name;
  dns::Soa soa{.primary = primary.lower(),
               .mailbox = Name::of("hostmaster." + dns::registrable_domain(primary).lower().text()),
               .serial = 1,
               .refresh = 7200,
               .retry = 3600,
               .expire = 1209600,
               .minimum = kTokenZoneMinimum};
  part.records.push_back(dns::make_soa(apex, kDelegationTtl, soa));
  add_servers(apex, servers, part);
  return part;
}

}  // namespace

std::vector<Host> hosts_of(const std::vector<dns::Identifier>& identifiers) {
  std::vector<Host> hosts;
  for (const dns::Identifier& each : identifiers) {
    auto host = std::ranges::find(hosts, each.name, &Host::name);
    if (host == hosts.end())
      host = hosts.insert(hosts.end(), {.name = each.name.lower(), .identifiers = {}});
    auto& known = host->identifiers;
    if (std::ranges::find(known, each.text) == known.end()) known.push_back(each.text);
  }
  return hosts;
}

Result<Delegation> delegation_to(const Provider& row, const std::string& given_id, const Host& host,
                                 const ZoneChoice& zone) {
  const bool is_text = row.type == RecordType::txt;
  const std::string id = is_text ? given_id : lower_case(given_id);
  if (id.empty() && wants_id(row)) return Error{row.id + " needs an --id: " + row.id_hint};
  if (!id.empty() && !wants_id(row)) return Error{row.id + " takes no --id"};
  const Result<Name> owner = name_of(row.owner_form, host, id);
  if (!owner) return Error{owner.error()};
  Result<ZonePart> part = part_for(*owner, host, zone);
  if (!part) return Error{part.error()};
  if (is_text) return text_record(row, *owner, id, host, std::move(part).value());
  const Result<Name> target = target_of(row, *owner, host, id);
  if (!target) return Error{target.error()};
  Delegation made = with_first_part(row, host, std::move(part).value());
  auto& records = made.parts.front().records;
  records.push_back(dns::make_target(*owner, row.type, kDelegationTtl, *target));
  if (row.twin_owner.empty()) return made;
  const Result<Name> twin_owner = name_of(row.twin_owner, host, id);
  const Result<Name> twin_target = name_of(row.twin_target, host, id);
  if (!twin_owner) return Error{twin_owner.error()};
  if (!twin_target) return Error{twin_target.error()};
  records.push_back(dns::make_target(*twin_owner, row.type, kDelegationTtl, *twin_target));
  return made;
}

Result<Delegation> delegation_as_shown(const Provider& row, const Name& owner, const Name& target,
                                       const Host& host, const ZoneChoice& zone) {
  if (row.type == RecordType::txt) return Error{row.id + " has TXT records, so no --target"};
  if (!owner.is_within(host.name))
    return Error{owner.prose() + " does not lie below " + host.name.prose()};
  if (!fit(row, owner.lower(), target.lower()))
    return Error{"a record from " + owner.prose() + " to " + target.prose() + " is none of " +
                 row.id + "; copy both names as its console shows them"};
  Result<ZonePart> part = part_for(owner, host, zone);
  if (!part) return Error{part.error()};
  Delegation made = with_first_part(row, host, std::move(part).value());
  made.parts.front().records.push_back(
      dns::make_target(owner.lower(), row.type, kDelegationTtl, target.lower()));
  return made;
}

Result<Delegation> delegation_by_ns(const std::vector<ServerHost>& servers, const Host& host,
                                    const ZoneChoice& zone) {
  const Result<Name> apex = host.name.child("_acme-challenge");
  if (!apex) return Error{apex.error()};
  if (const std::string fault = address_fault(*apex, servers); !fault.empty()) return Error{fault};
  Result<ZonePart> above = part_for(*apex, host, zone);
  if (!above) return Error{above.error()};
  ZonePart part = std::move(above).value();
  add_servers(*apex, servers, part);
  return Delegation{.provider = "",
                    .title = "name servers of one's own",
                    .identifiers = host.identifiers,
                    .parts = {std::move(part), token_zone(*apex, servers)}};
}

Result<Delegation> delegation_by(const std::string& title, const dns::Record& record,
                                 const Host& host, const ZoneChoice& zone) {
  Result<ZonePart> part = part_for(record.owner, host, zone);
  if (!part) return Error{part.error()};
  Delegation made{.provider = "",
                  .title = title,
                  .identifiers = host.identifiers,
                  .parts = {std::move(part).value()}};
  made.parts.front().records.push_back(record);
  return made;
}

Result<ZonePart> instance_part(const Name& apex, const std::vector<ServerHost>& servers) {
  if (const std::string fault = address_fault(apex, servers); !fault.empty()) return Error{fault};
  const Name above = dns::registrable_domain(apex);
  if (above == apex) return Error{"the zone " + apex.prose() + " is delegated by its registry"};
  ZonePart part{.zone = above, .assumed = true, .theirs = false, .records = {}};
  add_servers(apex, servers, part);
  return part;
}

bool has_forms(const Provider& row) {
  return !row.retired && !row.owner_form.empty();
}

bool wants_id(const Provider& row) {
  return (row.target_form + row.owner_form + row.twin_target).find("{id}") != std::string::npos;
}

bool can_be_published(const Provider& row) {
  return has_forms(row) || (!row.retired && !row.method.empty() && row.type != RecordType::txt);
}

std::string name_within(const Name& owner, const Name& zone) {
  if (owner == zone) return "@";
  if (!owner.is_below(zone)) return owner.text();
  std::vector<std::string> labels = owner.labels();
  labels.resize(labels.size() - zone.label_count());
  return Name::from_labels(std::move(labels)).value().prose();
}

}  // namespace dcv::rules
