// What most servers say, name by name.
#include "resolve/steps.h"

#include <algorithm>
#include <map>
#include <set>

#include "observe/lookup.h"
#include "resolve/limits.h"

namespace dcv::resolve {
namespace {

using dns::Name;
using dns::ReplyKind;
using observe::Exchange;
using observe::Observation;
using observe::Purpose;
using observe::Step;
using observe::StepEnd;

// The deepest zone whose servers were asked about `name` for this purpose, or should have been
// since a referral leads there; null: none. Servers that hold a zone which nobody delegates to them
// may answer from it as servers of the zone above.
const observe::Zone* zone_holding(const Observation& observation, const observe::Index& exchanges,
                                  const Name& name, Purpose purpose, dns::RecordType type) {
  const observe::Zone* deepest = nullptr;
  for (const observe::Zone& zone : observation.zones) {  // parents come first
    if (!name.is_within(zone.apex)) continue;
    observe::Selection selection;
    selection.zone = &zone.apex;
    selection.name = &name;
    selection.purpose = purpose;
    selection.type = type;
    const bool delegated = zone.probed && zone.referred;
    if (delegated || !exchanges.select(selection).empty()) deepest = &zone;
  }
  return deepest;
}

// What the servers of a zone say of a name, counted by address.
struct Tally {
  int answers = 0, nodata = 0, nxdomain = 0;
  std::map<Name, int> targets;
  bool through_dname = false;
  bool cut_short = false;  // a question could not be asked any more

