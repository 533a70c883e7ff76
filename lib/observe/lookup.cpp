// Finding zones, exchanges and addresses in an observation. Judges nothing.
#include "observe/lookup.h"

#include <algorithm>
#include <set>

namespace dcv::observe {

const Zone* find_zone(const Observation& observation, const dns::Name& apex) {
  const auto found = std::find_if(observation.zones.begin(), observation.zones.end(),
                                  [&](const Zone& zone) { return zone.apex == apex; });
  return found == observation.zones.end() ? nullptr : &*found;
}

std::vector<const Zone*> probed_path(const Observation& observation, const dns::Name& apex) {
  std::vector<const Zone*> path;
  const Zone* zone = find_zone(observation, apex);
  while (zone != nullptr && zone->probed) {
    path.push_back(zone);
    // A damaged file may name a parent that is no ancestor: no endless walk.
    if (!zone->apex.is_below(zone->parent)) break;
    zone = find_zone(observation, zone->parent);
  }
  std::reverse(path.begin(), path.end());
  return path;
}

namespace {

bool fits_otherwise(const Exchange& exchange, const Selection& selection) {
  if (selection.purpose && exchange.purpose != *selection.purpose) return false;
  if (selection.type && exchange.question.type != *selection.type) return false;
  return selection.address == nullptr || exchange.address == *selection.address;
}

}  // namespace

std::vector<const Exchange*> select(const Observation& observation, const Selection& selection) {
  std::vector<const Exchange*> found;
  for (const Exchange& exchange : observation.exchanges) {
    if (selection.zone != nullptr && exchange.zone != *selection.zone) continue;
    if (selection.name != nullptr && exchange.question.name != *selection.name) continue;
    if (fits_otherwise(exchange, selection)) found.push_back(&exchange);
  }
  return found;
}

Index::Index(const Observation& observation) {
  for (const Exchange& exchange : observation.exchanges) {
    const Entry entry{&exchange, number(exchange.zone), number(exchange.question.name)};
    all_.push_back(entry);
    of_zone_[entry.zone].push_back(entry);
    of_name_[entry.name].push_back(entry);
  }
}

std::size_t Index::number(const dns::Name& name) {
  const auto [position, is_new] = numbers_.try_emplace(name.lower().wire(), of_name_.size());
  if (is_new) {
    of_zone_.emplace_back();
    of_name_.emplace_back();
  }
  return position->second;
}

std::size_t Index::known_number(const dns::Name& name) const {
  const auto known = numbers_.find(name.lower().wire());
  return known == numbers_.end() ? 0 : known->second;
}

std::vector<const Exchange*> Index::select(const Selection& selection) const {
  const std::size_t zone = selection.zone != nullptr ? known_number(*selection.zone) : 0;
  const Entries& entries = selection.name != nullptr   ? of_name_[known_number(*selection.name)]
                           : selection.zone != nullptr ? of_zone_[zone]
                                                       : all_;
  std::vector<const Exchange*> found;
  for (const Entry& entry : entries) {
    if (selection.zone != nullptr && entry.zone != zone) continue;
    if (fits_otherwise(*entry.exchange, selection)) found.push_back(entry.exchange);
  }
  return found;
}

std::vector<ServerAddress> addresses_of(const Zone& zone) {
  std::vector<const NameServer*> servers;
  for (const NameServer& server : zone.servers) servers.push_back(&server);
  std::stable_sort(servers.begin(), servers.end(),
                   [](const NameServer* a, const NameServer* b) { return a->name < b->name; });
  std::vector<ServerAddress> found;
  for (const NameServer* server : servers) {
    std::set<dns::IpAddress> addresses(server->glue.begin(), server->glue.end());
    addresses.insert(server->addresses.begin(), server->addresses.end());
    for (const dns::IpAddress& address : addresses) found.push_back({server, address});
  }
  return found;
}

std::string label(const Exchange& exchange) {
  return label(exchange.server, exchange.address);
}

std::string label(const dns::Name& server, const dns::IpAddress& address) {
  return server.prose() + " (" + address.text() + ")";
}

}  // namespace dcv::observe
