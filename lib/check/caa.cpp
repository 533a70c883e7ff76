// The family "caa": its rows, the order of its checks, and what the odds and the verdict ask of it.
#include "check/caa.h"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

#include "dns/public_suffix.h"
#include "observe/lookup.h"

namespace dcv::check {
namespace caa {
namespace {

constexpr std::array kCaaKinds = {
    FindingKind{.id = "caa-lookup-fails",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "The question for the CAA records of {name} brings no usable answer "
                           "from {servers}: {problem}",
                .reference = "RFC 8659 6.1",
                .since = "0.1.0"},
    FindingKind{.id = "caa-critical-unknown",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "{found_at} has a CAA record that is marked critical, but no CA knows "
                           "its tag: {record}",
                .reference = "RFC 8659 4.5",
                .since = "0.1.0"},
    FindingKind{.id = "caa-value-malformed",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "The CAA record {record} at {found_at} does not let {ca} issue: it "
                           "{fault}",
                .reference = "RFC 8659 4.2",
                .since = "0.1.0"},
    FindingKind{.id = "caa-account-differs",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "The CAA records at {found_at} let {ca} issue to another ACME account "
                           "only: {account}",
                .reference = "RFC 8657 3",
                .since = "0.1.0"},
    FindingKind{.id = "caa-method-forbids",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "The CAA records at {found_at} let {ca} issue after {methods} only, not "
                           "after {method}",
                .reference = "RFC 8657 4",
                .since = "0.1.0"},
    FindingKind{.id = "caa-wildcard-forbids",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "The issuewild records at {found_at} do not let {ca} issue a wildcard "
                           "certificate: {records}",
                .reference = "RFC 8659 4.3",
                .since = "0.1.0"},
    FindingKind{.id = "caa-forbids",
                .severity = Severity::error,
                .affects = Affects::ca,
                .message = "The CAA records at {found_at} do not let {ca} issue: {records}",
                .reference = "RFC 8659 3",
                .since = "0.1.0"},
    FindingKind{.id = "caa-differs",
                .severity = Severity::warning,
                .affects = Affects::ca,
                .message = "The servers of {zone} give different CAA records for {name}: {views}",
                .reference = "RFC 1034 4.3.5",
                .since = "0.1.0"},
    FindingKind{.id = "caa-account-restricted",
                .severity = Severity::notice,
                .affects = Affects::ca,
                .message = "The CAA records at {found_at} let {ca} issue to one ACME account only: "
                           "{account}",
                .reference = "RFC 8657 3",
                .since = "0.1.0"},
    FindingKind{.id = "caa-from-alias",
                .severity = Severity::notice,
                .affects = Affects::hygiene,
                .message = "{name} is an alias, so the CAA records of {target} count, which "
                           "somebody else decides: {records}",
                .reference = "RFC 8659 3",
                .since = "0.1.0"},
    FindingKind{.id = "caa-nxdomain-masks",
                .severity = Severity::notice,
                .affects = Affects::ca,
                .message = "Asked for CAA records, {servers} answered that {name} does not exist, "
                           "though it does",
                .reference = "RFC 8020 2",
                .since = "0.1.0"},
};

void check(const Case& test, std::vector<Finding>& findings) {
  const Climb climb = climb_of(test);
  check_replies(test, climb, findings);
  check_records(test, climb, findings);
}

}  // namespace

const FindingKind& kind(std::string_view id) {
  for (const FindingKind& each : kCaaKinds)
    if (each.id == id) return each;
  throw std::logic_error("no such row: " + std::string(id));
}

double share_of(const Case& test, const Climb& climb, std::size_t index, const View& view) {
  if (view.records.empty()) return share_from(test, climb, index + 1);
  return decide(view.records, test).permits ? 1 : 0;
}

double share_from(const Case& test, const Climb& climb, std::size_t index) {
  if (index >= climb.levels.size()) return 1;
  const Level& level = climb.levels[index];
  if (level.standing == Standing::unjudged) return 1;
  if (level.standing == Standing::fails) return failure_permits(test, level) ? 1 : 0;
  double sum = 0;
  std::size_t count = 0;
  for (const View& view : level.views) {
    const std::size_t weight = std::max<std::size_t>(view.shown.size(), 1);
    sum += static_cast<double>(weight) * share_of(test, climb, index, view);
    count += weight;
  }
  return sum / static_cast<double>(count);
}

double permitting_share(const Case& test) {
  return share_from(test, climb_of(test), 0);
}

bool is_undecided(const Case& test) {
  const Climb climb = climb_of(test);
  return climb.decisive && climb.levels[*climb.decisive].standing == Standing::unjudged;
}

std::string prose(const dns::Name& name) {
  return name.lower().prose();
}

std::string text(const dns::Caa& record) {
  return std::to_string(record.flags) + " " + dns::escape(record.tag, " ") + " " +
         dns::quoted(record.value);
}

std::string text(const std::vector<dns::Caa>& records) {
  std::string all;
  for (const dns::Caa& record : records) all += (all.empty() ? "" : ", ") + text(record);
  return all.empty() ? "none" : all;
}

std::string servers_text(const Exchanges& exchanges) {
  std::set<dns::Name> names;
  for (const observe::Exchange* exchange : exchanges) names.insert(exchange->server);
  std::vector<std::string> all;
  for (const dns::Name& name : names) all.push_back(prose(name));
  return all.empty() ? "" : joined(all);
}

std::vector<Evidence> evidence(const Case& test, const Exchanges& exchanges) {
  std::vector<Evidence> list;
  for (const observe::Exchange* exchange : exchanges) list.push_back(evidence_of(test, *exchange));
  return list;
}

Exchanges alias_replies(const Case& test, const Level& level) {
  Exchanges replies;
  for (const observe::Step& step : level.level->steps) {
    if (&step == level.last) break;
    for (const observe::Exchange* exchange :
         test.select({.zone = &step.zone, .name = &step.name, .purpose = observe::Purpose::caa})) {
      const auto hop = exchange->reply ? dns::alias_at(*exchange->reply, step.name) : std::nullopt;
      if (!hop || hop->target != step.target) continue;
      replies.push_back(exchange);
      break;
    }
  }
  return replies;
}

std::string line(const dns::Name& owner, std::uint32_t ttl, const dns::Caa& record) {
  return owner.lower().text() + " " + std::to_string(ttl) + " IN CAA " + text(record);
}

bool is_own(const Case& test, const Level& level) {
  const observe::Zone* zone = observe::find_zone(test.observation, level.last->zone);
  const dns::Name domain = dns::registrable_domain(test.target.caa.front().name);
  return zone != nullptr && zone->probed && level.last->name.is_within(domain);
}

// Whatever wildcard makes a name on the way makes the random one beside the proof, too.
bool may_be_wildcard(const Case& test, const Level& level) {
  const dns::Name& name = level.last->name;
  if (name == level.last->zone || !test.target.validation_name.is_within(name)) return false;
  const auto controls = test.select({.purpose = observe::Purpose::control});
  return std::ranges::any_of(controls, [&](const observe::Exchange* control) {
    return control->question.name.parent() == test.target.validation_name.parent() &&
           control->reply && dns::is_useful(*control->kind) &&
           control->reply->rcode != dns::Rcode::nxdomain;
  });
}

const Level* level_to_publish_at(const Case& test, const Climb& climb, std::size_t index) {
  while (index-- > 0) {
    const Level& level = climb.levels[index];
    const bool plain = level.level->steps.size() == 1 && level.standing == Standing::answered;
    if (plain && is_own(test, level)) return &level;
  }
  return nullptr;
}

std::string suggested_identity(const observe::CaProfile& ca) {
  return ca.identities.empty() ? "" : ca.identities.front();
}

Remedy publish(const Case& test, const Level& level, std::string_view tag, std::uint32_t ttl) {
  const std::string identity = suggested_identity(test.profile);
  if (identity.empty())
    return {"Add a CAA " + std::string(tag) + " record that names your CA at " +
                prose(level.last->name) + " to the zone " + prose(level.last->zone) + ".",
            {}};
  const std::string record = line(level.last->name, ttl, {0, std::string(tag), identity});
  return {"Add the record " + record + " to the zone " + prose(level.last->zone) + ".",
          {{level.last->zone.lower().text(), "", {}, {record}}}};
}

}  // namespace caa

const Family kCaaFamily{"caa", caa::kCaaKinds, caa::check};

}  // namespace dcv::check
