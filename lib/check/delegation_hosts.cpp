// Servers whose host has no address: why, and what to do about it.
#include <map>
#include <optional>

#include "check/delegation.h"
#include "check/registry.h"

namespace dcv::check::delegation {
namespace {

using observe::HostState;
using observe::NameServer;

constexpr std::size_t kHostsShown = 3;

std::string zone_text(const ZoneView& view) {
  return view.zone.apex.lower().prose();
}

// The walk waited for the host's address to find the host's address; where servers of its zone were
// asked, their silence is to blame.
bool is_circular(const ZoneView& view, const NameServer& server) {
  return server.state == HostState::circular && address_exchanges(view, server.name).empty();
}

std::string absence_text(const ZoneView& view, const NameServer& server) {
  const auto gone = unregistered(view.test, server.name);
  if (server.state == HostState::nxdomain && gone)
    return "its domain " + gone->domain.lower().prose() +
           " is not registered, a takeover risk: whoever registers it answers for the zone";
  const std::string only_glue =
      server.glue.empty() ? "" : " in its own zone, only the parent's glue has addresses";
  switch (server.state) {
    case HostState::nxdomain:
      return "the name does not exist" + only_glue;
    case HostState::nodata:
      return "the name has neither A nor AAAA records" + only_glue;
    case HostState::circular:
      if (is_circular(view, server)) return "it can only be found through itself";
      [[fallthrough]];
    default:
      return "nothing usable came on the way to it";
  }
}

// What was asked about the host; where the walk ended above it, the denial that ended it.
Exchanges look_up_of(const ZoneView& view, const NameServer& server) {
  Exchanges found = address_exchanges(view, server.name);
  if (!found.empty()) return found;
  for (const observe::Exchange& exchange : view.test.observation.exchanges)
    if (exchange.kind == dns::ReplyKind::nxdomain &&
        exchange.purpose == observe::Purpose::delegation &&
        server.name.is_within(exchange.question.name))
      found.push_back(&exchange);
  return found;
}

}  // namespace

bool lacks_address(const ZoneView& view, const NameServer& server) {
  switch (server.state) {
    case HostState::nxdomain:
    case HostState::nodata:
      return true;
    case HostState::circular:
      return !has_address(server);
    case HostState::unresolved:
      // A walk that was cut off by our own limits blames nobody.
      return !has_address(server) && view.test.observation.stats.limits.empty();
    default:
      return false;
  }
}

void report_without_address(const ZoneView& view, const NameServer& server, bool others,
                            std::vector<Finding>& found) {
  Finding finding = server_finding(view, "delegation-server-without-address", server,
                                   {{"reason", absence_text(view, server)}});
  const bool only_proof = view.zone.apex.is_within(view.test.target.validation_name);
  if (!others || (only_proof && unregistered(view.test, server.name)))
    finding.severity = Severity::error;
  add_evidence(view, look_up_of(view, server), finding);
  const std::string host = server.name.lower().prose();
  if (!server.glue.empty() && server.name.is_within(view.zone.apex)) {
    finding.remedy.action = "Add the addresses of " + host + " to the zone, as the glue has them.";
    Edit edit{view.zone.apex.lower().text(), "", {}, {}};
    for (const dns::IpAddress& each : server.glue)
      edit.add.push_back(glue_line(view, server.name, each));
    finding.remedy.edits = {edit};
  } else if (is_circular(view, server)) {
    finding.remedy.action = "List a server of " + zone_text(view) +
                            " whose address can be found without " + zone_text(view) +
                            " itself, in the zone and in " + parent_text(view) + ".";
  } else {
    finding.remedy.action = "Give " + host + " an address";
    if (others) {
      finding.remedy.action += ", or take it out of the NS sets of " + zone_text(view);
      finding.remedy.edits = edits_without(view, server);
    }
    finding.remedy.action += ".";
  }
  found.push_back(std::move(finding));
}

void report_none_has_address(const ZoneView& view, const std::vector<const NameServer*>& lacking,
                             std::vector<Finding>& found) {
  std::map<std::string, std::vector<const NameServer*>> by_reason;
  for (const NameServer* server : lacking) by_reason[absence_text(view, *server)].push_back(server);
  for (const auto& [reason, servers] : by_reason) {
    if (servers.size() == 1) {
      report_without_address(view, *servers.front(), false, found);
      continue;
    }
    std::vector<std::string> hosts;
    for (const NameServer* server : servers) hosts.push_back(server->name.lower().prose());
    if (hosts.size() > kHostsShown) {
      hosts.resize(kHostsShown);
      hosts.push_back(std::to_string(servers.size() - kHostsShown) + " more");
    }
    Finding finding = make_finding(
        kind("delegation-server-without-address"), view.zone.apex.lower().text(),
        {{"server", "each of " + joined(hosts)}, {"zone", zone_text(view)}, {"reason", reason}});
    finding.severity = Severity::error;
    for (std::size_t i = 0; i < servers.size() && i < kHostsShown; ++i)
      add_evidence(view, look_up_of(view, *servers[i]), finding);
    finding.remedy.action = "Give the servers of " + zone_text(view) +
                            " addresses, or list others in the zone and in " + parent_text(view) +
                            ".";
    found.push_back(std::move(finding));
  }
}

}  // namespace dcv::check::delegation
