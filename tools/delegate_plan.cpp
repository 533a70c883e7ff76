// Reads what the options of dcv-delegate name: providers, servers, zones.
#include "delegate_plan.h"

#include <algorithm>

#include "rules/near.h"
#include "run.h"

namespace dcv::tools {
namespace {

using rules::Delegation;
using rules::Host;
using rules::ServerHost;

Result<dns::Name> name_of(const std::string& option, const std::string& text) {
  Result<dns::Name> name = dns::parse_owner(text);
  if (!name) return Error{option + ": " + name.error()};
  return name->lower();
}

// "ADDRESS" of the only server, or "HOST=ADDRESS" of one of them.
std::string add_address(const Options& options, const std::string& text,
                        std::vector<ServerHost>& servers) {
  const std::size_t equals = text.find('=');
  const bool named = equals != std::string::npos;
  if (!named && servers.size() != 1)
    return "--address: there are several servers, so say whose " + text + " is: HOST=" + text;
  const std::string literal = named ? text.substr(equals + 1) : text;
  const Result<dns::IpAddress> address = dns::IpAddress::parse(literal);
  if (!address) return "--address: " + address.error();
  const std::string_view purpose = address->special_purpose();
  if (!purpose.empty() && !options.settings.allow_private)
    return "--address: " + address->text() + " is for " + std::string(purpose) +
           ", so no CA reaches a server there (--allow-private takes it all the same)";
  auto server = servers.begin();
  if (named) {
    const Result<dns::Name> host = name_of("--address", text.substr(0, equals));
    if (!host) return host.error();
    server = std::ranges::find(servers, *host, &ServerHost::name);
    if (server == servers.end()) return "--address: " + host->prose() + " is no --nameserver";
  }
  server->addresses.push_back(*address);
  return "";
}

// Those of --nameserver with their addresses; `otherwise` where none is named.
Result<std::vector<ServerHost>> servers_of(const Options& options,
                                           const std::optional<dns::Name>& otherwise) {
  std::vector<ServerHost> servers;
  for (const std::string& text : options.delegate.name_servers) {
    const Result<dns::Name> host = name_of("--nameserver", text);
    if (!host) return Error{host.error()};
    if (std::ranges::find(servers, *host, &ServerHost::name) == servers.end())
      servers.push_back({*host, {}});
  }
  if (servers.empty() && otherwise) servers.push_back({*otherwise, {}});
  for (const std::string& text : options.delegate.addresses) {
    const std::string fault = add_address(options, text, servers);
    if (!fault.empty()) return Error{fault};
  }
  return servers;
}

Result<const observe::Provider*> provider_named(const std::string& id,
                                                const rules::Providers& own) {
  const observe::Provider* row = rules::find_provider(id, own);
  if (row != nullptr && row->retired)
    return Error{row->id + " is not taken any more" +
                 (row->retired_since.empty() ? "" : " since " + row->retired_since)};
  if (row != nullptr && rules::can_be_published(*row)) return row;
  std::vector<std::string_view> known;
  for (const rules::Providers* table : {&own, &rules::shipped_providers()})
    for (const observe::Provider& each : *table)
      if (rules::can_be_published(each)) known.push_back(each.id);
  return Error{rules::unknown_word("provider", id, known)};
}

// What the instance of acme-dns needs besides, if its address is told.
std::string add_instance(const Options& options, Delegation& delegation) {
  const auto target = dns::as_target(delegation.parts.front().records.front());
  if (delegation.provider != "acme-dns") return "--address goes with --ns or --to acme-dns only";
  const dns::Name apex = target->parent();
  const auto servers = servers_of(options, apex);
  if (!servers) return servers.error();
  const auto part = rules::instance_part(apex, *servers);
  if (!part) return part.error();
  delegation.parts.push_back(*part);
  return "";
}

Result<Delegation> as_shown(const Options& options, const observe::Provider& row, const Host& host,
                            const rules::ZoneChoice& zone) {
  const Result<dns::Name> owner = name_of("--at", options.delegate.at);
  if (!owner) return Error{owner.error()};
  const Result<dns::Name> target = name_of("--target", options.delegate.target);
  if (!target) return Error{target.error()};
  return rules::delegation_as_shown(row, *owner, *target, host, zone);
}

Result<Delegation> delegation_of(const Options& options, const observe::Provider& row,
                                 const std::string& id, const Host& host,
                                 const rules::ZoneChoice& zone) {
  const bool shown = !options.delegate.at.empty();
  if (!shown && !rules::has_forms(row))
    return Error{row.id +
                 " shows owner and target together: give both, with --at OWNER and "
                 "--target TARGET"};
  Result<Delegation> made =
      shown ? as_shown(options, row, host, zone) : rules::delegation_to(row, id, host, zone);
  if (!made || (options.delegate.addresses.empty() && options.delegate.name_servers.empty()))
    return made;
  Delegation delegation = std::move(made).value();
  const std::string fault = add_instance(options, delegation);
  if (!fault.empty()) return Error{fault};
  return delegation;
}

// Which rows want one of the ids, in the order of --to.
Result<std::vector<std::string>> ids_for(const Options& options,
                                         const std::vector<const observe::Provider*>& rows) {
  const auto& given = options.delegate.ids;
  std::vector<std::string> ids(rows.size());
  std::size_t next = 0;
  for (std::size_t i = 0; i < rows.size() && next < given.size(); ++i) {
    const bool wants = rules::wants_id(*rows[i]) || rows.size() == 1;
    if (wants) ids[i] = given[next++];
  }
  if (next < given.size())
    return Error{"there are more --id than --to that take one: " + dns::quoted(given[next])};
  return ids;
}

Result<std::vector<Delegation>> delegations_of(const Options& options,
                                               const std::vector<Host>& hosts,
                                               const rules::Providers& own) {
  const Result<rules::ZoneChoice> zone = zone_choice(options);
  if (!zone) return Error{zone.error()};
  std::vector<const observe::Provider*> rows;
  for (const std::string& id : options.delegate.to) {
    const auto row = provider_named(id, own);
    if (!row) return Error{row.error()};
    rows.push_back(*row);
  }
  const auto ids = ids_for(options, rows);
  if (!ids) return Error{ids.error()};
  if (!options.delegate.at.empty() && hosts.size() > 1)
    return Error{"--at and --target are for one NAME and its wildcard"};
  std::vector<Delegation> all;
  for (const Host& host : hosts) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      Result<Delegation> made = delegation_of(options, *rows[i], (*ids)[i], host, *zone);
      if (!made) return Error{made.error()};
      all.push_back(std::move(made).value());
    }
  }
  return all;
}

