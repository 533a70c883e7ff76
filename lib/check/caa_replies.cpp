// Whether the servers answer the question for CAA records at all, and all of them the same.
#include <algorithm>
#include <map>
#include <set>

#include "check/caa.h"
#include "check/path.h"
#include "dns/public_suffix.h"
#include "observe/lookup.h"

namespace dcv::check::caa {
namespace {

using dns::ReplyKind;
using observe::Exchange;
using observe::Outcome;
using observe::StepEnd;

std::string problem_of(const Exchange& exchange) {
  if (!exchange.reply) {
    if (exchange.truncated) return "truncated, and TCP fails";
    return exchange.outcome == Outcome::timeout     ? "no answer"
           : exchange.outcome == Outcome::malformed ? "an answer that is not DNS"
                                                    : "connection refused";
  }
  if (exchange.udp_silent) return "silent over UDP";
  if (exchange.edns == observe::EdnsSupport::dropped) return "silent to EDNS";
  switch (*exchange.kind) {
    case ReplyKind::nodata_without_soa:
    case ReplyKind::nxdomain_without_soa:
      return "a denial without SOA";
    case ReplyKind::not_authoritative:
      return "an empty answer without AA and SOA";
    case ReplyKind::referral:
    case ReplyKind::upward_referral:
    case ReplyKind::sideways_referral:
      return "a referral";
    default:
      return dns::text(exchange.reply->rcode);
  }
}

std::string problems_text(const Level& level) {
  std::set<std::string> problems;
  for (const Exchange* exchange : level.failures) problems.insert(problem_of(*exchange));
  std::string all;
  for (const std::string& each : problems) all += (all.empty() ? "" : ", ") + each;
  if (!all.empty()) return all;
  return level.last->end == StepEnd::loop              ? "the aliases run in a circle"
         : level.last->end == StepEnd::no_usable_reply ? "none has an address"
                                                       : "too many aliases";
}

bool answers_other_questions(const Case& test, const dns::Name& zone,
                             const dns::IpAddress* address) {
  for (const Exchange* exchange :
       test.select({.zone = &zone, .purpose = std::nullopt, .address = address})) {
    if (exchange->purpose == observe::Purpose::caa || !exchange->kind) continue;
    if (dns::is_useful(*exchange->kind) || *exchange->kind == ReplyKind::not_authoritative)
      return true;
  }
  return false;
}

bool is_on_path(const Case& test, const dns::Name& apex) {
  const auto zones = path_zones(test);
  return std::any_of(zones.begin(), zones.end(),
                     [&](const observe::Zone* zone) { return zone->apex == apex; });
}

// Other families tell what is wrong with the address: they judge the zones on the way to the proof.
bool told_elsewhere(const Case& test, const Exchange& exchange) {
  if (!is_on_path(test, exchange.zone)) return false;
  if (exchange.truncated || exchange.udp_silent) return true;
  if (exchange.edns == observe::EdnsSupport::dropped) return true;
  if (exchange.kind == ReplyKind::nodata_without_soa ||
      exchange.kind == ReplyKind::nxdomain_without_soa ||
      exchange.kind == ReplyKind::not_authoritative)
    return true;
  return !answers_other_questions(test, exchange.zone, &exchange.address);
}

// The delegation family says so when a zone on the way, or the domain itself, is out of order.
bool failure_told_elsewhere(const Case& test, const Level& level) {
  if (level.level->name.label_count() == 1 && test.target.steps.back().zone.is_root()) return true;
  return is_on_path(test, level.last->zone) &&
         !answers_other_questions(test, level.last->zone, nullptr);
}

bool is_signed(const Case& test, const dns::Name& apex) {
  const auto asked =
      test.select({.zone = &apex, .name = &apex, .purpose = observe::Purpose::dnskey});
  return std::ranges::any_of(asked,
                             [](const Exchange* each) { return each->kind == ReplyKind::answer; });
}

// What the servers that failed have to do.
std::string repair_text(const Case& test, const Level& level) {
  const auto all = [&](bool (*has)(const Exchange&)) {
    return std::ranges::all_of(level.failures, [&](const Exchange* each) { return has(*each); });
  };
  if (all([](const Exchange& each) { return each.edns == observe::EdnsSupport::dropped; }))
    return "answer questions with EDNS, with or without the help of their firewall";
  if (all([](const Exchange& each) { return each.udp_silent; }))
    return "answer on UDP port 53, with or without the help of their firewall";
  if (all([](const Exchange& each) { return each.truncated && !each.reply; }))
    return "answer on TCP port 53 what they cut short over UDP";
  const std::string zone = prose(level.last->zone);
  if (all([](const Exchange& each) { return problem_of(each) == "a referral"; }))
    return "serve the zone " + zone + ", or take out the NS records that name them its servers";
  const bool refused = all(
      [](const Exchange& each) { return each.reply && each.reply->rcode == dns::Rcode::refused; });
  const bool fail = all(
      [](const Exchange& each) { return each.reply && each.reply->rcode == dns::Rcode::servfail; });
  return (refused ? "serve the zone " + zone + ", and " : "") +
         "answer questions for CAA records: where there are none, NOERROR with the SOA record of " +
         zone +
         (fail && is_signed(test, level.last->zone)
              ? " and the proof that there are none; if dig +dnssec fails and dig does not, their "
                "software fails to make that proof"
              : "");
}

Remedy lookup_remedy(const Case& test, const Climb& climb, std::size_t index) {
  const Level& level = climb.levels[index];
  const std::string zone = prose(level.last->zone);
  const std::string repair = servers_text(level.failures) + " " + repair_text(test, level) + ".";
  if (const Level* below = level_to_publish_at(test, climb, index)) {
    Remedy remedy = publish(test, *below, "issue", kTtl);
    remedy.action.back() = ',';
    remedy.action += " and one for each other CA that you use: the climb ends there";
    remedy.action += is_own(test, level) && !level.failures.empty() ? "; then make " + repair : ".";
    return remedy;
  }
  if (level.failures.empty()) return {"Repair the alias at " + prose(level.level->name) + ".", {}};
  return {(is_own(test, level) ? "Make " : "Ask whoever runs " + zone + " to make ") + repair, {}};
}

void tell_failure(const Case& test, const Climb& climb, std::size_t index,
                  std::vector<Finding>& findings) {
  Level level = climb.levels[index];
  const observe::Zone* zone = observe::find_zone(test.observation, level.last->zone);
  const bool total = level.standing == Standing::fails;
  if (total ? failure_told_elsewhere(test, level) : zone == nullptr || !zone->probed) return;
  if (!total)
    std::erase_if(level.failures,
                  [&](const Exchange* exchange) { return told_elsewhere(test, *exchange); });
  if (!total && level.failures.empty()) return;
  const std::string servers = servers_text(level.failures);
  Finding finding = make_finding(
      kind("caa-lookup-fails"), level.level->name.lower().text(),
      {{"name", prose(level.last->name)},
       {"servers", servers.empty() ? "the servers of " + prose(level.last->zone) : servers},
       {"zone", prose(level.last->zone)},
       {"problem", problems_text(level)}});
  if (!total || failure_permits(test, level) || share_from(test, climb, 0) > 0)
    finding.severity = Severity::warning;
  Exchanges shown = alias_replies(test, level);
  shown.insert(shown.end(), level.failures.begin(), level.failures.end());
  finding.evidence = evidence(test, shown);
  finding.remedy = lookup_remedy(test, climb, index);
  findings.push_back(std::move(finding));
}

// The view that lets the CA in for the most part; of equal ones what most servers give.
const View& best_view(const Case& test, const Climb& climb, std::size_t index) {
  const std::vector<View>& views = climb.levels[index].views;
  return *std::ranges::max_element(
      views, {}, [&](const View& view) { return share_of(test, climb, index, view); });
}

std::vector<std::string> lines_without(const Level& level, const View& view, const View& other) {
  std::vector<std::string> lines;
  for (const dns::Caa& record : view.records) {
    const std::string told = text(record);
    if (std::ranges::none_of(other.records, [&](const auto& each) { return text(each) == told; }))
      lines.push_back(line(level.last->name, view.ttl, record));
  }
  return lines;
}

// Server by server what turns its copy into the best one; nothing where two addresses of one server
// differ, or the records are not the owner's to change.
std::vector<Edit> edits_to_best(const Case& test, const Climb& climb, std::size_t index) {
  const Level& level = climb.levels[index];
  const View& best = best_view(test, climb, index);
  std::map<dns::Name, Edit> edits;
  std::set<dns::Name> right;
  for (const Exchange* exchange : best.shown) right.insert(exchange->server);
  for (const View& view : level.views) {
    if (&view == &best) continue;
    for (const Exchange* exchange : view.shown) {
      const Edit edit{level.last->zone.lower().text(), exchange->server.lower().text(),
                      lines_without(level, view, best), lines_without(level, best, view)};
      const auto [known, is_new] = edits.emplace(exchange->server, edit);
      if (right.contains(exchange->server) || (!is_new && known->second != edit)) return {};
    }
  }
  std::vector<Edit> list;
  if (is_own(test, level) && !may_be_wildcard(test, level))
    for (auto& [server, edit] : edits) list.push_back(std::move(edit));
  return list;
}

void tell_difference(const Case& test, const Climb& climb, std::size_t index,
                     std::vector<Finding>& findings) {
  const Level& level = climb.levels[index];
  if (level.views.size() < 2) return;
  std::string views;
  Exchanges shown;
  bool same_outcome = true;
  for (const View& view : level.views) {
    views += (views.empty() ? "" : "; ") + servers_text(view.shown) + ": " + text(view.records);
    shown.insert(shown.end(), view.shown.begin(), view.shown.end());
    same_outcome = same_outcome && share_of(test, climb, index, view) ==
                                       share_of(test, climb, index, level.views.front());
  }
  Finding finding = make_finding(
      kind("caa-differs"), level.level->name.lower().text(),
      {{"name", prose(level.last->name)}, {"zone", prose(level.last->zone)}, {"views", views}});
  if (same_outcome) finding.severity = Severity::notice;
  finding.evidence = evidence(test, shown);
  finding.remedy.action = "Bring all servers of " + prose(level.last->zone) +
                          " to the same data: compare their SOA serials, then look at zone "
                          "transfers.";
  finding.remedy.edits = edits_to_best(test, climb, index);
  findings.push_back(std::move(finding));
}

// A reply of the same address in the same zone which proves that the name exists: it, or a name
// below it, was answered (RFC 8020).
const Exchange* proof_of_existence(const Case& test, const Exchange& denial) {
  for (const Exchange* exchange :
       test.select({.zone = &denial.zone, .purpose = std::nullopt, .address = &denial.address})) {
    if (!exchange->kind || !exchange->question.name.is_within(denial.question.name)) continue;
    switch (*exchange->kind) {
      case ReplyKind::answer:
      case ReplyKind::alias:
      case ReplyKind::nodata:
      case ReplyKind::referral:
        return exchange;
      default:
        break;
    }
  }
  return nullptr;
}

void tell_false_denial(const Case& test, const Level& level, std::vector<Finding>& findings) {
  Exchanges denials, shown;
  for (const View& view : level.views) {
    for (const Exchange* exchange : view.shown) {
      if (exchange->reply->rcode != dns::Rcode::nxdomain) continue;
      const Exchange* proof = proof_of_existence(test, *exchange);
      if (proof == nullptr) continue;
      denials.push_back(exchange);
      shown.insert(shown.end(), {exchange, proof});
    }
  }
  if (denials.empty()) return;
  const std::string servers = servers_text(denials);
  Finding finding = make_finding(kind("caa-nxdomain-masks"), level.last->name.lower().text(),
                                 {{"servers", servers}, {"name", prose(level.last->name)}});
  finding.evidence = evidence(test, shown);
  finding.remedy.action = "Make " + servers +
                          " answer NOERROR for a name that exists or has names below it, whatever "
                          "the type asked for.";
  findings.push_back(std::move(finding));
}

}  // namespace

void check_replies(const Case& test, const Climb& climb, std::vector<Finding>& findings) {
  for (std::size_t i = 0; i < climb.levels.size(); ++i) {
    const Level& level = climb.levels[i];
    tell_failure(test, climb, i, findings);
    tell_difference(test, climb, i, findings);
    if (level.level->name.label_count() > 1) tell_false_denial(test, level, findings);
    if (climb.decisive == i) break;  // whatever is above does not count
  }
}

}  // namespace dcv::check::caa
