// Why a resolver that answers does not show what the authorities have: one cause for each view, the
// most particular first.
#include <algorithm>

#include "check/copies.h"
#include "check/visibility.h"
#include "dns/dnssec.h"
#include "observe/lookup.h"

namespace dcv::check::visibility {
namespace {

using observe::Exchange;
using observe::Purpose;
using observe::Seen;
using observe::Sight;

// Seconds. What the caches of the common resolvers keep at most.
constexpr double kUsualNegativeCap = 10800;   // BIND; Unbound and PowerDNS 3600
constexpr double kUsualPositiveCap = 604800;  // BIND; Unbound and PowerDNS 86400
constexpr std::uint32_t kStaleTtl = 30;       // RFC 8767 4

// RFC 8914
constexpr std::uint16_t kStaleAnswer = 3, kStaleDenial = 19;
constexpr std::uint16_t kFirstDnssecError = 5, kLastDnssecError = 12;
constexpr std::uint16_t kBlocked = 15, kFiltered = 17, kProhibited = 18;

struct Explanation {
  std::string_view id;
  std::string detail = {};
  std::optional<double> wait = std::nullopt;
};
using MaybeExplanation = std::optional<Explanation>;

// One sample in its surroundings.
struct View {
  const Case& test;
  const Truth& truth;
  const Sighting& sighting;
  const Sample& sample;

