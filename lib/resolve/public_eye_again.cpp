// One more look at the authorities, for those who wait: the same questions at the same addresses.
#include <algorithm>
#include <set>

#include "observe/lookup.h"
#include "observe/sight.h"
#include "resolve/asker.h"
#include "resolve/public_eye.h"
#include "resolve/steps.h"

namespace dcv::resolve {
namespace {

using dns::Name;
using observe::Exchange;
using observe::ExchangeId;
using observe::Observation;
using observe::Purpose;
using observe::Step;
using observe::StepEnd;
using observe::Target;

// What the targets' walks went through.
struct Way {
  std::set<Name> names, zones;
};

Way way_of(const Observation& observation) {
  Way way;
  for (const Target& target : observation.targets) {
    for (const Step& step : target.steps) {
      way.names.insert(step.name);
      way.zones.insert(step.zone);
    }
  }
  return way;
}

bool is_asked_again(const Exchange& exchange, const Way& way) {
  if (exchange.purpose == Purpose::proof) return way.names.contains(exchange.question.name);
  return exchange.purpose == Purpose::zone_soa && way.zones.contains(exchange.zone);
}

// Samples of what is asked again would tell of another time.
bool is_outdated(const Exchange& exchange, const Way& way) {
  const bool sample =
      exchange.purpose == Purpose::proof_again || exchange.purpose == Purpose::proof_tcp;
  return sample && way.names.contains(exchange.question.name);
}

void drop_outdated(Observation& observation, const Way& way) {
  std::vector<Exchange> kept;
  std::vector<ExchangeId> new_ids;
  for (Exchange& exchange : observation.exchanges) {
    new_ids.push_back(kept.size());
    if (!is_outdated(exchange, way)) kept.push_back(std::move(exchange));
  }
  for (observe::Zone& zone : observation.zones)
    for (ExchangeId& id : zone.delegation) id = new_ids[id];
  observation.exchanges = std::move(kept);
  observation.ca_answers.clear();
}

net::Query query_like(const Exchange& exchange) {
  net::Query query;
  query.purpose = exchange.purpose;
  query.zone = exchange.zone;
  query.server = exchange.server;
  query.address = exchange.address;
  query.question = exchange.question;
  return query;
}

void ask_again(Observation& observation, net::Transport& transport, const Way& way,
               double started) {
  Asker asker(transport);
  for (Exchange& exchange : observation.exchanges) {
    if (!is_asked_again(exchange, way)) continue;
    asker.ask(query_like(exchange), [&asker, &exchange, started](ExchangeId id) {
      exchange = asker[id];
      exchange.sent_at += started;
    });
  }
  transport.run();
}

// A server that referred to a zone may be silent now.
void keep_referrals(Observation& observation) {
  for (observe::Zone& zone : observation.zones)
    std::erase_if(zone.delegation, [&](ExchangeId id) {
      return observation.exchanges[id].kind != dns::ReplyKind::referral;
    });
}

bool leads_the_same_way(const std::vector<Step>& before, const std::vector<Step>& after) {
  const auto same = [](const Step& a, const Step& b) {
    const bool lost = b.end == StepEnd::no_usable_reply && a.end != StepEnd::no_usable_reply;
    return a.name == b.name && a.zone == b.zone && a.target == b.target && !lost;
  };
  return std::equal(before.begin(), before.end(), after.begin(), after.end(), same);
}

// The zone's servers refer to another one now, in which the walk has not been; or the walk never
// came as far as to servers that could be asked again.
bool must_walk(const observe::Index& exchanges, const Step& step) {
  observe::Selection selection;
  selection.zone = &step.zone;
  selection.name = &step.name;
  selection.purpose = Purpose::proof;
  const std::vector<const Exchange*> found = exchanges.select(selection);
  return found.empty() || std::any_of(found.begin(), found.end(), [](const Exchange* exchange) {
           return exchange->kind == dns::ReplyKind::referral;
         });
}

}  // namespace

bool look_again(Observation& observation, net::Transport& transport, double now) {
  const Way way = way_of(observation);
  const int sent_before = transport.sent();
  const double began = transport.elapsed();
  drop_outdated(observation, way);
  ask_again(observation, transport, way, now - observation.started_at - began);
  keep_referrals(observation);
  observation.now = now;
  observation.stats.queries += transport.sent() - sent_before;
  observation.stats.seconds += transport.elapsed() - began;
  for (const std::string& limit : transport.limits_reached()) {
    auto& limits = observation.stats.limits;
    if (std::find(limits.begin(), limits.end(), limit) == limits.end()) limits.push_back(limit);
  }

  const observe::Index exchanges(observation);
  bool same_way = true;
  for (Target& target : observation.targets) {
    std::vector<Step> steps =
        steps_to_proof(observation, exchanges, target.validation_name, target.type);
    same_way = same_way && leads_the_same_way(target.steps, steps);
    for (const Step& step : steps) same_way = same_way && !must_walk(exchanges, step);
    target.steps = std::move(steps);
  }
  return same_way;
}

}  // namespace dcv::resolve
