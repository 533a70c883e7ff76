// Reads numbers off an observation, without a word on whether they are good.
#include "check/measures.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "check/vote.h"
#include "dns/dnssec.h"
#include "observe/lookup.h"

namespace dcv::check {
namespace {

template <typename Compare>
void keep(std::optional<double>& best, double value, Compare is_better) {
  if (!best || is_better(value, *best)) best = value;
}

void keep_least(std::optional<double>& best, double value) {
  keep(best, value, std::less<>());
}

void keep_most(std::optional<double>& best, double value) {
  keep(best, value, std::greater<>());
}

void count_addresses(const Case& test, Measures& measures) {
  const observe::Step& last = test.target.steps.back();
  const observe::Zone* zone = observe::find_zone(test.observation, last.zone);
  if (zone == nullptr) return;
  std::map<dns::IpAddress, bool> heard;  // right each time
  for (const Vote& vote : votes(test, last, *zone))
    heard.try_emplace(vote.exchange->address, true).first->second &= vote.right;
  std::set<dns::IpAddress> asked;
  for (const observe::Exchange* each :
       test.select({.zone = &last.zone, .name = &last.name, .purpose = observe::Purpose::proof})) {
    if (each->outcome == observe::Outcome::not_asked) continue;
    asked.insert(each->address);
    if (each->reply) keep_most(measures.slowest_reply, each->duration);
  }
  for (const auto& [address, right] : heard) ++(right ? measures.right : measures.wrong);
  for (const dns::IpAddress& address : asked) measures.unusable += heard.contains(address) ? 0 : 1;
  const int all = measures.right + measures.wrong + measures.unusable;
  if (all > 0) measures.agreement = static_cast<double>(measures.right) / all;
}

void read_ttls(const Case& test, Measures& measures) {
  for (const observe::Step& step : test.target.steps)
    for (const observe::Exchange* each :
         test.select({.zone = &step.zone, .name = &step.name, .purpose = observe::Purpose::proof}))
      if (each->kind == dns::ReplyKind::answer || each->kind == dns::ReplyKind::alias)
        for (const dns::Record& record : each->reply->answer)
          if (record.owner == step.name && record.type != dns::RecordType::rrsig)
            keep_most(measures.longest_ttl, record.ttl);
  const dns::Name& apex = test.target.steps.back().zone;
  for (const observe::Exchange* each :
       test.select({.zone = &apex, .purpose = observe::Purpose::zone_soa})) {
    if (!each->reply) continue;
    for (const dns::Record& record : each->reply->answer)
      if (const auto soa = dns::as_soa(record))
        keep_most(measures.negative_ttl, std::min(record.ttl, soa->minimum));
  }
}

// Of several signatures over a set, the one that lasts longest counts.
void read_signatures(const Case& test, const observe::Exchange& exchange, Measures& measures) {
  const double now = test.observation.now;
  std::map<std::pair<std::string, dns::RecordType>, double> ends;
  for (const auto* section : {&exchange.reply->answer, &exchange.reply->authority}) {
    for (const dns::Record& record : *section) {
      const auto rrsig = dns::as_rrsig(record);
      if (!rrsig || rrsig->signer != exchange.zone) continue;
      double& end = ends[{record.owner.lower().wire(), rrsig->covered}];
      end = std::max(end, dns::date_near(rrsig->expiration, now));
    }
  }
  for (const auto& [set, end] : ends) keep_least(measures.signature_end, end);
}

bool is_probed(const Case& test, const dns::Name& apex) {
  const observe::Zone* zone = observe::find_zone(test.observation, apex);
  return zone != nullptr && zone->probed;
}

}  // namespace

Measures measures_of(const Case& test) {
  Measures measures;
  if (test.target.steps.empty()) return measures;
  count_addresses(test, measures);
  const auto aliases = std::ranges::count_if(
      test.target.steps, [](const observe::Step& step) { return step.target.has_value(); });
  const bool is_told = measures.right + measures.wrong > 0;
  if (aliases > 0 || is_told) measures.aliases = static_cast<int>(aliases);
  read_ttls(test, measures);
  std::set<dns::Name> zones;
  for (const observe::Step& step : test.target.steps)
    for (const observe::Zone* zone : observe::probed_path(test.observation, step.zone))
      zones.insert(zone->apex);
  for (const dns::Name& apex : zones) {
    if (!is_probed(test, apex)) continue;
    for (const observe::Exchange* each : test.select({.zone = &apex}))
      if (each->reply) read_signatures(test, *each, measures);
  }
  return measures;
}

}  // namespace dcv::check
