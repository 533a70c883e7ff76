// The full walk: reaching names and following what servers say of them.
#include "resolve/survey.h"

#include <algorithm>
#include <span>

#include "dns/public_suffix.h"
#include "observe/sight.h"
#include "resolve/control_label.h"
#include "resolve/limits.h"
#include "resolve/steps.h"
#include "rules/method.h"
#include "rules/token_shape.h"

namespace dcv::resolve {

using dns::Name;
using dns::RecordType;
using dns::ReplyKind;
using observe::ExchangeId;
using observe::Purpose;

namespace {

// Addresses and mail exchangers: a CA's resolver asks for them, but they are no proof, of which
// every copy counts.
bool is_light(const PlannedTarget& target) {
  const rules::Proof proof = rules::proof_of(rules::method_of(target.method));
  return proof == rules::Proof::web || proof == rules::Proof::mail;
}

bool has_glue(const observe::NameServer& server, const dns::IpAddress& address) {
  return std::find(server.glue.begin(), server.glue.end(), address) != server.glue.end();
}

}  // namespace

Survey::Survey(const Plan& plan, net::Transport& transport)
    : plan_(plan), transport_(transport), asker_(transport), control_label_(random_label()) {
  ZoneState& root = zones_.add(Name(), Name());
  for (const observe::NameServer& hint : plan.root_hints) {
    observe::NameServer& server = root.server(hint.name);
    server.in_parent = true;
    server.glue = hint.glue;
  }
  // One of each family at once, of two servers, so that every run learns whether both work here.
  const std::size_t count = plan.root_hints.size();
  for (std::size_t i = 0; i < count; ++i) {
    for (const bool ipv4 : {true, false}) {
      const observe::NameServer& hint = plan.root_hints[ipv4 ? i : (i + 1) % count];
      for (const dns::IpAddress& address : hint.glue) {
        if (address.is_v4() == ipv4) add_address(root, {hint.name, address, 0});
      }
    }
  }
}

void Survey::start() {
  for (const PlannedTarget& target : plan_.targets) {
    Result<std::vector<dns::Question>> places = places_of(target);
    if (!places) continue;
    Visit visit;
    visit.first = !is_light(target);
    visit.light = is_light(target);
    visit.type = places->front().type;
    approach(places->front().name, visit);
    if (plan_.caa) climb(target.identifier);
    targets_.push_back({&target, std::move(places).value()});
  }
  for (const Wanted& wanted : targets_) {
    for (const dns::Question& place : std::span(wanted.places).subspan(1)) {
      Visit visit;
      visit.light = true;
      visit.type = place.type;
      approach(place.name, visit);
    }
  }
}

void Survey::look_for(const dns::Question& question) {
  Visit visit;
  visit.light = true;
  visit.type = question.type;
  approach(question.name, visit);
}

// CAA at every label up to the top-level domain, all at once (RFC 8659 3; Boulder asks so too).
// Two servers of a registry suffice for its own label.
void Survey::climb(const dns::Identifier& identifier) {
  for (Name name = identifier.name; !name.is_root(); name = name.parent()) {
    if (dns::is_registry(name)) {
      light_question(name, RecordType::caa, Purpose::caa, 0);
      continue;
    }
    Visit visit;
    visit.type = RecordType::caa;
    visit.purpose = Purpose::caa;
    approach(name, visit);
  }
}

void Survey::approach(const Name& name, const Visit& visit_as) {
  Visit next = visit_as;
  next.name = name;
  if (!approached_.insert({name, next.type, next.purpose}).second && !next.first) return;
  if (next.hops > 0 && ++alias_targets_ > kAliasTargets)
    return limit_reached("names reached through aliases: " + std::to_string(kAliasTargets));
  if (const ZoneState* known = zones_.topmost_within(dns::registrable_domain(name), name))
    return visit(known->zone.apex, next);
  Descent::Goal goal;
  goal.name = name;
  goal.purpose = Purpose::delegation;
  goal.only_to_zone = true;
  Descent::start(*this, goal, next.depth, [this, next](const Descent::Outcome& outcome) {
    if (outcome.end != Descent::End::zone) return;
    Visit reached = next;
    reached.depth = std::max(reached.depth, outcome.depth);
    visit(outcome.zone, reached);
  });
}

void Survey::visit(const Name& apex, Visit visit) {
  ZoneState& state = zones_.at(apex);
  const auto same = [&](const auto& other) {
    return other->name == visit.name && other->type == visit.type &&
           other->purpose == visit.purpose;
  };
  const auto before = std::find_if(state.visits.begin(), state.visits.end(), same);
  if (before != state.visits.end()) {
    (*before)->first = (*before)->first || visit.first;
    (*before)->light = (*before)->light && visit.light;
    return;
  }
  state.visits.push_back(std::make_shared<Visit>(std::move(visit)));
  const std::shared_ptr<Visit> added = state.visits.back();
  if (!state.zone.probed) state.depth = std::max(state.depth, added->depth);
  make_probed(state);
  const std::vector<KnownAddress> addresses = state.addresses;
  for (const KnownAddress& address : addresses) probe_visit(state, address, added);
}

void Survey::on_visit(ExchangeId id, ZoneState& state, const KnownAddress& address,
                      const std::shared_ptr<Visit>& visit) {
  const observe::Exchange& exchange = asker_[id];
  if (!exchange.reply) return;
  const ReplyKind kind = *exchange.kind;
  if (kind == ReplyKind::referral) {
    const Name child = *dns::referral_target(*exchange.reply);
    take_referral(id, state.zone.apex, state.nest);
    return visit_below(child, *visit, exchange.depth);
  }
  if (take_hidden_cut(id, state, address, *visit)) return;
  const bool has_data = dns::is_useful(kind) || kind == ReplyKind::not_authoritative;
  if (!has_data) return;
  const std::optional<dns::AliasHop> hop = hop_in(*exchange.reply, *visit);
  if (hop) {
    look_for_twin(*hop, *visit, exchange.depth);
    follow(*hop, *visit, state.zone.apex, exchange.depth);
  }
  follow_mail(exchange);
  if (visit->purpose != Purpose::proof || visit->light) return;
  probe_more(state, address, *visit, hop ? ReplyKind::alias : kind, exchange.truncated,
             exchange.depth);
  const bool absent = !hop && kind != ReplyKind::answer && kind != ReplyKind::not_authoritative;
  const bool may_stray = visit->type == RecordType::txt || visit->type == RecordType::cname;
  if (absent && may_stray) suspect(state, address, *visit, exchange.depth);
}

// A CNAME that is asked for as the proof leads on only where its target is no token: ACM follows
// aliases to the one that it gave out.
std::optional<dns::AliasHop> Survey::hop_in(const dns::Message& reply, const Visit& visit) const {
  const std::optional<dns::AliasHop> hop = dns::alias_at(reply, visit.name);
  if (!hop || dns::follows_aliases(visit.type)) return hop;
  if (visit.type != RecordType::cname || visit.purpose != Purpose::proof) return std::nullopt;
  const std::string target = hop->target.lower().text();
  const bool is_wanted = std::ranges::any_of(plan_.targets, [&](const PlannedTarget& each) {
    return std::ranges::any_of(each.expected, [&](const std::string& value) {
      return observe::value_expected(value, RecordType::cname) == target;
    });
  });
  if (is_wanted || rules::any_token_form(RecordType::cname, target)) return std::nullopt;
  return hop;
}

void Survey::follow(const dns::AliasHop& hop, const Visit& from, const Name& zone, int depth) {
  if (from.hops == kAliases)
    return limit_reached("aliases in one chain: " + std::to_string(kAliases));
  Visit next;
  next.type = from.type;
  next.purpose = from.purpose;
  next.light = from.light || !dns::follows_aliases(from.type);
  next.hops = from.hops + 1;
  next.depth = depth;
  next.alias_zone = zone;
  approach(hop.target, next);
}

// The same server holds the zone below as well: no referral shows the cut, but an SOA does.
bool Survey::take_hidden_cut(ExchangeId id, ZoneState& state, const KnownAddress& address,
                             const Visit& visit) {
  const observe::Exchange& exchange = asker_[id];
  const std::optional<Name> apex = dns::zone_in(*exchange.reply);
  if (!apex || !apex->is_below(state.zone.apex) || !visit.name.is_within(*apex)) return false;
  ZoneState* child = zones_.find(*apex);
  if (!child) {
    child = &zones_.add(*apex, state.zone.apex);
    child->zone.referred = false;
    child->nest = state.nest;
    child->depth = exchange.depth;
  }
  child->server(address.server);
  add_address(*child, {address.server, address.address, exchange.depth});
  ask_ds(*child, exchange);
  visit_below(*apex, visit, exchange.depth);
  return true;
}

void Survey::visit_below(const Name& child, const Visit& from, int depth) {
  if (from.cuts == kZoneCutsPerName)
    return limit_reached("zone cuts on the way to one name: " + std::to_string(kZoneCutsPerName));
  Visit below = from;
  below.cuts = from.cuts + 1;
  below.depth = depth;
  below.suspicions = 0;
  visit(child, below);
}

void Survey::take_referral(ExchangeId id, const Name& parent, int nest) {
  const observe::Exchange& exchange = asker_[id];
  const std::optional<Delegation> delegation = delegation_in(*exchange.reply, parent);
  if (!delegation) return;
  ZoneState* child = zones_.find(delegation->apex);
  if (!child) {
    child = &zones_.add(delegation->apex, parent);
    child->nest = nest;
    child->depth = exchange.depth;
  }
  if (delegation->more_servers) too_many_servers();
  if (delegation->more_addresses) too_many_addresses();
  child->zone.referred = true;
  const auto& known = child->zone.delegation;
  const bool is_new = std::find(known.begin(), known.end(), id) == known.end();
  if (is_new) child->zone.delegation.push_back(id);
  for (const observe::NameServer& told : delegation->servers) take_server(*child, told);
  for (const bool ipv4 : {true, false}) {
    for (const observe::NameServer& told : delegation->servers) {
      const observe::NameServer* server = child->server_told(told.name);
      for (const dns::IpAddress& address : told.glue) {
        if (address.is_v4() == ipv4 && server && has_glue(*server, address))
          add_address(*child, {told.name, address, exchange.depth});
      }
    }
  }
  if (child->zone.probed) look_up_hosts(*child);
  if (child->keys_asked && is_new) ask_ds(*child, exchange);
}

// As far as there is room: the parent's servers may each tell of others.
void Survey::take_server(ZoneState& state, const observe::NameServer& told) {
  observe::NameServer* server = state.server_told(told.name);
  if (!server) return too_many_servers();
  server->in_parent = true;
  for (const dns::IpAddress& address : told.glue) {
    if (has_glue(*server, address)) continue;
    if (server->glue.size() == kAddressesPerServer) {
      too_many_addresses();
      break;
    }
    server->glue.push_back(address);
  }
  std::sort(server->glue.begin(), server->glue.end());
}

void Survey::on_apex_servers(ExchangeId id, ZoneState& state) {
  const observe::Exchange& exchange = asker_[id];
  if (exchange.kind != ReplyKind::answer) return;
  for (const dns::Record& record : exchange.reply->answer) {
    const std::optional<Name> host = dns::as_target(record);
    if (record.type != RecordType::ns || record.owner != state.zone.apex || !host) continue;
    observe::NameServer* server = state.server_told(*host);
    if (!server) {
      too_many_servers();
      break;
    }
    server->in_child = true;
  }
  look_up_hosts(state);
}

void Survey::limit_reached(const std::string& words) {
  if (std::find(limits_.begin(), limits_.end(), words) == limits_.end()) limits_.push_back(words);
}

void Survey::too_many_servers() {
  limit_reached("name servers of one zone: " + std::to_string(kNameServersPerZone));
}

void Survey::too_many_addresses() {
  limit_reached("addresses of one name server: " + std::to_string(kAddressesPerServer));
}

bool Survey::release_stuck() {
  std::vector<std::shared_ptr<Descent>> stuck;
  for (auto& [apex, state] : zones_.all()) {
    std::move(state.waiting.begin(), state.waiting.end(), std::back_inserter(stuck));
    state.waiting.clear();
  }
  for (const std::shared_ptr<Descent>& descent : stuck) descent->give_up();
  return !stuck.empty();
}

observe::Target Survey::seen(const Wanted& wanted, const observe::Observation& so_far,
                             const observe::Index& exchanges) const {
  const PlannedTarget& plan = *wanted.plan;
  observe::Target target;
  target.identifier = plan.identifier.text;
  target.method = plan.method;
  target.profile = plan.profile;
  target.expected = plan.expected;
  target.csr_key = plan.csr_key;
  target.delegation = plan.delegation;
  target.previous_csr_key = plan.previous_csr_key;
  target.csr_other_names = plan.csr_other_names;
  target.validation_name = wanted.places.front().name;
  target.type = wanted.places.front().type;
  target.steps = steps_to_proof(so_far, exchanges, target.validation_name, target.type);
  for (const dns::Question& place : std::span(wanted.places).subspan(1))
    target.others.push_back(
        {place.name, place.type, steps_to_proof(so_far, exchanges, place.name, place.type)});
  if (plan_.caa) target.caa = caa_levels(so_far, exchanges, plan.identifier.name);
  add_mail_places(target, so_far, exchanges);
  return target;
}

observe::Observation Survey::finish() {
  observe::Observation result;
  result.tool_version = DCV_VERSION;
  result.started_at = plan_.started_at;
  result.now = plan_.now;
  result.settings = plan_.settings;
  result.profiles = plan_.profiles;
  result.account_uris = plan_.account_uris;
  result.providers = plan_.providers;
  result.trust_anchors = plan_.trust_anchors;
  result.exchanges = asker_.take();
  for (auto& [apex, state] : zones_.all()) result.zones.push_back(std::move(state.zone));
  std::stable_sort(result.zones.begin(), result.zones.end(), [](const auto& a, const auto& b) {
    return a.apex.label_count() < b.apex.label_count();
  });
  for (observe::Zone& zone : result.zones) {
    std::sort(zone.servers.begin(), zone.servers.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    std::sort(zone.delegation.begin(), zone.delegation.end());
  }
  const observe::Index exchanges(result);
  for (const Wanted& wanted : targets_) result.targets.push_back(seen(wanted, result, exchanges));
  result.stats.queries = transport_.sent();
  result.stats.seconds = transport_.elapsed();
  for (const observe::Exchange& exchange : result.exchanges) {
    if (exchange.outcome != observe::Outcome::not_asked)
      result.stats.round_trips = std::max(result.stats.round_trips, exchange.depth);
  }
  result.stats.limits = transport_.limits_reached();
  result.stats.limits.insert(result.stats.limits.end(), limits_.begin(), limits_.end());
  return result;
}

}  // namespace dcv::resolve