  int aliases() const {
    int most = 0;
    for (const auto& [target, count] : targets) most = std::max(most, count);
    return most;
  }
};

void count(const Exchange& exchange, const Name& name, Tally& tally) {
  if (exchange.outcome == observe::Outcome::not_asked) tally.cut_short = true;
  if (!exchange.reply) return;
  const dns::Message& reply = *exchange.reply;
  const bool stray = exchange.kind == ReplyKind::not_authoritative;
  if (!stray && !dns::is_useful(*exchange.kind)) return;
  if (dns::follows_aliases(exchange.question.type)) {
    if (const std::optional<dns::AliasHop> hop = dns::alias_at(reply, name)) {
      ++tally.targets[hop->target];
      tally.through_dname = tally.through_dname || hop->dname;
      return;
    }
  }
  const bool has_data = std::any_of(reply.answer.begin(), reply.answer.end(), [&](const auto& rr) {
    return rr.type == exchange.question.type && rr.owner == name;
  });
  if (has_data) {
    ++tally.answers;
  } else if (exchange.kind == ReplyKind::referral) {
    return;
  } else if (reply.rcode == dns::Rcode::nxdomain) {
    ++tally.nxdomain;
  } else if (!stray) {
    ++tally.nodata;
  }
}

void decide(const Tally& tally, Step& step) {
  const int aliases = tally.aliases();
  if (aliases > 0 && aliases >= tally.answers) {
    step.end = StepEnd::alias;
    const auto most = std::max_element(tally.targets.begin(), tally.targets.end(),
                                       [](auto& a, auto& b) { return a.second < b.second; });
    step.target = most->first;
    step.through_dname = tally.through_dname;
  } else if (tally.answers > 0) {
    step.end = StepEnd::answer;
  } else if (tally.nodata > 0 && tally.nodata >= tally.nxdomain) {
    step.end = StepEnd::nodata;
  } else if (tally.nxdomain > 0) {
    step.end = StepEnd::nxdomain;
  } else {
    step.end = tally.cut_short ? StepEnd::limit : StepEnd::no_usable_reply;
  }
}

// No zone of the registrant was found: what the registry said decides.
void decide_at_registry(const Observation& observation, const observe::Index& exchanges,
                        Step& step) {
  const observe::Zone* registry = nullptr;
  for (const observe::Zone& zone : observation.zones) {
    if (step.name.is_within(zone.apex)) registry = &zone;
  }
  step.zone = registry ? registry->apex : Name();
  observe::Selection selection;
  selection.zone = &step.zone;
  step.end = StepEnd::no_usable_reply;
  for (const Exchange* exchange : exchanges.select(selection)) {
    if (!step.name.is_within(exchange->question.name)) continue;
    if (exchange->outcome == observe::Outcome::not_asked) step.end = StepEnd::limit;
    if (exchange->kind == ReplyKind::nodata || exchange->kind == ReplyKind::nodata_without_soa)
      step.end = StepEnd::nodata;
    if (exchange->kind == ReplyKind::nxdomain ||
        exchange->kind == ReplyKind::nxdomain_without_soa) {
      step.end = StepEnd::nxdomain;
      return;
    }
  }
}

Step step_at(const Observation& observation, const observe::Index& exchanges, const Name& name,
             Purpose purpose, dns::RecordType type) {
  Step step;
  step.name = name;
  const observe::Zone* zone = zone_holding(observation, exchanges, name, purpose, type);
  if (!zone) {
    decide_at_registry(observation, exchanges, step);
    return step;
  }
  step.zone = zone->apex;
  observe::Selection selection;
  selection.zone = &step.zone;
  selection.name = &name;
  selection.purpose = purpose;
  selection.type = type;
  Tally tally;
  for (const Exchange* exchange : exchanges.select(selection)) count(*exchange, name, tally);
  decide(tally, step);
  return step;
}

// A CNAME that was asked for as the proof is an alias on the way where its target was asked for
// one too and has it.
void lead_on(const observe::Index& exchanges, Step& step) {
  const auto aliases_at = [&](const Name& name) {
    std::map<Name, int> targets;
    for (const Exchange* exchange : exchanges.select(
             {.name = &name, .purpose = Purpose::proof, .type = dns::RecordType::cname})) {
      if (!exchange->reply || !dns::is_useful(*exchange->kind)) continue;
      if (const auto hop = dns::alias_at(*exchange->reply, name)) ++targets[hop->target];
    }
    return targets;
  };
  const std::map<Name, int> targets = aliases_at(step.name);
  const auto most = std::max_element(targets.begin(), targets.end(),
                                     [](auto& a, auto& b) { return a.second < b.second; });
  if (most == targets.end() || aliases_at(most->first).empty()) return;
  step.end = StepEnd::alias;
  step.target = most->first;
}

std::vector<Step> steps_from(const Observation& observation, const observe::Index& exchanges,
                             const Name& start, Purpose purpose, dns::RecordType type) {
  std::vector<Step> steps;
  std::set<Name> seen;
  Name name = start;
  while (true) {
    seen.insert(name);
    Step step = step_at(observation, exchanges, name, purpose, type);
    if (type == dns::RecordType::cname && step.end == StepEnd::answer) lead_on(exchanges, step);
    const bool leads_on = step.end == StepEnd::alias;
    if (leads_on && seen.contains(*step.target)) {
      step.end = StepEnd::loop;
    } else if (leads_on && steps.size() == kAliases) {
      step.end = StepEnd::limit;
    }
    steps.push_back(step);
    if (steps.back().end != StepEnd::alias) return steps;
    name = *step.target;
  }
}

}  // namespace

std::vector<Step> steps_to_proof(const Observation& observation, const observe::Index& exchanges,
                                 const Name& validation_name, dns::RecordType type) {
  return steps_from(observation, exchanges, validation_name, Purpose::proof, type);
}

std::vector<observe::CaaLevel> caa_levels(const Observation& observation,
                                          const observe::Index& exchanges, const Name& name) {
  std::vector<observe::CaaLevel> levels;
  for (Name level = name; !level.is_root(); level = level.parent())
    levels.push_back(
        {level, steps_from(observation, exchanges, level, Purpose::caa, dns::RecordType::caa)});
  return levels;
}

}  // namespace dcv::resolve
