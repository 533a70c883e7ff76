// The light walk's steps.
#include "resolve/descent.h"

#include <algorithm>

#include "dns/public_suffix.h"
#include "resolve/limits.h"
#include "resolve/survey.h"

namespace dcv::resolve {

using dns::ReplyKind;

void Descent::start(Survey& survey, const Goal& goal, int depth, Done done) {
  const std::shared_ptr<Descent> descent(new Descent(survey, goal, std::move(done)));
  const ZoneState& from = survey.zones().deepest_enclosing(goal.name);
  descent->enter(from.zone.apex, std::max(depth, from.depth));
}

Descent::Descent(Survey& survey, const Goal& goal, Done done)
    : survey_(survey),
      goal_(goal),
      done_(std::move(done)),
      registrable_(dns::registrable_domain(goal.name)) {}

void Descent::enter(const dns::Name& zone, int depth) {
  zone_ = zone;
  depth_ = depth;
  labels_ = zone.label_count() + 1;
  if (++cuts_ > kZoneCutsPerName) {
    survey_.limit_reached("zone cuts on the way to one name: " + std::to_string(kZoneCutsPerName));
    return finish(End::failed);
  }
  if (goal_.only_to_zone && !above_registrable()) return finish(End::zone);
  begin_question();
}

bool Descent::above_registrable() const {
  return !zone_.is_within(registrable_);
}

dns::Question Descent::question() const {
  if (undelegated_ || !above_registrable()) return {goal_.name, goal_.type};
  return {goal_.name.suffix(labels_), dns::RecordType::ns};
}

void Descent::begin_question() {
  ++stage_;
  next_ = 0;
  batch_ = kRegistryServersAtOnce;
  outstanding_ = 0;
  ask_more();
}

void Descent::ask_more() {
  ZoneState& state = survey_.zones().at(zone_);
  if (next_ == state.addresses.size()) {
    if (outstanding_ > 0) return;
    survey_.look_up_hosts(state);
  }
  if (next_ == state.addresses.size()) {  // else the look-ups found some at once
    if (state.lookups_pending == 0) return finish(End::failed);
    state.waiting.push_back(shared_from_this());
    return;
  }
  const std::size_t end = std::min(next_ + batch_, state.addresses.size());
  const int stage = stage_;
  batch_ = kRegistryServersAfterSilence;
  outstanding_ += static_cast<int>(end - next_);
  const bool is_final = undelegated_ || !above_registrable();
  std::vector<KnownAddress> chosen(state.addresses.begin() + static_cast<std::ptrdiff_t>(next_),
                                   state.addresses.begin() + static_cast<std::ptrdiff_t>(end));
  next_ = end;
  for (const KnownAddress& address : chosen) {
    net::Query query;
    query.purpose = is_final ? goal_.purpose : observe::Purpose::delegation;
    query.zone = zone_;
    query.server = address.server;
    query.address = address.address;
    query.question = question();
    query.depth = std::max(depth_, address.depth) + 1;
    if (stage != stage_) return;
    survey_.asker().ask(query, [self = shared_from_this(), zone = zone_, stage](
                                   observe::ExchangeId id) { self->on_reply(id, zone, stage); });
  }
}

void Descent::resume() {
  if (!ended_) ask_more();
}

void Descent::give_up() {
  if (!ended_) finish(End::circular);
}

void Descent::on_reply(observe::ExchangeId id, const dns::Name& zone, int stage) {
  const observe::Exchange& exchange = survey_.asker()[id];
  if (exchange.kind == ReplyKind::referral) survey_.take_referral(id, zone, goal_.nest);
  if (zone.is_root() || dns::is_registry(zone)) survey_.suspect_interception(exchange);
  if (ended_ || stage != stage_) return;
  --outstanding_;
  if (exchange.kind && dns::is_useful(*exchange.kind)) return advance(id);
  if (outstanding_ == 0) ask_more();
}

void Descent::advance(observe::ExchangeId id) {
  const observe::Exchange& exchange = survey_.asker()[id];
  depth_ = std::max(depth_, exchange.depth);
  ++stage_;
  if (exchange.kind == ReplyKind::referral)
    return enter(*dns::referral_target(*exchange.reply), depth_);
  if (!undelegated_ && above_registrable()) return advance_minimised(*exchange.kind);
  switch (*exchange.kind) {
    case ReplyKind::answer:
      return finish(End::answer, id);
    case ReplyKind::alias:
      return finish(End::alias, id);
    case ReplyKind::nxdomain:
    case ReplyKind::nxdomain_without_soa:
      return finish(End::nxdomain, id);
    default:
      return finish(End::nodata, id);
  }
}

// No cut at this label: it belongs to the registry's zone, or does not exist.
void Descent::advance_minimised(ReplyKind kind) {
  if (kind == ReplyKind::nxdomain || kind == ReplyKind::nxdomain_without_soa)
    return finish(End::nxdomain);
  if (labels_ < registrable_.label_count()) {
    ++labels_;
  } else if (dns::is_registry(zone_)) {
    return finish(End::nodata);
  } else if (goal_.only_to_zone) {
    return finish(End::zone);
  } else {
    undelegated_ = true;
  }
  begin_question();
}

void Descent::finish(End end, observe::ExchangeId id) {
  ended_ = true;
  done_({end, zone_, id, depth_});
}

}  // namespace dcv::resolve
