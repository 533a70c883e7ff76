// Zones, their servers, and what a referral tells of them.
#include "resolve/zone_table.h"

#include <algorithm>

#include "dns/reply_kind.h"
#include "resolve/limits.h"

namespace dcv::resolve {

observe::NameServer& ZoneState::server(const dns::Name& name) {
  auto& servers = zone.servers;
  const auto found = std::find_if(servers.begin(), servers.end(),
                                  [&](const auto& server) { return server.name == name; });
  if (found != servers.end()) return *found;
  observe::NameServer added;
  added.name = name;
  servers.push_back(std::move(added));
  return servers.back();
}

observe::NameServer* ZoneState::server_told(const dns::Name& name) {
  const bool known = std::any_of(zone.servers.begin(), zone.servers.end(),
                                 [&](const auto& each) { return each.name == name; });
  return known || zone.servers.size() < kNameServersPerZone ? &server(name) : nullptr;
}

ZoneState* ZoneTable::find(const dns::Name& apex) {
  const auto found = zones_.find(apex);
  return found == zones_.end() ? nullptr : &found->second;
}

ZoneState& ZoneTable::add(const dns::Name& apex, const dns::Name& parent) {
  ZoneState& state = zones_[apex];
  state.zone.apex = apex;
  state.zone.parent = parent;
  return state;
}

ZoneState& ZoneTable::deepest_enclosing(const dns::Name& name) {
  for (dns::Name apex = name; !apex.is_root(); apex = apex.parent()) {
    if (ZoneState* state = find(apex)) return *state;
  }
  return zones_.at(dns::Name());
}

ZoneState* ZoneTable::topmost_within(const dns::Name& domain, const dns::Name& name) {
  for (std::size_t labels = domain.label_count(); labels <= name.label_count(); ++labels) {
    if (ZoneState* state = find(name.suffix(labels))) return state;
  }
  return nullptr;
}

std::optional<Delegation> delegation_in(const dns::Message& reply, const dns::Name& parent_zone) {
  const std::optional<dns::Name> apex = dns::referral_target(reply);
  if (!apex || !apex->is_below(parent_zone)) return std::nullopt;
  Delegation delegation;
  delegation.apex = *apex;
  for (const dns::Record& record : reply.authority) {
    if (record.type != dns::RecordType::ns || record.owner != *apex) continue;
    const std::optional<dns::Name> host = dns::as_target(record);
    if (!host) continue;
    if (delegation.servers.size() == kNameServersPerZone) {
      delegation.more_servers = true;
      break;
    }
    observe::NameServer server;
    server.name = *host;
    for (const dns::Record& extra : reply.additional) {
      const std::optional<dns::IpAddress> address = dns::as_address(extra);
      if (!address || extra.owner != *host || !host->is_within(parent_zone)) continue;
      if (server.glue.size() < kAddressesPerServer)
        server.glue.push_back(*address);
      else
        delegation.more_addresses = true;
    }
    std::sort(server.glue.begin(), server.glue.end());
    delegation.servers.push_back(std::move(server));
  }
  return delegation;
}

}  // namespace dcv::resolve
