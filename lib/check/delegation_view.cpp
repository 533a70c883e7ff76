// One zone seen through its servers: how each address fares. Finds nothing by itself.
#include <algorithm>
#include <functional>
#include <set>

#include "check/delegation.h"
#include "check/path.h"

namespace dcv::check::delegation {
namespace {

using observe::Exchange;
using observe::Outcome;
using observe::Purpose;

bool family_answered(const observe::Observation& observation, bool v4) {
  return std::any_of(observation.exchanges.begin(), observation.exchanges.end(),
                     [&](const Exchange& exchange) {
                       return exchange.address.is_v4() == v4 && exchange.outcome == Outcome::reply;
                     });
}

// What is known of the two address families on this machine.
struct Families {
  bool v4_answered = false, v6_answered = false;
  bool v6_works = true;

  bool answered(const dns::IpAddress& address) const {
    return address.is_v4() ? v4_answered : v6_answered;
  }
};

bool is_silent(const Exchange& exchange, const Families& families) {
  if (exchange.outcome == Outcome::unreachable) return families.answered(exchange.address);
  return observe::blames_server(exchange);
}

bool is_garbled(const Exchange& exchange) {
  return exchange.outcome == Outcome::malformed ||
         (exchange.outcome != Outcome::reply && exchange.mismatched > 0);
}

// The TCP sample of the proof tells of TCP when it fails, not of the server.
bool is_proof(const Exchange& exchange) {
  return exchange.purpose == Purpose::proof || exchange.purpose == Purpose::proof_again ||
         (exchange.purpose == Purpose::proof_tcp && exchange.outcome == Outcome::reply);
}

bool is_about_apex(const Exchange& exchange) {
  return exchange.purpose == Purpose::zone_soa || exchange.purpose == Purpose::zone_ns ||
         (exchange.purpose == Purpose::owner_soa && exchange.question.name == exchange.zone);
}

Standing standing_of(const Exchange& exchange, const Families& families) {
  if (exchange.kind) {
    if (*exchange.kind == dns::ReplyKind::wrong_zone) return Standing::wrong_zone;
    if (*exchange.kind == dns::ReplyKind::not_authoritative) return Standing::not_authoritative;
    const bool lame = dns::is_lame(*exchange.kind) && !overlong_dname(exchange);
    return lame ? Standing::lame : Standing::good;
  }
  if (is_garbled(exchange)) return Standing::garbled;
  if (exchange.outcome == Outcome::not_asked) return Standing::unjudged;
  if (exchange.truncated) return Standing::cut_short;
  return is_silent(exchange, families) ? Standing::silent : Standing::unjudged;
}

// Sets the view's standing to the first of `order` that one of the exchanges has.
bool settle(const Exchanges& exchanges, const std::vector<Standing>& order,
            const Families& families, AddressView& view) {
  for (const Standing wanted : order) {
    for (const Exchange* exchange : exchanges)
      if (standing_of(*exchange, families) == wanted) view.shown.push_back(exchange);
    if (view.shown.empty()) continue;
    view.standing = wanted;
    return true;
  }
  return false;
}

// What the address was asked, as a server of the zone, about its apex and the names on the way.
Exchanges asked_at(const Case& test, const observe::Zone& zone, const dns::IpAddress& address) {
  std::set<dns::Name> names{zone.apex};
  for (const observe::Step& step : test.target.steps) names.insert(step.name);
  Exchanges asked;
  for (const dns::Name& name : names) {
    const Exchanges about = test.select(
        {.zone = &zone.apex, .name = &name, .purpose = std::nullopt, .address = &address});
    asked.insert(asked.end(), about.begin(), about.end());
  }
  std::sort(asked.begin(), asked.end(), std::less<>());  // as sent
  return asked;
}

AddressView view_of_address(const Case& test, const observe::Zone& zone,
                            const observe::ServerAddress& at, const Families& families) {
  AddressView view{at.server, at.address, Standing::unjudged, {}};
  if (at.address.is_v6() && !families.v6_works) return view;
  Exchanges proof, apex;
  for (const Exchange* exchange : asked_at(test, zone, at.address)) {
    if (is_proof(*exchange)) proof.push_back(exchange);
    if (is_about_apex(*exchange)) apex.push_back(exchange);
  }
  using enum Standing;
  Exchanges both = proof;
  both.insert(both.end(), apex.begin(), apex.end());
  // A server that answers most questions well but not the proof's is of no use to a CA. One that
  // answers the proof well need not know more.
  if (settle(both, {wrong_zone}, families, view)) return view;
  if (settle(proof, {lame, good, not_authoritative, garbled, cut_short, silent}, families, view))
    return view;
  settle(apex, {good, not_authoritative, lame, garbled, cut_short, silent}, families, view);
  return view;
}

}  // namespace

ZoneView view_of(const Case& test, const observe::Zone& zone) {
  const Families families{family_answered(test.observation, true),
                          family_answered(test.observation, false), test.overview.ipv6_works};
  ZoneView view{test, zone, {}};
  for (const observe::ServerAddress& at : observe::addresses_of(zone))
    view.addresses.push_back(view_of_address(test, zone, at, families));
  return view;
}

bool is_usable(Standing standing) {
  return standing == Standing::good || standing == Standing::not_authoritative;
}

bool has_answered(Standing standing) {
  return standing != Standing::silent && standing != Standing::unjudged;
}

std::vector<AddressView> of_server(const ZoneView& view, const observe::NameServer& server) {
  std::vector<AddressView> found;
  for (const AddressView& each : view.addresses)
    if (each.server->name == server.name) found.push_back(each);
  return found;
}

std::vector<AddressView> with_standing(const std::vector<AddressView>& addresses,
                                       Standing standing) {
  std::vector<AddressView> found;
  for (const AddressView& each : addresses)
    if (each.standing == standing) found.push_back(each);
  return found;
}

bool all_judged_are(const ZoneView& view, const observe::NameServer& server, Standing standing) {
  bool one = false;
  for (const AddressView& each : of_server(view, server)) {
    if (each.standing == Standing::unjudged) continue;
    if (each.standing != standing) return false;
    one = true;
  }
  return one;
}

bool has_address(const observe::NameServer& server) {
  return !server.glue.empty() || !server.addresses.empty();
}

Exchanges referrals(const ZoneView& view) {
  Exchanges found;
  for (const observe::ExchangeId id : view.zone.delegation)
    if (id < view.test.observation.exchanges.size())
      found.push_back(&view.test.observation.exchanges[id]);
  return found;
}

Exchanges apex_ns_replies(const ZoneView& view) {
  Exchanges found;
  for (const Exchange* exchange : view.test.select({.zone = &view.zone.apex,
                                  .name = nullptr,
                                  .purpose = Purpose::zone_ns,
                                  .address = nullptr}))
    if (exchange->kind == dns::ReplyKind::answer) found.push_back(exchange);
  return found;
}

Exchanges address_exchanges(const ZoneView& view, const dns::Name& host) {
  return view.test.select(
      {.zone = nullptr, .name = &host, .purpose = Purpose::address, .address = nullptr});
}

}  // namespace dcv::check::delegation