Result<std::vector<Delegation>> own_zones(const Options& options, const std::vector<Host>& hosts) {
  const Result<rules::ZoneChoice> zone = zone_choice(options);
  if (!zone) return Error{zone.error()};
  const auto servers = servers_of(options, std::nullopt);
  if (!servers) return Error{servers.error()};
  std::vector<Delegation> all;
  for (const Host& host : hosts) {
    Result<Delegation> made = rules::delegation_by_ns(*servers, host, *zone);
    if (!made) return Error{made.error()};
    all.push_back(std::move(made).value());
  }
  return all;
}

// Of a target that was pasted in place of an id and is another host's only the id counts: said, so
// that nobody takes it for the target asked for.
void note_pasted(const Options& options, const rules::Providers& own,
                 report::DelegationForms& forms) {
  for (const std::string& id : options.delegate.ids) {
    const Result<dns::Name> pasted = dns::Name::parse(id);
    if (!pasted) continue;
    std::string hosts;
    for (const Delegation& each : forms.delegations) {
      const observe::Provider* row = rules::find_provider(each.provider, own);
      if (row == nullptr || !row->same_host || !pasted->is_below(dns::Name::of(row->suffix)))
        continue;
      if (dns::as_target(each.parts.front().records.front()) == *pasted) return;
      hosts += (hosts.empty() ? "" : ", ") + each.identifiers.front();
    }
    if (!hosts.empty())
      forms.notes.push_back(pasted->prose() + " is the target of another host than " + hosts +
                            "; only the identifier in it is taken.");
  }
}

}  // namespace

Result<rules::ZoneChoice> zone_choice(const Options& options) {
  rules::ZoneChoice choice;
  if (options.delegate.zone.empty()) return choice;
  const Result<dns::Name> zone = name_of("--zone", options.delegate.zone);
  if (!zone) return Error{zone.error()};
  choice.given = *zone;
  return choice;
}

Result<std::vector<dns::Identifier>> identifiers_of(const Options& options) {
  std::vector<dns::Identifier> identifiers;
  for (const std::string& text : options.positional) {
    Result<dns::Identifier> identifier = dns::parse_identifier(text);
    if (!identifier) return Error{identifier.error()};
    identifiers.push_back(std::move(identifier).value());
  }
  return identifiers;
}

Result<report::DelegationForms> forms_of(const Options& options, const rules::Providers& own) {
  const auto identifiers = identifiers_of(options);
  if (!identifiers) return Error{identifiers.error()};
  const std::vector<Host> hosts = rules::hosts_of(*identifiers);
  auto delegations =
      options.delegate.ns ? own_zones(options, hosts) : delegations_of(options, hosts, own);
  if (!delegations) return Error{delegations.error()};
  const std::string clash = rules::clash_of(*delegations);
  if (!clash.empty()) return Error{clash};
  report::DelegationForms forms;
  forms.notes = rules::notes_of(*delegations, own);
  forms.delegations = std::move(delegations).value();
  note_pasted(options, own, forms);
  return forms;
}

}  // namespace dcv::tools
