// What is wrong between us and a resolver, or with who answers there: silence, TLS, interception,
// another view of the domain, rewritten denials.
#include <algorithm>
#include <array>

#include "check/visibility.h"
#include "observe/lookup.h"

namespace dcv::check::visibility {
namespace {

using observe::Exchange;
using observe::Outcome;
using observe::Purpose;
using observe::Transport;

bool uses_port_53(const Sighting& sighting) {
  const observe::Endpoint& endpoint = sighting.by->endpoint;
  return endpoint.transport == Transport::udp || endpoint.transport == Transport::tcp;
}

bool is_silent(const Sighting& sighting) {
  return !sighting.answered() && sighting.shown != nullptr;
}

std::string_view id_of_silence(const Exchange& exchange) {
  if (exchange.outcome == Outcome::http_failed) return "visibility-https-failed";
  if (exchange.outcome != Outcome::tls_failed) return "visibility-resolver-silent";
  return exchange.detail.find("name") != std::string::npos ? "visibility-tls-name-wrong"
                                                           : "visibility-tls-failed";
}

std::string silence_text(const Exchange& exchange) {
  if (!exchange.detail.empty()) return dns::escape(exchange.detail, "");
  return exchange.outcome == Outcome::timeout ? "no answer in time"
                                              : std::string(observe::text(exchange.outcome));
}

// This machine has no IPv6, or none that leads to the Internet: no blame on anybody.
bool lacks_ipv6(const Case& test, const Sighting& sighting) {
  return sighting.by->endpoint.address.is_v6() &&
         (sighting.shown->outcome == Outcome::unreachable || !test.overview.ipv6_works);
}

bool authorities_answer(const Case& test) {
  return std::ranges::any_of(test.observation.exchanges,
                             [](const Exchange& each) { return each.reply.has_value(); });
}

// Nobody answers over port 53, others do over TLS or HTTPS: an address that answers over both but
// port 53 shows it, or else that the authorities are silent too.
bool is_port_53_blocked(const Case& test, const std::vector<Sighting>& sightings) {
  bool silent = false, encrypted = false, same_address = false;
  for (const Sighting& each : sightings) {
    if (uses_port_53(each)) {
      if (each.answered()) return false;
      silent = silent || is_silent(each);
      continue;
    }
    if (!each.answered()) continue;
    encrypted = true;
    same_address =
        same_address || std::ranges::any_of(sightings, [&](const Sighting& other) {
          return uses_port_53(other) && other.by->endpoint.address == each.by->endpoint.address;
        });
  }
  return silent && encrypted && (same_address || !authorities_answer(test));
}

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

// Quad9's instances are named res*.rrdns.pch.net by id.server.
bool is_no_quad9(const Sighting& sighting) {
  if (sighting.by->resolver.operator_name != "Quad9") return false;
  for (const Exchange& exchange : sighting.by->identity) {
    if (!exchange.reply) continue;
    for (const dns::Record& record : exchange.reply->answer) {
      const auto text = dns::as_txt(record);
      if (text && (!text->starts_with("res") || !text->ends_with(".rrdns.pch.net"))) return true;
    }
  }
  return false;
}

}  // namespace

void explain_silence(const Case& test, std::vector<Sighting>& sightings) {
  for (Sighting& each : sightings) {
    if (each.answered()) continue;
    const Exchanges asked = of(each, Purpose::view);
    if (asked.empty() || asked.front()->outcome == Outcome::not_asked) continue;
    each.shown = asked.front();
    each.excused = lacks_ipv6(test, each);
    if (each.excused) continue;
    each.id = id_of_silence(*each.shown);
    each.detail = silence_text(*each.shown);
  }
  if (!is_port_53_blocked(test, sightings)) return;
  for (Sighting& each : sightings)
    if (uses_port_53(each) && is_silent(each) && !each.excused)
      each.id = "visibility-port-53-blocked";
}

std::vector<Impostors> intercepted(const std::vector<Sighting>& sightings) {
  std::map<std::string, std::vector<const Sighting*>> by_instance;
  std::vector<Impostors> found;
  for (const Sighting& each : sightings) {
    if (!uses_port_53(each) || is_private(each) || each.by->resolver.operator_name.empty())
      continue;
    const std::string name = instance(each);
    if (is_no_quad9(each))
      found.push_back({{&each},
                       "id.server says " + dns::quoted(name) +
                           ", which no Quad9 server "
                           "is called"});
    else if (!name.empty())
      by_instance[name].push_back(&each);
  }
  for (auto& [name, same] : by_instance) {
    std::set<std::string> operators;
    for (const Sighting* each : same) operators.insert(each->by->resolver.operator_name);
    if (operators.size() > 1)
      found.push_back({std::move(same), "the same instance, " + dns::quoted(name) +
                                            ", answers at addresses of different operators"});
  }
  return found;
}

std::set<dns::Name> other_servers(const Case& test, const Sighting& sighting) {
  std::set<dns::Name> servers;
  for (const Exchange* exchange : of(sighting, Purpose::view_servers)) {
    const observe::Zone* zone = observe::find_zone(test.observation, exchange->question.name);
    if (!exchange->reply || zone == nullptr) continue;
    for (const dns::Record& record : exchange->reply->answer)
      if (const auto target = dns::as_target(record);
          target && record.type == dns::RecordType::ns && record.owner == zone->apex)
        servers.insert(target->lower());
    for (const observe::NameServer& server : zone->servers)
      if (servers.contains(server.name)) return {};
  }
  return is_private(sighting) || is_private_route53(servers) ? servers : std::set<dns::Name>{};
}

const Exchange* rewritten_denial(const Truth& truth, const Sighting& sighting) {
  if (truth.wildcard) return nullptr;
  for (const Exchange* exchange : of(sighting, Purpose::view_control))
    if (!observe::see(*exchange, {}).values.empty()) return exchange;
  return nullptr;
}

}  // namespace dcv::check::visibility
