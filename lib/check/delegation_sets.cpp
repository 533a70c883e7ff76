// The NS sets of a zone: what the parent's servers say against what the zone itself says.
#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "check/delegation.h"

namespace dcv::check::delegation {
namespace {

using observe::Exchange;
using observe::NameServer;
using Names = std::set<dns::Name>;

// What one server of the parent says: the NS set of its referral, empty for "no such delegation".
struct ParentSay {
  const Exchange* exchange = nullptr;
  Names names;
};

std::string text(const Names& names) {
  std::vector<std::string> parts;
  for (const dns::Name& name : names) parts.push_back(name.lower().prose());
  return joined(parts);
}

Names without(const Names& names, const Names& others) {
  Names rest;
  std::set_difference(names.begin(), names.end(), others.begin(), others.end(),
                      std::inserter(rest, rest.end()));
  return rest;
}

Names names_in(const Exchange& exchange, const dns::Name& apex) {
  Names names;
  if (!exchange.reply) return names;
  for (const auto* section : {&exchange.reply->answer, &exchange.reply->authority})
    for (const dns::Record& record : *section)
      if (record.type == dns::RecordType::ns && record.owner == apex)
        if (const auto target = dns::as_target(record)) names.insert(target->lower());
  return names;
}

// The denial by a server of the parent of a name that others of them delegate. No DS at the cut is
// none: that is the parent's to say, and a server that holds both zones gives no referral.
bool denies(const Exchange& exchange, const observe::Zone& zone) {
  if (!exchange.question.name.is_within(zone.apex)) return false;
  if (exchange.question.type == dns::RecordType::ds) return false;
  return (exchange.kind == dns::ReplyKind::nxdomain || exchange.kind == dns::ReplyKind::nodata) &&
         dns::zone_in(*exchange.reply) == zone.parent;
}

// One entry for each address of the parent that was heard.
std::map<dns::IpAddress, ParentSay> parent_says(const ZoneView& view) {
  std::map<dns::IpAddress, ParentSay> says;
  for (const Exchange* exchange : referrals(view)) {
    Names names = names_in(*exchange, view.zone.apex);
    if (!names.empty()) says.insert({exchange->address, {exchange, std::move(names)}});
  }
  if (says.empty()) return says;
  for (const Exchange* exchange : view.test.select({.zone = &view.zone.parent}))
    if (denies(*exchange, view.zone)) says.insert({exchange->address, {exchange, {}}});
  return says;
}

Names child_set(const ZoneView& view) {
  Names names;
  for (const NameServer& server : view.zone.servers)
    if (server.in_child) names.insert(server.name.lower());
  return names;
}

Names parent_set(const ZoneView& view) {
  Names names;
  for (const NameServer& server : view.zone.servers)
    if (server.in_parent) names.insert(server.name.lower());
  return names;
}

// Servers that other findings take out of the NS sets or replace there: nothing is won by listing
// them in one more place. Where the zone still lists them, their lines are not for this file to
// touch; where it does not, that the parent does is what is wrong.
Names leaving(const ZoneView& view) {
  Names names;
  for (const NameServer& server : view.zone.servers) {
    const auto addresses = of_server(view, server);
    const bool hopeless =
        all_judged_are(view, server, Standing::lame) ||
        all_judged_are(view, server, Standing::silent) ||
        all_judged_are(view, server, Standing::not_authoritative) ||
        std::all_of(addresses.begin(), addresses.end(), [](const AddressView& each) {
          return !each.address.special_purpose().empty();
        });
    if (hopeless || server.state == observe::HostState::alias) names.insert(server.name.lower());
  }
  return names;
}

// Changes `from` into `to` in the parent zone, with the glue that the new servers need.
Edit edit_from(const ZoneView& view, const Names& from, const Names& to) {
  Edit edit{view.zone.parent.lower().text(), "", {}, {}};
  for (const dns::Name& name : without(from, to)) edit.remove.push_back(parent_ns_line(view, name));
  const Names added = without(to, from);
  for (const dns::Name& name : added) edit.add.push_back(parent_ns_line(view, name));
  for (const NameServer& server : view.zone.servers) {
    if (!added.contains(server.name) || !server.name.is_within(view.zone.apex)) continue;
    if (!server.glue.empty()) continue;
    for (const dns::IpAddress& address : server.addresses)
      edit.add.push_back(glue_line(view, server.name, address));
  }
  return edit;
}

// The set that the parent's servers should all give: the zone's own, or the one most of them give.
Names wanted_set(const ZoneView& view, const std::map<dns::IpAddress, ParentSay>& says) {
  const Names child = child_set(view);
  if (!child.empty()) return child;
  std::map<Names, int> votes;
  for (const auto& [address, say] : says)
    if (!say.names.empty()) ++votes[say.names];
  return std::max_element(votes.begin(), votes.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

// True when the parent's servers differ.
bool check_parents(const ZoneView& view, std::vector<Finding>& found) {
  const auto says = parent_says(view);
  std::map<Names, Names> by_set;  // what is said, and the servers that say it
  for (const auto& [address, say] : says) by_set[say.names].insert(say.exchange->server.lower());
  if (by_set.size() < 2) return false;
  std::string sets;
  for (const auto& [names, servers] : by_set)
    sets += (sets.empty() ? "" : "; ") + text(servers) + " to " + text(names);
  Finding finding = make_finding(kind("delegation-parents-differ"), view.zone.apex.lower().text(),
                                 {{"zone", view.zone.apex.lower().prose()}, {"sets", sets}});
  const Names wanted = wanted_set(view, says);
  std::set<dns::Name> mended;
  for (const auto& [address, say] : says) {
    finding.evidence.push_back(evidence_of(view.test, *say.exchange));
    if (say.names == wanted || !mended.insert(say.exchange->server).second) continue;
    Edit edit = edit_from(view, say.names, wanted);
    edit.server = say.exchange->server.lower().text();
    finding.remedy.edits.push_back(std::move(edit));
  }
  finding.remedy.action = "Bring all servers of " + parent_text(view) +
                          " to the same version of it, with " + text(wanted) + " as servers of " +
                          view.zone.apex.lower().prose() + ".";
  found.push_back(std::move(finding));
  return true;
}

void check_parent_and_child(const ZoneView& view, std::vector<Finding>& found) {
  const Names parent = parent_set(view), child = child_set(view);
  if (parent.empty() || child.empty() || parent == child) return;
  const Names only_parent = without(parent, child), only_child = without(child, parent);
  const bool nothing_shared = only_parent == parent && only_child == child;
  Finding finding =
      make_finding(kind(nothing_shared ? "delegation-old-provider" : "delegation-ns-sets-differ"),
                   view.zone.apex.lower().text(),
                   {{"zone", view.zone.apex.lower().prose()},
                    {"parent", view.zone.parent.lower().prose()},
                    {"only_parent", text(only_parent)},
                    {"only_child", text(only_child)}});
  for (const Exchanges& side : {referrals(view), apex_ns_replies(view)})
    if (!side.empty()) finding.evidence.push_back(evidence_of(view.test, *side.front()));
  const std::string apex = view.zone.apex.lower().prose();
  const Names out = leaving(view), wanted = without(child, out);
  const Edit edit = edit_from(view, without(parent, without(out, only_parent)), wanted);
  if (wanted.empty() || (edit.remove.empty() && edit.add.empty())) {
    finding.remedy.action = "Make the NS records of " + apex + " in " + parent_text(view) +
                            " and in the zone itself equal, with the servers that serve it.";
  } else {
    finding.remedy.action = "Change the NS records of " + apex + " in " + parent_text(view) +
                            " to " + text(wanted) + ".";
    finding.remedy.edits = {edit};
  }
  found.push_back(std::move(finding));
}

}  // namespace

void check_sets(const ZoneView& view, std::vector<Finding>& found) {
  if (!check_parents(view, found)) check_parent_and_child(view, found);
}

}  // namespace dcv::check::delegation
