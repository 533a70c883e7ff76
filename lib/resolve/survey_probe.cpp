// The full walk: what is asked of each server of a zone.
#include <algorithm>

#include "dns/identifier.h"
#include "observe/interception.h"
#include "resolve/limits.h"
#include "resolve/survey.h"
#include "resolve/suspects.h"
#include "rules/method.h"
#include "rules/providers.h"

namespace dcv::resolve {

using dns::Name;
using dns::RecordType;
using dns::ReplyKind;
using observe::ExchangeId;
using observe::Purpose;

void Survey::make_probed(ZoneState& state) {
  if (state.zone.probed) return;
  state.zone.probed = true;
  look_up_hosts(state);
  const std::vector<KnownAddress> addresses = state.addresses;
  for (const KnownAddress& address : addresses) probe_zone(state, address);
  state.keys_asked = false;
  ask_keys(state);
}

void Survey::ask(const ZoneState& state, const KnownAddress& address, Purpose purpose,
                 const dns::Question& question, int depth, Asker::Done done) {
  net::Query query;
  query.purpose = purpose;
  query.zone = state.zone.apex;
  query.server = address.server;
  query.address = address.address;
  query.question = question;
  query.tcp_only = purpose == Purpose::proof_tcp;
  query.depth = depth + 1;
  asker_.ask(std::move(query), std::move(done));
}

void Survey::probe_zone(ZoneState& state, const KnownAddress& address) {
  const int depth = std::max(address.depth, state.depth);
  ask(state, address, Purpose::zone_ns, {state.zone.apex, RecordType::ns}, depth,
      [this, &state](ExchangeId id) { on_apex_servers(id, state); });
  ask(state, address, Purpose::zone_soa, {state.zone.apex, RecordType::soa}, depth,
      [](ExchangeId) {});
  ask(state, address, Purpose::dnskey, {state.zone.apex, RecordType::dnskey}, depth,
      [](ExchangeId) {});
}

// The chain of trust: keys of the zones above, from two servers each, and DS from whoever referred
// to the zone.
void Survey::ask_keys(ZoneState& state) {
  if (state.keys_asked) return;
  state.keys_asked = true;
  if (!state.zone.probed) {
    const std::size_t count = std::min<std::size_t>(state.addresses.size(), kRegistryServersAtOnce);
    const std::vector<KnownAddress> some(
        state.addresses.begin(), state.addresses.begin() + static_cast<std::ptrdiff_t>(count));
    for (const KnownAddress& address : some)
      ask(state, address, Purpose::dnskey, {state.zone.apex, RecordType::dnskey},
          std::max(address.depth, state.depth), [](ExchangeId) {});
  }
  if (state.zone.apex.is_root()) return;
  const std::vector<ExchangeId> referrals = state.zone.delegation;
  for (const ExchangeId id : referrals) ask_ds(state, asker_[id]);
  ask_keys(zones_.at(state.zone.parent));
}

// DS of the zone from a server of its parent, which has just been asked for something else.
void Survey::ask_ds(const ZoneState& state, const observe::Exchange& asked) {
  const ZoneState& parent = zones_.at(state.zone.parent);
  ask(parent, {asked.server, asked.address, asked.depth}, Purpose::ds,
      {state.zone.apex, RecordType::ds}, asked.depth, [](ExchangeId) {});
}

void Survey::probe_visit(ZoneState& state, const KnownAddress& address,
                         std::shared_ptr<Visit> visit) {
  const dns::Question question{visit->name, visit->type};
  ask(state, address, visit->purpose, question, std::max(address.depth, visit->depth),
      [this, &state, address, visit](ExchangeId id) { on_visit(id, state, address, visit); });
}

// Second questions to a server that holds the name: samples, TCP, and what stands beside it.
void Survey::probe_more(ZoneState& state, const KnownAddress& address, const Visit& visit,
                        ReplyKind kind, bool truncated, int depth) {
  const auto ask_for = [&](Purpose purpose, const Name& name, RecordType type) {
    ask(state, address, purpose, {name, type}, depth, [](ExchangeId) {});
  };
  // Cut short, the first answer came over TCP; the sample there is another one.
  if (!truncated) ask_for(Purpose::proof_again, visit.name, visit.type);
  ask_for(Purpose::proof_tcp, visit.name, visit.type);
  const bool beside = kind == ReplyKind::answer && visit.type != RecordType::cname;
  if (beside) ask_for(Purpose::alias, visit.name, RecordType::cname);
  if (kind == ReplyKind::answer || kind == ReplyKind::alias)
    ask_for(Purpose::owner_soa, visit.name, RecordType::soa);
  if (visit.type != RecordType::txt) return;
  const Result<Name> control = visit.name.parent().child(control_label_);
  if (visit.first && control && control->is_within(state.zone.apex))
    ask_for(Purpose::control, *control, RecordType::txt);
}

// Only a value that is known can be told from the host's other TXT records.
bool Survey::expects_digest(const Visit& visit) const {
  return std::ranges::any_of(plan_.targets, [&](const PlannedTarget& each) {
    const bool digest = rules::proof_of(rules::method_of(each.method)) == rules::Proof::digest;
    return digest && !each.expected.empty() && dns::host_of(visit.name) == each.identifier.name;
  });
}

// A record that is not where it should be is often nearby, by a slip of the pen.
void Survey::suspect(ZoneState& state, const KnownAddress& address, Visit& visit, int depth) {
  if (visit.suspicions == kRegistryServersAtOnce) return;
  ++visit.suspicions;
  const auto ask_for = [&](Purpose purpose, const Name& name, RecordType type) {
    ask(state, address, purpose, {name, type}, depth, [](ExchangeId) {});
  };
  if (visit.first) {
    if (visit.type != RecordType::txt) {
      ask_for(Purpose::suspicion, visit.name, RecordType::txt);
      if (const auto bare = without_underscore(visit.name))
        ask_for(Purpose::suspicion, *bare, visit.type);
    }
    const Name host = dns::host_of(visit.name);
    if (expects_digest(visit) && host != visit.name && host.is_within(state.zone.apex))
      ask_for(Purpose::suspicion, host, RecordType::txt);
    for (const Name& name : misplaced_names(visit.name, state.zone.apex)) {
      ask_for(Purpose::suspicion, name, visit.type);
      const Result<Name> control = name.parent().child(control_label_);
      if (control) ask_for(Purpose::control, *control, visit.type);
    }
    for (const Name& name : names_of_other_accounts(visit.name, plan_.account_uris)) {
      if (name.is_within(state.zone.apex))
        ask(state, address, Purpose::suspicion, {name, RecordType::txt}, depth, [](ExchangeId) {});
    }
  }
  if (!visit.alias_zone) return;
  const std::optional<Name> meant = target_without_zone(visit.name, *visit.alias_zone);
  if (meant) light_question(*meant, RecordType::txt, Purpose::suspicion, depth);
}

// The addresses are of RFC 5737 and RFC 3849: routed nowhere. Asker sends the question once each.
// Root servers never refuse, as some resolvers do without RD.
void Survey::suspect_interception(const observe::Exchange& exchange) {
  const bool odd = exchange.zone.is_root() && exchange.kind && !dns::is_useful(*exchange.kind);
  if (!odd && !observe::is_resolver_reply(exchange)) return;
  net::Query query;
  query.purpose = Purpose::unused_address;
  query.address = dns::IpAddress::of(exchange.address.is_v4() ? "192.0.2.1" : "2001:db8::1");
  query.question = {Name(), RecordType::ns};
  query.depth = exchange.depth + 1;
  asker_.ask(std::move(query), [](ExchangeId) {});
}

// Some providers want a second record beside the delegation.
void Survey::look_for_twin(const dns::AliasHop& hop, const Visit& from, int depth) {
  if (from.hops > 0 || from.purpose != Purpose::proof || hop.dname) return;
  const auto twin = rules::twin_of(from.name, hop.target, plan_.providers);
  const bool asked =
      twin && !approached_.insert({twin->owner, twin->type, Purpose::suspicion}).second;
  if (twin && !asked) light_question(twin->owner, twin->type, Purpose::suspicion, depth);
}

void Survey::light_question(const Name& name, RecordType type, Purpose purpose, int depth) {
  Descent::Goal goal;
  goal.name = name;
  goal.type = type;
  goal.purpose = purpose;
  Descent::start(*this, goal, depth, [](const Descent::Outcome&) {});
}

}  // namespace dcv::resolve
