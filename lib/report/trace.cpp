// Gathers from an observation what a trace tells. Judges nothing: it repeats who said what.
#include "report/trace.h"

#include <algorithm>
#include <set>

#include "observe/sight.h"
#include "report/words.h"

namespace dcv::report {
namespace {

using observe::Exchange;
using observe::Observation;
using observe::Purpose;

constexpr std::size_t kValuesShown = 4;
constexpr std::size_t kValueBytesShown = 100;

// From the root down to `apex`; only the zones that the observation knows.
std::vector<const observe::Zone*> zone_path(const Observation& observation, const dns::Name& apex) {
  std::vector<const observe::Zone*> path;
  const observe::Zone* zone = observe::find_zone(observation, apex);
  while (zone != nullptr) {
    path.push_back(zone);
    if (!zone->apex.is_below(zone->parent)) break;
    zone = observe::find_zone(observation, zone->parent);
  }
  std::reverse(path.begin(), path.end());
  return path;
}

// The exchange with the address that tells most about it as a server of the zone.
const Exchange* best_exchange(const Observation& observation, const dns::Name& zone,
                              const dns::IpAddress& address) {
  for (const Purpose purpose : {Purpose::proof, Purpose::zone_soa, Purpose::zone_ns,
                                Purpose::delegation, Purpose::address}) {
    const auto found = observe::select(
        observation, {.zone = &zone, .name = nullptr, .purpose = purpose, .address = &address});
    if (!found.empty()) return found.front();
  }
  return nullptr;
}

ZoneView zone_view(const Observation& observation, const observe::Zone& zone) {
  ZoneView view;
  view.zone = &zone;
  std::set<dns::Name> asked;
  for (const observe::ServerAddress& each : observe::addresses_of(zone)) {
    AddressView one{each.server, each.address, best_exchange(observation, zone.apex, each.address),
                    nullptr};
    const auto tcp = observe::select(observation, {.zone = &zone.apex,
                                                   .name = nullptr,
                                                   .purpose = Purpose::proof_tcp,
                                                   .address = &each.address});
    if (!tcp.empty()) one.tcp = tcp.front();
    if (one.exchange != nullptr && one.exchange->outcome != observe::Outcome::not_asked) {
      asked.insert(each.server->name);
      view.is_heard = view.is_heard || one.exchange->reply;
      if (one.exchange->kind && dns::is_useful(*one.exchange->kind)) ++view.addresses_serving;
    }
    view.addresses.push_back(one);
  }
  view.servers_asked = asked.size();
  return view;
}

// TXT values may be any bytes; those of other types are in presentation form already.
std::string shown_value(const std::string& type, const std::string& value) {
  std::string text = value.substr(0, kValueBytesShown);
  if (type == "TXT") text = "\"" + dns::escape(text, "") + "\"";
  return value.size() > kValueBytesShown ? text + "…" : text;
}

std::string shown_data(const std::string& type, const std::vector<std::string>& values) {
  std::string text = type;
  for (std::size_t i = 0; i < std::min(values.size(), kValuesShown); ++i) {
    text += (i == 0 ? " " : ", ") + shown_value(type, values[i]);
  }
  if (values.size() > kValuesShown) {
    text += " and " + std::to_string(values.size() - kValuesShown) + " more";
  }
  return text;
}

Saying data_saying(const Exchange& exchange) {
  Saying saying;
  saying.is_data = true;
  for (const dns::Record& record : exchange.reply->answer) {
    if (record.type != exchange.question.type) continue;
    if (const auto value = observe::value_of(record)) saying.values.push_back(*value);
  }
  std::sort(saying.values.begin(), saying.values.end());
  saying.what = shown_data(dns::text(exchange.question.type), saying.values);
  return saying;
}

Saying alias_saying(const Exchange& exchange) {
  const auto hop = dns::alias_at(*exchange.reply, exchange.question.name);
  Saying saying;
  if (!hop) {
    saying.what = words(exchange);
    return saying;
  }
  saying.target = hop->target.lower();
  saying.what = hop->dname ? "DNAME at " + hop->owner.lower().prose() + " → " : "CNAME → ";
  saying.what += saying.target->prose();
  return saying;
}

Saying saying_of(const Exchange& exchange) {
  if (exchange.reply && exchange.kind == dns::ReplyKind::answer) return data_saying(exchange);
  if (exchange.reply && exchange.kind == dns::ReplyKind::alias) return alias_saying(exchange);
  Saying saying;
  saying.what = words(exchange);
  return saying;
}

// The proof question at the step's name, one exchange an address. Where the walk ended above it
// (a domain that is not registered): what that zone said of the way down.
std::vector<const Exchange*> exchanges_about(const Observation& observation,
                                             const observe::Step& step) {
  std::vector<const Exchange*> about = observe::select(
      observation,
      {.zone = &step.zone, .name = &step.name, .purpose = Purpose::proof, .address = nullptr});
  if (about.empty()) {
    for (const Exchange& exchange : observation.exchanges) {
      const bool fits = exchange.purpose == Purpose::delegation && exchange.zone == step.zone &&
                        step.name.is_within(exchange.question.name) &&
                        exchange.kind != dns::ReplyKind::referral;
      if (fits) about.push_back(&exchange);
    }
  }
  std::set<dns::IpAddress> met;
  std::erase_if(about, [&](const Exchange* each) { return !met.insert(each->address).second; });
  return about;
}

std::vector<Saying> sayings(const Observation& observation, const observe::Step& step) {
  std::vector<Saying> said;
  for (const Exchange* exchange : exchanges_about(observation, step)) {
    Saying saying = saying_of(*exchange);
    if (exchange->question.name != step.name) {
      saying.what = exchange->question.name.lower().prose() + " " + saying.what;
    }
    auto same = std::find_if(said.begin(), said.end(),
                             [&](const Saying& other) { return other.what == saying.what; });
    if (same == said.end()) same = said.insert(said.end(), std::move(saying));
    same->exchanges.push_back(exchange);
  }
  std::stable_sort(said.begin(), said.end(), [](const Saying& a, const Saying& b) {
    if (a.exchanges.size() != b.exchanges.size()) return a.exchanges.size() > b.exchanges.size();
    return a.is_data && !b.is_data;
  });
  return said;
}

std::string reply_words(const Exchange& exchange) {
  using dns::ReplyKind;
  const dns::Message& reply = *exchange.reply;
  const std::string type = dns::text(exchange.question.type);
  const auto referral = dns::referral_target(reply);
  const std::string other = referral ? referral->lower().prose() : "another zone";
  switch (*exchange.kind) {
    case ReplyKind::answer:
      return "has " + type;
    case ReplyKind::alias:
      return "alias";
    case ReplyKind::nodata:
      return "exists, but has no " + type + " record";
    case ReplyKind::nxdomain:
      return "does not exist (NXDOMAIN)";
    case ReplyKind::nodata_without_soa:
      return "exists, but has no " + type + " record (SOA is missing)";
    case ReplyKind::nxdomain_without_soa:
      return "does not exist (NXDOMAIN, SOA is missing)";
    case ReplyKind::referral:
    case ReplyKind::sideways_referral:
      return "referral to " + other;
    case ReplyKind::upward_referral:
      return "upward referral to " + other;
    case ReplyKind::wrong_zone: {
      const auto zone = dns::zone_in(reply);
      return "answers for " + (zone ? zone->lower().prose() : "another zone");
    }
    case ReplyKind::not_authoritative:
      return "not authoritative";
    default:
      return dns::text(reply.rcode);
  }
}

}  // namespace

Trace trace(const Observation& observation, const observe::Target& target) {
  Trace trace{.target = &target, .hops = {}};
  for (const observe::Step& step : target.steps) {
    Hop hop{.step = &step, .path = {}, .said = sayings(observation, step)};
    for (const observe::Zone* zone : zone_path(observation, step.zone)) {
      hop.path.push_back(zone_view(observation, *zone));
    }
    trace.hops.push_back(std::move(hop));
  }
  return trace;
}

std::string_view words(observe::StepEnd end) {
  switch (end) {
    case observe::StepEnd::alias:
      return "leads on";
    case observe::StepEnd::answer:
      return "has the record";
    case observe::StepEnd::nodata:
      return "exists, but has no such record";
    case observe::StepEnd::nxdomain:
      return "does not exist (NXDOMAIN)";
    case observe::StepEnd::no_usable_reply:
      return "no server gave a usable reply";
    case observe::StepEnd::loop:
      return "leads back to a name met before";
    case observe::StepEnd::limit:
      return "a limit ended the walk here";
  }
  return "";
}

std::string words(const Exchange& exchange) {
  switch (exchange.outcome) {
    case observe::Outcome::reply:
      return exchange.reply && exchange.kind ? reply_words(exchange) : "reply";
    case observe::Outcome::timeout:
      return "no answer";
    case observe::Outcome::refused:
      return "port closed";
    case observe::Outcome::unreachable:
      return "unreachable";
    case observe::Outcome::closed:
      return "connection closed";
    case observe::Outcome::malformed:
      return "an answer that is not DNS";
    case observe::Outcome::tls_failed:
      return "no TLS session";
    case observe::Outcome::http_failed:
      return "no DNS over HTTP";
    case observe::Outcome::not_asked:
      return "not asked";
  }
  return "";
}

}  // namespace dcv::report
