// What is wrong between us and a resolver: silence, TLS, HTTPS, a blocked port, another one that
// answers in its place.
#include <algorithm>

#include "check/visibility.h"

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
  // "the certificate of … is for …, not …"
  return exchange.detail.find(" is for ") != std::string::npos ? "visibility-tls-name-wrong"
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

// Nobody outside answers over port 53, others do over TLS or HTTPS: an address that answers over
// both but port 53 shows it, or else that the authorities are silent too.
bool is_port_53_blocked(const Case& test, const std::vector<Sighting>& sightings) {
  bool silent = false, encrypted = false, same_address = false;
  for (const Sighting& each : sightings) {
    if (is_private(each)) continue;  // the way there does not lead outside
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

// The operator's servers have names of their own (a name, or "*" and its ending), and this one is
// called otherwise.
bool is_misnamed(const observe::PublicResolver& by) {
  const std::string& known = by.resolver.instance;
  if (known.empty()) return false;
  for (const Exchange& exchange : by.identity) {
    if (!exchange.reply) continue;
    for (const dns::Record& record : exchange.reply->answer) {
      const auto text = dns::as_txt(record);
      if (!text || text->empty()) continue;
      if (known.starts_with('*') ? !text->ends_with(known.substr(1)) : *text != known) return true;
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
    if (uses_port_53(each) && is_silent(each) && !each.excused && !is_private(each))
      each.id = "visibility-port-53-blocked";
}

std::vector<Impostors> intercepted(const std::vector<Sighting>& sightings) {
  std::map<std::string, std::vector<const Sighting*>> by_instance;
  std::vector<Impostors> found;
  for (const Sighting& each : sightings) {
    if (!uses_port_53(each) || is_private(each) || each.by->resolver.operator_name.empty())
      continue;
    const std::string name = instance(each);
    if (is_misnamed(*each.by))
      found.push_back({{&each},
                       "what answers is called " + dns::quoted(name) + ", " +
                           each.by->resolver.operator_name + "'s servers " +
                           each.by->resolver.instance});
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

void blame_impostors(std::vector<Sighting>& sightings) {
  std::set<const Sighting*> blamed;
  for (const Impostors& each : intercepted(sightings))
    blamed.insert(each.sightings.begin(), each.sightings.end());
  for (Sighting& each : sightings) {
    each.impostor = blamed.contains(&each);
    if (!each.impostor) continue;
    each.id = "visibility-intercepted";
    each.wait.reset();
  }
}

}  // namespace dcv::check::visibility
