// The part of an observation that one target depends on. Judges nothing.
#include "check/path.h"

#include <algorithm>
#include <functional>
#include <set>

#include "observe/lookup.h"

namespace dcv::check {
namespace {

// Something came back from the address, if only a refusal.
bool is_sign_of_life(const observe::Exchange& exchange) {
  switch (exchange.outcome) {
    case observe::Outcome::timeout:
      return exchange.mismatched > 0 || exchange.truncated;
    case observe::Outcome::unreachable:
    case observe::Outcome::not_asked:
      return false;
    default:
      return true;
  }
}

}  // namespace

std::vector<const observe::Zone*> path_zones(const Case& test) {
  std::vector<const observe::Zone*> zones;
  for (const observe::Step& step : test.target.steps)
    for (const observe::Zone* zone : observe::probed_path(test.observation, step.zone))
      if (std::find(zones.begin(), zones.end(), zone) == zones.end()) zones.push_back(zone);
  return zones;
}

std::vector<const observe::Exchange*> path_exchanges(const Case& test) {
  std::vector<const observe::Exchange*> found;
  for (const observe::Zone* zone : path_zones(test))
    for (const observe::Exchange* exchange : test.select({.zone = &zone->apex})) {
      if (exchange->outcome == observe::Outcome::not_asked) continue;
      if (exchange->address.is_v4() || test.overview.ipv6_works) found.push_back(exchange);
    }
  // They point into one vector, which is in the order sent.
  std::sort(found.begin(), found.end(), std::less<>());
  return found;
}

bool ipv6_works(const observe::Observation& observation) {
  std::set<dns::Name> answer_over_ipv4;
  for (const observe::Exchange& exchange : observation.exchanges)
    if (exchange.address.is_v4() && exchange.reply) answer_over_ipv4.insert(exchange.server);
  bool in_vain = false;
  for (const observe::Exchange& exchange : observation.exchanges) {
    if (exchange.address.is_v4() || exchange.outcome == observe::Outcome::not_asked) continue;
    if (is_sign_of_life(exchange)) return true;
    // A server that is silent over IPv4 as well says nothing about our network.
    in_vain = in_vain || exchange.outcome == observe::Outcome::unreachable ||
              answer_over_ipv4.contains(exchange.server);
  }
  return !in_vain;
}

std::optional<dns::Record> overlong_dname(const observe::Exchange& exchange) {
  if (!exchange.reply || exchange.reply->rcode != dns::Rcode::yxdomain) return std::nullopt;
  for (const dns::Record& record : exchange.reply->answer)
    if (record.type == dns::RecordType::dname && exchange.question.name.is_below(record.owner))
      return record;
  return std::nullopt;
}

Overview::Overview(const observe::Observation& observation, std::optional<double> signatures_at)
    : exchanges(observation),
      ipv6_works(check::ipv6_works(observation)),
      interception(observe::interception(observation)),
      signature_clock(signatures_at.value_or(observation.now)) {}

}  // namespace dcv::check
