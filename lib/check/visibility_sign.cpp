// Signs that a resolver shows another world than the authorities, whether or not it holds the
// records: other name servers, data for names that do not exist, TTLs of its own.
#include <algorithm>
#include <array>

#include "check/visibility.h"
#include "observe/lookup.h"

namespace dcv::check::visibility {
namespace {

using observe::Exchange;
using observe::Purpose;

// The private zones of Route 53 show these four names to everybody inside of a VPC.
bool is_private_route53(const std::set<dns::Name>& servers) {
  constexpr std::array<std::string_view, 4> kServers = {
      "ns-0.awsdns-00.com.", "ns-512.awsdns-00.net.", "ns-1024.awsdns-00.org.",
      "ns-1536.awsdns-00.co.uk."};
  return servers.size() == kServers.size() &&
         std::ranges::all_of(kServers, [&](std::string_view name) {
           return servers.contains(dns::Name::of(name));
         });
}

// The NS set that it gives for the zone, in an answer to this question.
std::set<dns::Name> servers_in(const Exchange& exchange) {
  std::set<dns::Name> servers;
  if (!exchange.reply) return servers;
  for (const dns::Record& record : exchange.reply->answer)
    if (const auto target = dns::as_target(record);
        target && record.type == dns::RecordType::ns && record.owner == exchange.question.name)
      servers.insert(target->lower());
  return servers;
}

bool is_known(const observe::Zone& zone, const std::set<dns::Name>& servers) {
  return std::ranges::any_of(zone.servers, [&](const observe::NameServer& server) {
    return servers.contains(server.name.lower());
  });
}

// All authorities that were asked for a sibling of this name, which nobody published, deny it: no
// wildcard is at work there.
bool has_no_siblings(const Case& test, const dns::Name& name) {
  bool denied = false;
  for (const Exchange& each : test.observation.exchanges) {
    const bool same_place = each.question.name.parent() == name.parent();
    if (each.purpose != Purpose::control || !each.reply || !same_place) continue;
    if (each.reply->rcode == dns::Rcode::noerror) return false;
    denied = denied || each.reply->rcode == dns::Rcode::nxdomain;
  }
  return denied;
}

// Of a resolver that lacks the records; some forwarders only know few types. A true zone has name
// servers and a denial has the zone's SOA record. Without both, data of this
// resolver's own making stand in the zone's place; a denial from above may be an old one.
bool denies_that_it_is_a_zone(const Exchange& exchange) {
  const observe::Seen seen = observe::see(exchange, {});
  const bool denied =
      seen.sight == observe::Sight::nodata || seen.sight == observe::Sight::nxdomain;
  return denied && (!seen.denied_by || *seen.denied_by == exchange.question.name);
}

// The records are denied by a zone below that of the authorities, who know of no such zone.
MaybeSign zone_of_its_own(const Case& test, const Sighting& sighting) {
  const dns::Name& zone = test.target.steps.back().zone;
  const observe::Zone* walked = observe::find_zone(test.observation, zone);
  if (!is_private(sighting) || walked == nullptr || !walked->probed) return std::nullopt;
  for (const Sample& sample : sighting.samples) {
    const auto& denied_by = sample.seen.denied_by;
    if (!denied_by || !denied_by->is_below(zone)) continue;
    if (observe::find_zone(test.observation, *denied_by) != nullptr) continue;
    return Sign{"visibility-split-horizon",
                denied_by->lower().prose() + " is a zone of its own there", sample.exchange};
  }
  return std::nullopt;
}

}  // namespace

bool is_sign(std::string_view id) {
  return id == "visibility-split-horizon" || id == "visibility-denials-rewritten" ||
         id == "visibility-ttl-rewritten" || id == "visibility-intercepted";
}

// Of a public resolver other name servers are an old delegation, unless they are those of a VPC.
MaybeSign split_horizon(const Case& test, const Truth&, const Sighting& sighting) {
  for (const Exchange* exchange : of(sighting, Purpose::view_servers)) {
    const observe::Zone* zone = observe::find_zone(test.observation, exchange->question.name);
    const std::set<dns::Name> servers = servers_in(*exchange);
    if (zone == nullptr || is_known(*zone, servers)) continue;
    if (!is_private(sighting) && !is_private_route53(servers)) continue;
    const bool lacks = !sighting.samples.empty() && sighting.holding == 0;
    if (servers.empty() && !(lacks && denies_that_it_is_a_zone(*exchange))) continue;
    std::vector<std::string> names;
    for (const dns::Name& server : servers) names.push_back(server.prose());
    return Sign{"visibility-split-horizon",
                names.empty() ? "it has no name servers" : "its name servers are " + joined(names),
                exchange};
  }
  return zone_of_its_own(test, sighting);
}

MaybeSign rewritten_denials(const Case& test, const Truth&, const Sighting& sighting) {
  for (const Exchange* exchange : of(sighting, Purpose::view_control)) {
    const observe::Seen seen = observe::see(*exchange, {});
    if (seen.values.empty() || !has_no_siblings(test, exchange->question.name)) continue;
    return Sign{"visibility-denials-rewritten",
                exchange->question.name.lower().prose() + " has " +
                    dns::text(exchange->question.type) + " " +
                    values_text(seen.values, exchange->question.type),
                exchange};
  }
  return std::nullopt;
}

MaybeSign raised_ttl(const Case&, const Truth& truth, const Sighting& sighting) {
  if (!truth.ttl) return std::nullopt;
  for (const Sample& sample : sighting.samples)
    if (sample.seen.sight == observe::Sight::holds && sample.seen.ttl > truth.ttl)
      return Sign{
          "visibility-ttl-rewritten",
          std::to_string(*sample.seen.ttl) + " s instead of " + std::to_string(*truth.ttl) + " s",
          sample.exchange};
  return std::nullopt;
}

}  // namespace dcv::check::visibility
