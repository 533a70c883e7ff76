// Reads the truth of the authorities and the views of the resolvers out of an observation. Explains
// nothing.
#include <algorithm>

#include "check/visibility.h"
#include "observe/lookup.h"

namespace dcv::check::visibility {
namespace {

constexpr std::size_t kExtendedErrors = 8;  // kinds; a reply has room for thousands

using observe::Exchange;
using observe::Purpose;
using observe::Sight;

bool has_answered(const observe::Seen& seen) {
  return seen.sight != Sight::silent && seen.sight != Sight::not_asked;
}

// Resolvers may differ in the data of other types with good reason (load balancing).
bool is_the_same_everywhere(dns::RecordType type) {
  return type == dns::RecordType::txt || type == dns::RecordType::cname;
}

std::optional<std::uint32_t> negative_ttl(const Case& test) {
  std::optional<std::uint32_t> greatest;
  const dns::Name& zone = test.target.steps.back().zone;
  for (const Exchange* exchange : test.select({.zone = &zone, .purpose = Purpose::zone_soa})) {
    const auto record = exchange->reply ? dns::soa_record_in(*exchange->reply) : std::nullopt;
    const auto soa = record && record->owner == zone ? dns::as_soa(*record) : std::nullopt;
    if (soa) greatest = std::max(greatest.value_or(0), std::min(record->ttl, soa->minimum));
  }
  return greatest;
}

// Without expected values: what most of them have.
std::vector<std::string> most_frequent(const std::vector<observe::AuthoritySight>& sights) {
  std::map<std::vector<std::string>, int> counts;
  for (const observe::AuthoritySight& each : sights)
    if (!each.seen.values.empty()) ++counts[each.seen.values];
  const auto most = std::ranges::max_element(
      counts, [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == counts.end() ? std::vector<std::string>{} : most->first;
}

void note(const observe::Exchange& exchange, Truth& truth) {
  const observe::Seen seen = observe::see(exchange, truth.needed);
  if (!has_answered(seen) || seen.sight == Sight::fails) return;
  ++truth.asked;
  truth.values.insert(seen.values.begin(), seen.values.end());
  if (seen.sight == Sight::holds)
    truth.held = true;
  else
    ++truth.lacking;
  if (seen.ttl && !seen.values.empty()) truth.ttl = std::max(truth.ttl.value_or(0), *seen.ttl);
}

}  // namespace

Truth truth_of(const Case& test) {
  Truth truth;
  if (test.target.steps.empty()) return truth;
  const auto sights = observe::authorities(test.observation, test.target);
  truth.needed = test.target.expected;
  if (truth.needed.empty() && is_the_same_everywhere(test.target.type))
    truth.needed = most_frequent(sights);
  for (const observe::AuthoritySight& each : sights) note(*each.exchange, truth);
  truth.negative_ttl = negative_ttl(test);
  return truth;
}

std::vector<Sighting> sightings_of(const Case& test) {
  const Truth truth = truth_of(test);
  std::vector<Sighting> sightings;
  for (const observe::View& view : test.target.views) {
    if (view.resolver >= test.observation.resolvers.size()) continue;  // a damaged file
    Sighting sighting;
    sighting.view = &view;
    sighting.by = &test.observation.resolvers[view.resolver];
    for (const Exchange& exchange : view.exchanges) {
      if (exchange.purpose != Purpose::view && exchange.purpose != Purpose::view_again) continue;
      observe::Seen seen = observe::see(exchange, truth.needed);
      if (!has_answered(seen)) continue;
      if (is_nowhere(truth, exchange, seen)) seen.sight = Sight::other;
      sighting.holding += seen.sight == Sight::holds ? 1 : 0;
      sighting.samples.push_back({&exchange, seen});
    }
    if (sighting.answered()) explain(test, truth, sighting);
    sightings.push_back(std::move(sighting));
  }
  explain_silence(test, sightings);
  blame_impostors(sightings);
  return sightings;
}

bool is_nowhere(const Truth& truth, const Exchange& exchange, const observe::Seen& seen) {
  const dns::RecordType type = exchange.question.type;
  if (type != dns::RecordType::a && type != dns::RecordType::aaaa) return false;
  return !seen.values.empty() && std::ranges::all_of(seen.values, [&](const std::string& value) {
    const auto address = dns::IpAddress::parse(value);
    return address && !address->special_purpose().empty() && !truth.values.contains(value);
  });
}

Exchanges of(const Sighting& sighting, Purpose purpose) {
  Exchanges found;
  for (const Exchange& exchange : sighting.view->exchanges)
    if (exchange.purpose == purpose) found.push_back(&exchange);
  return found;
}

std::set<std::uint16_t> extended_errors(const Exchange& exchange) {
  std::set<std::uint16_t> codes;
  if (exchange.reply && exchange.reply->edns)
    for (const dns::ExtendedError& error : exchange.reply->edns->extended_errors())
      if (codes.size() < kExtendedErrors) codes.insert(error.code);
  return codes;
}

double left(const Case& test, const Exchange& exchange, double ttl) {
  const observe::Observation& observation = test.observation;
  const double said_at = observation.started_at + exchange.sent_at + exchange.duration;
  return std::clamp(ttl - std::max(0.0, observation.now - said_at), 0.0, ttl);
}

bool is_private(const Sighting& sighting) {
  return sighting.by->resolver.system || !sighting.by->endpoint.address.special_purpose().empty();
}

std::string instance(const Sighting& sighting) {
  for (const Exchange& exchange : sighting.by->identity) {
    if (!exchange.reply) continue;
    for (const dns::Record& record : exchange.reply->answer)
      if (const auto text = dns::as_txt(record); text && !text->empty())
        return text->substr(0, kInstanceBytes);
  }
  for (const Sample& sample : sighting.samples) {
    const auto& edns = sample.exchange->reply->edns;
    const auto nsid = edns ? edns->nsid() : std::nullopt;
    if (nsid && !nsid->empty()) return nsid->substr(0, kInstanceBytes);
  }
  return "";
}

}  // namespace dcv::check::visibility