  const Exchange& exchange() const { return *sample.exchange; }
  const dns::Message& reply() const { return *sample.exchange->reply; }
  const Seen& seen() const { return sample.seen; }
  bool denies() const { return seen().sight == Sight::nxdomain || seen().sight == Sight::nodata; }
  bool has(std::uint16_t from, std::uint16_t to) const { return !codes(from, to).empty(); }
  std::string codes(std::uint16_t from, std::uint16_t to) const {
    std::string text;
    for (const std::uint16_t code : extended_errors(exchange()))
      if (code >= from && code <= to)
        text += (text.empty() ? "" : ", ") + dns::extended_error_text(code);
    return text;
  }
};

// Where the aliases in the reply lead.
dns::Name end_of_aliases(const View& view) {
  dns::Name name = view.exchange().question.name;
  std::set<dns::Name> met;
  while (view.exchange().question.type != dns::RecordType::cname && met.insert(name).second) {
    const auto hop = dns::alias_at(view.reply(), name);
    if (!hop) break;
    name = hop->target;
  }
  return name;
}

const observe::Step* step_at(const View& view, const dns::Name& name) {
  const auto& steps = view.test.target.steps;
  const auto found = std::ranges::find(steps, name, &observe::Step::name);
  return found == steps.end() ? nullptr : &*found;
}

bool is_data_without_validation(const Sighting& sighting) {
  return std::ranges::any_of(of(sighting, Purpose::view_unchecked), [](const Exchange* exchange) {
    const Sight sight = observe::see(*exchange, {}).sight;
    return sight == Sight::holds || sight == Sight::nxdomain || sight == Sight::nodata;
  });
}

MaybeExplanation failure(const View& view) {
  if (view.seen().sight != Sight::fails) return std::nullopt;
  const dns::Rcode rcode = view.reply().rcode;
  if (rcode == dns::Rcode::refused || rcode == dns::Rcode::notauth)
    return view.has(kBlocked, kFiltered)
               ? Explanation{"visibility-filtered", view.codes(kBlocked, kFiltered)}
               : Explanation{"visibility-resolver-refuses", dns::text(rcode)};
  if (view.has(kBlocked, kProhibited))
    return Explanation{"visibility-filtered", view.codes(kBlocked, kProhibited)};
  const std::string bogus = view.codes(kFirstDnssecError, kLastDnssecError);
  const bool unchecked = rcode == dns::Rcode::servfail && is_data_without_validation(view.sighting);
  if (!bogus.empty() || unchecked)
    return Explanation{"visibility-bogus", bogus.empty() ? dns::text(rcode) : bogus};
  const std::string more = view.codes(0, 0xffff);
  return Explanation{"visibility-resolver-fails",
                     dns::text(rcode) + (more.empty() ? "" : ", " + more)};
}

MaybeExplanation filter(const View& view) {
  if (view.has(kBlocked, kProhibited))
    return Explanation{"visibility-filtered", view.codes(kBlocked, kProhibited)};
  if (is_nowhere(view.truth, view.exchange(), view.seen()) && !is_private(view.sighting))
    return Explanation{"visibility-filtered", values_text(view.seen().values, dns::RecordType::a)};
  // Quad9 and others: a block has no SOA, a true denial has one.
  const std::string& policy = view.sighting.by->resolver.filtering;
  const bool lists_filter = !policy.empty() && policy != "none" && policy != "unsure";
  if (lists_filter && view.seen().sight == Sight::nxdomain && view.reply().authority.empty())
    return Explanation{"visibility-filtered", "NXDOMAIN without SOA, filter: " + policy};
  return std::nullopt;
}

MaybeExplanation other_world(const View& view) {
  const MaybeSign sign = split_horizon(view.test, view.truth, view.sighting);
  if (!sign) return std::nullopt;
  return Explanation{sign->id, sign->detail};
}

// The data for the name are those that every unknown name gets.
MaybeExplanation rewriting(const View& view) {
  const MaybeSign sign = rewritten_denials(view.test, view.truth, view.sighting);
  if (!sign || observe::see(*sign->shown, {}).values != view.seen().values) return std::nullopt;
  return Explanation{sign->id, sign->detail};
}

MaybeExplanation staleness(const View& view) {
  const bool told = view.has(kStaleAnswer, kStaleAnswer) || view.has(kStaleDenial, kStaleDenial);
  const bool looks_so =
      !view.denies() && view.seen().ttl == kStaleTtl && view.truth.ttl != kStaleTtl;
  if (!told && !looks_so) return std::nullopt;
  // The resolver tries again in the background once that time is over (RFC 8767 5).
  return Explanation{"visibility-stale-answer", told ? "it says so" : "its TTL is 30 s",
                     left(view.test, view.exchange(), view.seen().ttl.value_or(kStaleTtl))};
}

// Nobody has asked for the control name before, so its denial comes from a server that the resolver
// has just met, and the SOA record in it tells which copy that one has. One out of a cache would
// have been counted down.
MaybeExplanation lagging_site(const View& view) {
  const dns::Name& zone = view.test.target.steps.back().zone;
  const std::map<dns::IpAddress, Copy> copies = copies_of(view.test, zone);
  if (copies.empty()) return std::nullopt;
  for (const Exchange* exchange : of(view.sighting, Purpose::view_control)) {
    const auto record = exchange->reply ? dns::soa_record_in(*exchange->reply) : std::nullopt;
    const auto soa = record && record->owner == zone ? dns::as_soa(*record) : std::nullopt;
    if (!soa || record->ttl != view.truth.negative_ttl) continue;
    const bool older = std::ranges::all_of(copies, [&](const auto& each) {
      return is_newer_serial(each.second.soa.serial, soa->serial);
    });
    if (older)
      return Explanation{"visibility-site-lags",
                         "serial " + std::to_string(soa->serial) + " instead of " +
                             std::to_string(copies.begin()->second.soa.serial)};
  }
  return std::nullopt;
}

MaybeExplanation old_value(const View& view) {
  const double ttl = view.seen().ttl.value_or(0);
  const std::string values = values_text(view.seen().values, view.exchange().question.type);
  const bool some_authority_says_so = std::ranges::all_of(
      view.seen().values,
      [&](const std::string& value) { return view.truth.values.contains(value); });
  if (some_authority_says_so && view.truth.lacking > 0)
    return Explanation{"authority-txt-differs", values, left(view.test, view.exchange(), ttl)};
  const double cap = view.sighting.by->resolver.ttl_cap.value_or(kUsualPositiveCap);
  if (ttl <= 0 || ttl > cap) return Explanation{"visibility-other-value", values};
  return Explanation{"visibility-old-value-cached", values, left(view.test, view.exchange(), ttl)};
}

// The NSEC record that denies the name was in the cache before the name was asked for: a sibling
// that nobody ever asked for is denied with the same time left, less than a new denial has.
bool is_from_cached_nsec(const View& view, const dns::Name& name, const observe::Step& step) {
  if (dns::check_denial(view.reply(), name, view.exchange().question.type, step.zone) !=
      dns::DenialState::proven)
    return false;
  const bool has_nsec = std::ranges::any_of(view.reply().authority, [](const dns::Record& record) {
    return record.type == dns::RecordType::nsec;
  });
  if (!has_nsec || !view.seen().negative_ttl) return false;
  return std::ranges::any_of(
      of(view.sighting, Purpose::view_control), [&](const Exchange* exchange) {
        const Seen control = observe::see(*exchange, {});
        if (!control.negative_ttl || control.denied_by != view.seen().denied_by) return false;
        const auto a = *control.negative_ttl, b = *view.seen().negative_ttl;
        const bool alike = (a > b ? a - b : b - a) <= 1;
        return alike && (!view.truth.negative_ttl || a < *view.truth.negative_ttl);
      });
}

MaybeExplanation denial(const View& view) {
  const dns::Name name = end_of_aliases(view);
  const observe::Step* step = step_at(view, name);
  if (step == nullptr)  // an alias that leads elsewhere than the authorities' does
    return Explanation{"visibility-old-value-cached", "CNAME " + name.lower().text(),
                       left(view.test, view.exchange(), view.seen().ttl.value_or(0))};
  const double cap = view.sighting.by->resolver.negative_cap.value_or(kUsualNegativeCap);
  const double told =
      view.seen().negative_ttl.value_or(view.truth.negative_ttl.value_or(kUsualNegativeCap));
  const double wait = left(view.test, view.exchange(), std::min(told, cap));
  const auto& above = view.seen().denied_by;
  if (name != view.exchange().question.name && !above && view.seen().sight == Sight::nodata)
    return Explanation{"visibility-resolver-fails",
                       "its answer stops at the alias for " + name.lower().prose()};
  if (above && step->zone.is_below(*above))
    return Explanation{"visibility-parent-negative-cached", above->lower().prose(), wait};
  if (is_from_cached_nsec(view, name, *step))
    return Explanation{"visibility-denied-by-nsec", step->zone.lower().prose(), wait};
  return Explanation{"visibility-negative-cached",
                     view.seen().negative_ttl ? "" : "it does not tell how long", wait};
}

Explanation cause_of(const View& view) {
  for (const auto& cause : {failure, filter, other_world, rewriting})
    if (const MaybeExplanation found = cause(view)) return *found;
  if (!view.truth.held) return {"visibility-authority-lacks"};
  for (const auto& cause : {staleness, lagging_site})
    if (const MaybeExplanation found = cause(view)) return *found;
  return view.denies() ? *denial(view) : *old_value(view);
}

}  // namespace

void explain(const Case& test, const Truth& truth, Sighting& sighting) {
  const int samples = static_cast<int>(sighting.samples.size());
  sighting.shown = sighting.samples.front().exchange;
  if (sighting.holding == samples) return;
  for (const Sample& sample : sighting.samples) {
    if (sample.seen.sight == Sight::holds) continue;
    const Explanation cause = cause_of({test, truth, sighting, sample});
    if (sighting.id.empty()) {
      sighting.id = cause.id;
      sighting.detail = cause.detail;
      sighting.shown = sample.exchange;
      sighting.wait = cause.wait;
    } else if (sighting.wait && cause.wait) {
      sighting.wait = std::max(*sighting.wait, *cause.wait);
    }
  }
  if (sighting.holding > 0 && sighting.wait) {
    sighting.id = "visibility-caches-differ";
    sighting.detail = std::to_string(sighting.holding) + " of " + std::to_string(samples);
  }
}

}  // namespace dcv::check::visibility
