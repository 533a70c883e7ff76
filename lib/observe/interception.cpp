// Signs that port 53 is intercepted; see interception.h.

#include "observe/interception.h"

#include <map>
#include <set>

namespace dcv::observe {

bool is_resolver_reply(const Exchange& exchange) {
  return exchange.reply && exchange.reply->recursion_available && !exchange.reply->authoritative &&
         exchange.kind != dns::ReplyKind::referral;
}

bool Interception::is_certain() const {
  std::set<dns::Name> servers;
  for (const Exchange* exchange : roots) servers.insert(exchange->server);
  return !unused.empty() || (genuine.empty() && servers.size() > 1);
}

Interception interception(const Observation& observation) {
  Interception found;
  std::map<dns::IpAddress, const Exchange*> resolvers, authorities, nobody;
  for (const Exchange& exchange : observation.exchanges) {
    if (!exchange.reply) continue;
    if (exchange.purpose == Purpose::unused_address) {
      nobody.emplace(exchange.address, &exchange);
    } else if (exchange.zone.is_root() && is_resolver_reply(exchange)) {
      resolvers.emplace(exchange.address, &exchange);
    } else if (exchange.zone.is_root() && exchange.transport == Transport::udp) {
      authorities.emplace(exchange.address, &exchange);  // TCP is often left alone
    }
  }
  for (const auto& [address, exchange] : resolvers)
    if (!authorities.contains(address)) found.roots.push_back(exchange);
  for (const auto& [address, exchange] : nobody) found.unused.push_back(exchange);
  for (const auto& [address, exchange] : authorities) found.genuine.push_back(exchange);
  return found;
}

}  // namespace dcv::observe
