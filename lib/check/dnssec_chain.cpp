// Walks the chain of trust from the root down, zone by zone.
#include "check/dnssec_chain.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "check/dnssec_replies.h"
#include "observe/lookup.h"

namespace dcv::check::dnssec {
namespace {

using dns::Record;
using dns::RecordType;
using observe::Exchange;
using observe::Purpose;

// More keys or DS records than this no zone needs; all pairs of them are compared (KeyTrap).
constexpr std::size_t kMostKeys = 32;

// A child's view is made after its parent's, whose servers also answer for the child's DS.
class Walk {
 public:
  explicit Walk(const Case& test) : test_(test), signatures_(test.overview.signature_clock) {}

  std::vector<ZoneView> run();

 private:
  ZoneView* view(const dns::Name& apex);
  void look_up_ds(ZoneView& view, ZoneView& parent);
  void choose_ds(ZoneView& view) const;
  void look_up_keys(ZoneView& view);
  void trust_keys_given(ZoneView& root);
  void judge_data(ZoneView& view);

  const Case& test_;
  Signatures signatures_;
  std::vector<ZoneView> views_;
};

// The steps to the proof and those to the CAA records.
std::vector<const observe::Step*> steps_of(const observe::Target& target) {
  std::vector<const observe::Step*> steps;
  for (const observe::Step& step : target.steps) steps.push_back(&step);
  for (const observe::CaaLevel& level : target.caa)
    for (const observe::Step& step : level.steps) steps.push_back(&step);
  return steps;
}

std::set<dns::Name> apexes_on_the_way(const Case& test) {
  std::set<dns::Name> apexes;
  for (const observe::Step* step : steps_of(test.target)) {
    const observe::Zone* zone = observe::find_zone(test.observation, step->zone);
    while (zone != nullptr && apexes.insert(zone->apex).second)
      zone = observe::find_zone(test.observation, zone->parent);
  }
  return apexes;
}

std::set<dns::Name> names_on_the_way(const Case& test) {
  std::set<dns::Name> names;
  for (const observe::Step* step : steps_of(test.target)) names.insert(step->name);
  return names;
}

// What the zone's servers were asked about the names, as sent.
Exchanges about(const Case& test, const dns::Name& zone, const std::set<dns::Name>& names) {
  Exchanges found;
  for (const dns::Name& name : names)
    std::ranges::copy(test.select({.zone = &zone, .name = &name}), std::back_inserter(found));
  std::ranges::sort(found);
  return found;
}

// A trust anchor may be the key itself.
bool fits(const Record& ds, const Record& key) {
  return ds.type == RecordType::dnskey ? ds.rdata == key.rdata : dns::ds_matches(ds, key);
}

bool is_supported(const Record& ds) {
  if (const auto key = dns::as_dnskey(ds)) return dns::is_supported_algorithm(key->algorithm);
  const auto view = dns::as_ds(ds);
  return view && dns::is_supported_algorithm(view->algorithm) &&
         dns::is_supported_digest(view->digest_type);
}

void add_new(std::vector<Record>& records, const std::vector<Record>& more) {
  for (const Record& record : more) {
    const auto same = [&](const Record& each) { return each.rdata == record.rdata; };
    if (std::ranges::none_of(records, same)) records.push_back(record);
  }
}

// Signatures of the zone in replies of its servers about any of the names.
void note_signatures(const Case& test, const std::set<dns::Name>& names, ZoneView& view) {
  for (const Exchange* exchange : about(test, view.zone->apex, names)) {
    if (!exchange->reply) continue;
    for (const auto* section : {&exchange->reply->answer, &exchange->reply->authority})
      for (const Record& record : *section)
        if (const auto rrsig = dns::as_rrsig(record); rrsig && rrsig->signer == view.zone->apex) {
          view.signing.insert(exchange->address);
          view.used_tags.insert(rrsig->key_tag);
        }
  }
}

std::vector<ZoneView> Walk::run() {
  const std::set<dns::Name> apexes = apexes_on_the_way(test_);
  std::set<dns::Name> names = names_on_the_way(test_);
  names.insert(apexes.begin(), apexes.end());
  for (const observe::Zone& zone : test_.observation.zones) {
    if (!apexes.contains(zone.apex)) continue;
    views_.emplace_back().zone = &zone;
    note_signatures(test_, names, views_.back());
  }
  for (ZoneView& each : views_) {
    if (each.zone->apex.is_root()) {
      each.ds = test_.observation.trust_anchors;
      choose_ds(each);
    } else if (ZoneView* parent = view(each.zone->parent); parent != nullptr) {
      if (parent->trust == Trust::insecure) each.trust = Trust::insecure;
      if (parent->trust == Trust::secure) look_up_ds(each, *parent);
    }
    if (each.trust == Trust::secure || each.fault == ChainFault::no_ds) look_up_keys(each);
    if (each.zone->apex.is_root() && each.fault == ChainFault::no_match) trust_keys_given(each);
    if (!each.keys.empty() && each.zone->probed) judge_data(each);
  }
  if (!views_.empty() && !signatures_.limit_reached().empty())
    views_.back().limits.insert(signatures_.limit_reached());
  return std::move(views_);
}

ZoneView* Walk::view(const dns::Name& apex) {
  const auto found =
      std::ranges::find_if(views_, [&](const ZoneView& each) { return each.zone->apex == apex; });
  return found == views_.end() ? nullptr : &*found;
}

// Where the DS question itself got no usable reply, the referral says it too.
Exchanges ds_exchanges(const Case& test, const observe::Zone& zone) {
  Exchanges found;
  for (const Exchange* each :
       test.select({.zone = &zone.parent, .name = &zone.apex, .purpose = Purpose::ds}))
    if (is_answer(*each) || is_denial(*each)) found.push_back(each);
  if (!found.empty()) return found;
  for (const observe::ExchangeId id : zone.delegation) {
    const Exchange& each = test.observation.exchanges[id];
    if (each.kind == dns::ReplyKind::referral) found.push_back(&each);
  }
  return found;
}

void Walk::look_up_ds(ZoneView& view, ZoneView& parent) {
  const dns::Name& apex = view.zone->apex;
  bool denied = false;
  view.ds_exchanges = ds_exchanges(test_, *view.zone);
  for (const Exchange* exchange : view.ds_exchanges) {
    ReplyJudge judge(parent, signatures_, *exchange);
    SignedSet set = set_in(exchange->reply->answer, apex, RecordType::ds, parent.zone->apex);
    if (set.records.empty())
      set = set_in(exchange->reply->authority, apex, RecordType::ds, parent.zone->apex);
    if (set.records.empty())
      denied = judge.denial(apex, RecordType::ds) || denied;
    else if (judge.record_set(set))
      add_new(view.ds, set.records);
    judge.done();
  }
  if (view.ds.size() > kMostKeys) {
    view.ds.resize(kMostKeys);
    view.limits.insert("DS records of one zone: " + std::to_string(kMostKeys));
  }
  if (!view.ds.empty()) {
    choose_ds(view);
  } else if (denied) {
    view.trust = Trust::insecure;
    view.fault = ChainFault::no_ds;
  } else if (!view.ds_exchanges.empty()) {
    view.trust = Trust::bogus;
  }
}

// A zone whose DS records nobody understands counts as unsigned (RFC 4035 5.2).
void Walk::choose_ds(ZoneView& view) const {
  if (view.ds.empty()) return;
  const bool supported = std::ranges::any_of(view.ds, is_supported);
  view.trust = supported ? Trust::secure : Trust::insecure;
  if (!supported) view.fault = ChainFault::unsupported;
}

std::vector<KeyReply> key_replies(const Case& test, const observe::Zone& zone,
                                  const std::vector<Record>& ds) {
  std::vector<KeyReply> replies;
  for (const Exchange* each :
       test.select({.zone = &zone.apex, .name = &zone.apex, .purpose = Purpose::dnskey})) {
    if (!is_answer(*each) && !is_denial(*each)) continue;
    KeyReply reply{
        each, set_in(each->reply->answer, zone.apex, RecordType::dnskey, zone.apex).records, false};
    reply.cut = reply.keys.size() > kMostKeys;
    if (reply.cut) reply.keys.resize(kMostKeys);
    for (const Record& key : reply.keys)
      for (const Record& record : ds)
        reply.matches = reply.matches || (is_supported(record) && fits(record, key));
    replies.push_back(std::move(reply));
  }
  return replies;
}

// Where the zone's servers answer other questions and not this one; where they answer none, that is
// said of them elsewhere.
Exchanges asked_in_vain(const Case& test, const observe::Zone& zone) {
  Exchanges asked;
  for (const Exchange* each :
       test.select({.zone = &zone.apex, .name = &zone.apex, .purpose = Purpose::dnskey}))
    if (each->reply || observe::blames_server(*each)) asked.push_back(each);
  const auto served = test.select({.zone = &zone.apex});
  const bool any = std::ranges::any_of(served, [](const Exchange* each) {
    return is_answer(*each) || is_denial(*each) || each->kind == dns::ReplyKind::referral;
  });
  return any ? asked : Exchanges{};
}

// Keys count when a key that a DS record names has signed them. When no server gives such a set,
// the keys that a DS record names are still good for telling what is wrong with the records.
void Walk::look_up_keys(ZoneView& view) {
  view.key_replies = key_replies(test_, *view.zone, view.ds);
  if (std::ranges::any_of(view.key_replies, &KeyReply::cut))
    view.limits.insert("keys of one zone: " + std::to_string(kMostKeys));
  if (view.trust != Trust::secure) return;
  view.trust = view.key_replies.empty() ? Trust::unknown : Trust::bogus;
  const bool any = std::ranges::any_of(view.key_replies,
                                       [](const KeyReply& each) { return !each.keys.empty(); });
  const bool match = std::ranges::any_of(view.key_replies, &KeyReply::matches);
  if (view.key_replies.empty()) {
    view.asked_for_keys = asked_in_vain(test_, *view.zone);
    if (!view.asked_for_keys.empty()) view.fault = ChainFault::no_reply;
    return;
  }
  if (!any) view.fault = ChainFault::no_key;
  if (any && !match) view.fault = ChainFault::no_match;
  if (!match) return;
  std::vector<Record> candidates;
  for (const KeyReply& reply : view.key_replies) {
    ReplyJudge judge(view, signatures_, *reply.exchange);
    const SignedSet set =
        set_in(reply.exchange->reply->answer, view.zone->apex, RecordType::dnskey, view.zone->apex);
    if (reply.keys.empty()) {
      judge.unsigned_set(view.zone->apex, RecordType::dnskey);
    } else if (reply.matches) {
      std::vector<Record> named;
      for (const Record& key : reply.keys)
        if (std::ranges::any_of(view.ds, [&](const Record& ds) { return fits(ds, key); }))
          named.push_back(key);
      if (judge.record_set(set, named)) {
        add_new(view.keys, reply.keys);
        view.trust = Trust::secure;
      }
      add_new(candidates, reply.keys);
    }
    judge.done();
  }
  if (view.keys.empty()) view.keys = std::move(candidates);
}

// Outdated anchors are ours and say nothing of the zones below: those are judged by the keys that
// the root has signed itself.
void Walk::trust_keys_given(ZoneView& root) {
  const std::vector<Record> anchors = std::exchange(root.ds, {});
  for (const KeyReply& reply : root.key_replies) add_new(root.ds, reply.keys);
  root.fault = ChainFault::none;
  root.trust = Trust::secure;
  look_up_keys(root);
  root.ds = anchors;
  root.fault = ChainFault::no_match;
}

// What the CA asks for, at every address that gave it. A name below a further cut has its data
// there.
void Walk::judge_data(ZoneView& view) {
  std::set<dns::Name> names = names_on_the_way(test_);
  std::erase_if(names, [&](const dns::Name& name) {
    return std::ranges::any_of(test_.observation.zones, [&](const observe::Zone& zone) {
      return zone.apex.is_below(view.zone->apex) && name.is_within(zone.apex);
    });
  });
  for (const Exchange* exchange : about(test_, view.zone->apex, names)) {
    if (!is_asked_by_ca(exchange->purpose)) continue;
    if (!is_answer(*exchange) && !is_denial(*exchange)) continue;
    ReplyJudge judge(view, signatures_, *exchange);
    if (is_answer(*exchange))
      judge.answer();
    else
      judge.denial(exchange->question.name, exchange->question.type);
    judge.done();
  }
}

}  // namespace

std::vector<ZoneView> chain_of(const Case& test) {
  return Walk(test).run();
}

}  // namespace dcv::check::dnssec
