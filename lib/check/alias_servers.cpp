// Servers of one zone that disagree about an alias.

#include <algorithm>
#include <set>

#include "check/alias.h"
#include "check/copies.h"
#include "observe/lookup.h"

namespace dcv::check::alias {

using dns::Name;
using observe::Exchange;
using observe::Purpose;
using observe::Step;

namespace {

// What one address said: a target, or usable data without an alias.
struct View {
  const Exchange* exchange;
  std::optional<Name> target;
};

std::optional<Name> target_in(const Exchange& exchange, const Name& name) {
  const auto hop = dns::alias_at(*exchange.reply, name);
  return hop ? std::optional(hop->target) : std::nullopt;
}

// An address that answers the TXT question without the alias still has it when it answers the
// CNAME question with it: that is another finding.
bool hides_alias(const Case& test, const Step& step, const Exchange& proof) {
  return std::ranges::any_of(replies(test, step, Purpose::alias), [&](const Exchange* exchange) {
    return exchange->address == proof.address && target_in(*exchange, step.name);
  });
}

std::vector<View> views(const Case& test, const Step& step) {
  std::vector<View> list;
  for (const Purpose purpose : {Purpose::proof, Purpose::proof_again, Purpose::proof_tcp}) {
    for (const Exchange* exchange : replies(test, step, purpose)) {
      const auto target = target_in(*exchange, step.name);
      if (!target && hides_alias(test, step, *exchange)) continue;
      list.push_back({exchange, target});
    }
  }
  return list;
}

// The alias to spread: that of the newest copy of the zone, else what most say, else the walk's.
const View* right_view(const Case& test, const Step& step, const std::vector<View>& all) {
  const View* best = nullptr;
  std::optional<std::uint32_t> best_serial;
  const std::map<dns::IpAddress, Copy> copies = copies_of(test, step.zone);
  const auto votes = [&](const View& view) {
    return std::ranges::count(all, view.target, &View::target);
  };
  for (const View& view : all) {
    if (!view.target) continue;
    const auto copy = copies.find(view.exchange->address);
    const auto its = copy == copies.end() ? std::nullopt : std::optional(copy->second.soa.serial);
    const bool is_newer = its && best_serial && is_newer_serial(*its, *best_serial);
    const bool is_older = its && best_serial && is_newer_serial(*best_serial, *its);
    const bool is_walked = step.target && view.target == step.target;
    if (!best || is_newer ||
        (!is_older && (votes(view) > votes(*best) || (votes(view) == votes(*best) && is_walked &&
                                                      best->target != step.target)))) {
      best = &view;
      best_serial = its;
    }
  }
  return best;
}

std::vector<Edit> spread(const Case& test, const Step& step, const std::vector<View>& all) {
  const View* right = right_view(test, step, all);
  const auto hop = dns::alias_at(*right->exchange->reply, step.name);
  if (hop->dname) return {};
  std::map<Name, Change> changes;
  std::set<Name> servers;
  for (const View& view : all) {
    servers.insert(view.exchange->server);
    if (view.target == right->target || changes.contains(view.exchange->server)) continue;
    Change change{{}, {cname_line(step.name, hop->ttl, hop->target)}};
    for (dns::Record record : view.exchange->reply->answer) {
      if (record.owner != step.name) continue;
      record.owner = step.name.lower();
      change.remove.push_back(dns::zone_line(record));
    }
    changes.insert({view.exchange->server, std::move(change)});
  }
  return edits(step.zone, changes, servers.size());
}

std::string told(const View& view) {
  return observe::label(*view.exchange) + " says " + (view.target ? prose(*view.target) : "none");
}

// One view a server and target is enough to show.
std::vector<View> distinct(const std::vector<View>& all) {
  std::vector<View> list;
  for (const View& view : all) {
    const bool known = std::ranges::any_of(list, [&](const View& other) {
      return other.exchange->server == view.exchange->server && other.target == view.target;
    });
    if (!known) list.push_back(view);
  }
  return list;
}

}  // namespace

void check_servers(const Case& test, std::vector<Finding>& findings) {
  for (const Step& step : test.target.steps) {
    const std::vector<View> all = views(test, step);
    const bool differ = std::ranges::any_of(
        all, [&](const View& view) { return view.target != all.front().target; });
    if (!differ) continue;
    std::string targets;
    Exchanges shown;
    for (const View& view : distinct(all)) {
      targets += (targets.empty() ? "" : ", ") + told(view);
      shown.push_back(view.exchange);
    }
    Finding finding =
        found("alias-targets-differ", step.name,
              {{"name", prose(step.name)}, {"zone", prose(step.zone)}, {"targets", targets}});
    finding.evidence = evidence(test, shown);
    finding.remedy = {"Let all servers of " + prose(step.zone) + " give the same alias at " +
                          prose(step.name) + ".",
                      spread(test, step, all)};
    findings.push_back(std::move(finding));
  }
}

}  // namespace dcv::check::alias
