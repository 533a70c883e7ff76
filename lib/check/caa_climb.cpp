// Reads the levels of the climb as a CA's resolver does.
#include "check/caa_climb.h"

#include <algorithm>
#include <map>
#include <set>

#include "check/path.h"
#include "observe/lookup.h"
#include "rules/requirements.h"

namespace dcv::check::caa {
namespace {

using dns::ReplyKind;
using observe::Exchange;
using observe::StepEnd;

bool has_records(const Exchange& exchange) {
  return std::any_of(exchange.reply->answer.begin(), exchange.reply->answer.end(),
                     [](const dns::Record& record) { return record.type == dns::RecordType::caa; });
}

// True when the CA's resolver goes on to the next server, and fails after the last one.
bool is_failure(const Exchange& exchange, const observe::CaProfile& ca) {
  if (!exchange.reply) return true;
  // Resolvers have not fallen back from silence to TCP or to plain DNS for years.
  if (exchange.udp_silent || exchange.edns == observe::EdnsSupport::dropped) return true;
  switch (*exchange.kind) {
    case ReplyKind::answer:
    case ReplyKind::alias:
    case ReplyKind::nodata:
    case ReplyKind::nxdomain:
    case ReplyKind::wrong_zone:
      return false;
    case ReplyKind::nodata_without_soa:
    case ReplyKind::nxdomain_without_soa:
      return ca.soa_required;
    case ReplyKind::not_authoritative:
      return !has_records(exchange) && !dns::soa_record_in(*exchange.reply) && ca.soa_required;
    default:
      return true;
  }
}

View view_of(const Exchange& exchange, const dns::Name& name) {
  View view;
  for (const dns::Record& record : exchange.reply->answer) {
    const auto caa = record.owner == name ? dns::as_caa(record) : std::nullopt;
    if (!caa) continue;
    view.ttl = view.records.empty() ? record.ttl : std::min(view.ttl, record.ttl);
    view.records.push_back(*caa);
  }
  const auto order = [](const dns::Caa& a, const dns::Caa& b) {
    return std::tie(a.tag, a.value, a.flags) < std::tie(b.tag, b.value, b.flags);
  };
  std::sort(view.records.begin(), view.records.end(), order);
  return view;
}

bool same_records(const View& a, const View& b) {
  return std::equal(a.records.begin(), a.records.end(), b.records.begin(), b.records.end(),
                    [](const dns::Caa& one, const dns::Caa& other) {
                      return std::tie(one.tag, one.value, one.flags) ==
                             std::tie(other.tag, other.value, other.flags);
                    });
}

void add_view(Level& level, View view, const Exchange& exchange) {
  auto same = std::find_if(level.views.begin(), level.views.end(),
                           [&](const View& each) { return same_records(each, view); });
  if (same == level.views.end()) {
    level.views.push_back(std::move(view));
    same = level.views.end() - 1;
  }
  same->shown.push_back(&exchange);
}

// What each address said at the end of the level's aliases.
void sort_replies(const Case& test, Level& level) {
  const bool ipv6 = test.overview.ipv6_works;
  const bool top = level.level->name.label_count() == 1;
  std::set<dns::IpAddress> seen;
  for (const Exchange* exchange : test.select({.zone = &level.last->zone,
                                  .name = &level.last->name,
                                  .purpose = observe::Purpose::caa})) {
    if (!exchange->reply && !observe::blames_server(*exchange)) continue;
    if (exchange->address.is_v6() && !ipv6) continue;
    if (!seen.insert(exchange->address).second) continue;
    // Boulder takes the NXDOMAIN of a top-level domain for an error.
    if (is_failure(*exchange, test.profile) ||
        (top && exchange->reply->rcode == dns::Rcode::nxdomain))
      level.failures.push_back(exchange);
    else if (*exchange->kind != ReplyKind::alias)
      add_view(level, view_of(*exchange, level.last->name), *exchange);
  }
  // Of equally frequent views one with records comes first.
  std::stable_sort(level.views.begin(), level.views.end(), [](const View& a, const View& b) {
    if (a.shown.size() != b.shown.size()) return a.shown.size() > b.shown.size();
    return !a.records.empty() && b.records.empty();
  });
}

// Without replies: what the walk learned on the way there.
Standing standing_without_replies(const Case& test, Level& level) {
  const observe::Zone* zone = observe::find_zone(test.observation, level.last->zone);
  const bool top = level.level->name.label_count() == 1;
  switch (level.last->end) {
    case StepEnd::nodata:
    case StepEnd::nxdomain:
      if (top) return Standing::unjudged;
      level.views.emplace_back();
      return Standing::answered;
    case StepEnd::no_usable_reply:
      return zone != nullptr && zone->probed ? Standing::fails : Standing::unjudged;
    default:
      return Standing::unjudged;
  }
}

Level level_of(const Case& test, const observe::CaaLevel& observed) {
  Level level;
  level.level = &observed;
  level.last = &observed.steps.back();
  const int aliases = static_cast<int>(observed.steps.size()) - 1;
  if (level.last->end == StepEnd::loop || aliases > test.profile.most_aliases) {
    level.standing = Standing::fails;
    return level;
  }
  sort_replies(test, level);
  if (!level.views.empty())
    level.standing = Standing::answered;
  else if (!level.failures.empty())
    level.standing = Standing::fails;
  else
    level.standing = standing_without_replies(test, level);
  return level;
}

bool is_known_tag(std::string_view tag) {
  constexpr std::string_view kKnown[] = {"issue", "issuewild", "iodef", "issuemail", "issuevmc"};
  return std::find(std::begin(kKnown), std::end(kKnown), tag) != std::end(kKnown);
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

// The told accounts that can be this CA's, going by the prefix of its URIs.
std::vector<std::string> accounts_at(const observe::CaProfile& ca,
                                     std::vector<std::string> accounts) {
  std::erase_if(accounts,
                [&](const std::string& each) { return !each.starts_with(ca.account_prefix); });
  return accounts;
}

// Its parent has a DS record for it, or said nothing usable when asked for one.
bool may_be_signed(const Case& test, const dns::Name& apex) {
  const auto asked = test.select({.name = &apex, .purpose = observe::Purpose::ds});
  const auto any = [&](auto... kinds) {
    return std::any_of(asked.begin(), asked.end(), [&](const Exchange* exchange) {
      return ((exchange->kind == kinds) || ...);
    });
  };
  if (any(ReplyKind::answer)) return true;
  return !asked.empty() && !any(ReplyKind::nodata, ReplyKind::nodata_without_soa);
}

// The CAA parameters bind every CA from a day on (BR 4.2.2.1 by ballot SC-098v2).
observe::CaProfile in_force(observe::CaProfile ca, double now) {
  const bool bound = now >= rules::requirements().caa_parameters_from;
  ca.honours_accounturi = ca.honours_accounturi || bound;
  ca.honours_validationmethods = ca.honours_validationmethods || bound;
  return ca;
}

}  // namespace

Climb climb_of(const Case& test) {
  Climb climb;
  for (const observe::CaaLevel& observed : test.target.caa) {
    if (observed.steps.empty()) continue;
    if (observed.name.label_count() == 1 && !test.profile.asks_top_level) continue;
    climb.levels.push_back(level_of(test, observed));
    const Level& level = climb.levels.back();
    const bool decides = level.standing != Standing::answered || level.has_records();
    if (decides && !climb.decisive) climb.decisive = climb.levels.size() - 1;
  }
  return climb;
}

Decision decide(const std::vector<dns::Caa>& records, const Case& test) {
  const int critical_bits = test.profile.critical_flag_1 ? 0x81 : 0x80;
  const bool wildcard = test.target.identifier.starts_with("*.");
  const observe::CaProfile ca = in_force(test.profile, test.observation.now);
  const Applicant applicant{ca, rules::method_of(test.target.method),
                            accounts_at(test.profile, test.observation.account_uris)};
  Decision decision;
  for (const dns::Caa& record : records) {
    const std::string tag = lower(record.tag);
    if (!is_known_tag(tag) && (record.flags & critical_bits) != 0)
      decision.critical.push_back(&record);
    decision.by_issuewild = decision.by_issuewild || (wildcard && tag == "issuewild");
  }
  for (const dns::Caa& record : records)
    if (lower(record.tag) == (decision.by_issuewild ? "issuewild" : "issue"))
      decision.relevant.push_back({&record, read_issue_value(record.value, applicant)});
  const auto lets_in = [](const Relevant& each) {
    return each.reading.match == Match::yes || each.reading.match == Match::if_account;
  };
  decision.permits = decision.critical.empty() &&
                     (decision.relevant.empty() ||
                      std::any_of(decision.relevant.begin(), decision.relevant.end(), lets_in));
  return decision;
}

bool failure_permits(const Case& test, const Level& level) {
  if (!test.profile.failure_may_permit) return false;
  const observe::Zone* zone = observe::find_zone(test.observation, level.last->zone);
  while (zone != nullptr && !zone->apex.is_root()) {
    if (!may_be_signed(test, zone->apex)) return true;
    zone = zone->apex.is_below(zone->parent) ? observe::find_zone(test.observation, zone->parent)
                                             : nullptr;
  }
  return false;
}

}  // namespace dcv::check::caa
