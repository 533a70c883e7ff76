// The full walk: the addresses of name servers' hosts, and of others.
#include <algorithm>

#include "resolve/limits.h"
#include "resolve/survey.h"

namespace dcv::resolve {

using dns::Name;
using dns::RecordType;
using observe::HostState;

// The two look-ups (A and AAAA) of one host, for one zone.
struct Survey::HostLookup {
  ZoneState* zone = nullptr;
  Name host;
  int pending = 2;
  int depth = 0;
  std::vector<dns::IpAddress> addresses;
  std::optional<Name> alias_target;
  std::set<Descent::End> ends;
};

void Survey::add_address(ZoneState& state, const KnownAddress& address) {
  const observe::Settings& settings = plan_.settings;
  if (!(address.address.is_v4() ? settings.ipv4 : settings.ipv6)) return;
  const auto same = [&](const KnownAddress& other) {
    return other.address == address.address && other.server == address.server;
  };
  if (std::any_of(state.addresses.begin(), state.addresses.end(), same)) return;
  state.addresses.push_back(address);
  if (state.zone.probed) {
    probe_zone(state, address);
    const std::vector<std::shared_ptr<Visit>> visits = state.visits;
    for (const std::shared_ptr<Visit>& visit : visits) probe_visit(state, address, visit);
  }
  wake(state);
}

void Survey::wake(ZoneState& state) {
  const std::vector<std::shared_ptr<Descent>> waiting = std::move(state.waiting);
  state.waiting.clear();
  for (const std::shared_ptr<Descent>& descent : waiting) descent->resume();
}

void Survey::look_up_hosts(ZoneState& state) {
  if (state.zone.apex.is_root()) return;
  std::vector<Name> hosts;
  for (const observe::NameServer& server : state.zone.servers) hosts.push_back(server.name);
  for (const Name& host : hosts) {
    if (state.hosts_looked_up.contains(host)) continue;
    if (state.hosts_looked_up.size() == kHostLookupsPerZone)
      return limit_reached("look-ups of name-server hosts of one zone: " +
                           std::to_string(kHostLookupsPerZone));
    state.hosts_looked_up.insert(host);
    look_up_host(state, host);
  }
}

void Survey::look_up_host(ZoneState& state, const Name& host) {
  if (state.nest >= kHostLookupDepth)
    return limit_reached(
        "name servers found through name servers: " + std::to_string(kHostLookupDepth) + " deep");
  if (host_lookups_ == kHostLookups)
    return limit_reached("look-ups of name-server hosts: " + std::to_string(kHostLookups));
  ++host_lookups_;
  ++state.lookups_pending;
  auto lookup = std::make_shared<HostLookup>();
  lookup->zone = &state;
  lookup->host = host;
  lookup->depth = state.depth;
  look_up_host_type(lookup, host, RecordType::a, 0, state.depth);
  look_up_host_type(lookup, host, RecordType::aaaa, 0, state.depth);
}

void Survey::look_up_host_type(std::shared_ptr<HostLookup> lookup, const Name& name,
                               RecordType type, int hops, int depth) {
  Descent::Goal goal;
  goal.name = name;
  goal.type = type;
  goal.nest = lookup->zone->nest + 1;
  Descent::start(*this, goal, depth, [=, this](const Descent::Outcome& outcome) {
    lookup->depth = std::max(lookup->depth, outcome.depth);
    if (outcome.end == Descent::End::alias) {
      const auto hop = dns::alias_at(*asker_[outcome.exchange].reply, name);
      if (hop && hops == 0) lookup->alias_target = hop->target;
      if (hop && hops < kHostLookupDepth)
        return look_up_host_type(lookup, hop->target, type, hops + 1, outcome.depth);
    }
    if (outcome.end == Descent::End::answer) {
      for (const dns::Record& record : asker_[outcome.exchange].reply->answer) {
        const std::optional<dns::IpAddress> address = dns::as_address(record);
        if (!address || record.type != type) continue;
        if (lookup->addresses.size() == kAddressesPerServer) {
          too_many_addresses();
          break;
        }
        lookup->addresses.push_back(*address);
      }
    }
    lookup->ends.insert(outcome.end);
    if (--lookup->pending == 0) finish_host(*lookup);
  });
}

void Survey::finish_host(const HostLookup& lookup) {
  ZoneState& state = *lookup.zone;
  observe::NameServer& server = state.server(lookup.host);
  server.addresses = lookup.addresses;
  std::sort(server.addresses.begin(), server.addresses.end());
  server.alias_target = lookup.alias_target;
  const auto ended = [&](Descent::End end) { return lookup.ends.contains(end); };
  if (lookup.alias_target) {
    server.state = HostState::alias;
  } else if (!lookup.addresses.empty()) {
    server.state = HostState::found;
  } else if (ended(Descent::End::nxdomain)) {
    server.state = HostState::nxdomain;
  } else if (ended(Descent::End::failed) || ended(Descent::End::circular)) {
    server.state = !server.glue.empty()            ? HostState::glue_only
                   : ended(Descent::End::circular) ? HostState::circular
                                                   : HostState::unresolved;
  } else {
    server.state = HostState::nodata;
  }
  --state.lookups_pending;
  const std::vector<dns::IpAddress> addresses = server.addresses;
  for (const dns::IpAddress& address : addresses)
    add_address(state, {lookup.host, address, lookup.depth});
  if (state.lookups_pending == 0) wake(state);
}

std::vector<dns::IpAddress> Survey::addresses_of(const Name& host) const {
  std::set<dns::IpAddress> found;
  std::vector<Name> names = {host};  // and where its aliases lead
  for (std::size_t i = 0; i < names.size() && names.size() <= kAliases; ++i) {
    const Name name = names[i];
    for (const observe::Exchange& exchange : asker_.exchanges()) {
      const RecordType type = exchange.question.type;
      const bool asks = type == RecordType::a || type == RecordType::aaaa;
      if (!asks || !exchange.reply || exchange.question.name != name) continue;
      if (const auto hop = dns::alias_at(*exchange.reply, name)) {
        const bool known = std::find(names.begin(), names.end(), hop->target) != names.end();
        if (!known) names.push_back(hop->target);
      }
      for (const dns::Record& record : exchange.reply->answer)
        if (record.owner == name && record.type == type)
          if (const auto address = dns::as_address(record)) found.insert(*address);
    }
  }
  return {found.begin(), found.end()};
}

}  // namespace dcv::resolve
