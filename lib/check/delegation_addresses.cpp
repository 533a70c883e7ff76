// The addresses of a zone's servers: glue against the host's own zone, hosts that are aliases,
// addresses that nobody can reach.
#include <algorithm>
#include <iterator>

#include "check/delegation.h"
#include "dns/public_suffix.h"

namespace dcv::check::delegation {
namespace {

using observe::HostState;
using observe::NameServer;
using Addresses = std::vector<dns::IpAddress>;

std::string zone_text(const ZoneView& view) {
  return view.zone.apex.lower().prose();
}

Addresses of_family(const Addresses& addresses, bool v4) {
  Addresses found;
  for (const dns::IpAddress& each : addresses)
    if (each.is_v4() == v4) found.push_back(each);
  return found;
}

Addresses without(const Addresses& addresses, const Addresses& others) {
  Addresses rest;
  for (const dns::IpAddress& each : addresses)
    if (std::find(others.begin(), others.end(), each) == others.end()) rest.push_back(each);
  return rest;
}

// The host's own zone was heard about addresses of this family.
Exchanges own_replies(const ZoneView& view, const NameServer& server, bool v4) {
  Exchanges found;
  const auto wanted = v4 ? dns::RecordType::a : dns::RecordType::aaaa;
  for (const observe::Exchange* exchange : address_exchanges(view, server.name))
    if (exchange->question.type == wanted && exchange->kind &&
        (*exchange->kind == dns::ReplyKind::answer || *exchange->kind == dns::ReplyKind::nodata))
      found.push_back(exchange);
  return found;
}

// A family that the glue leaves out costs a look-up and harms nobody: not a difference.
void check_glue_difference(const ZoneView& view, const NameServer& server,
                           std::vector<Finding>& found) {
  if (server.state != HostState::found || server.glue.empty()) return;
  Addresses glue, own;
  Exchanges shown;
  for (const bool v4 : {true, false}) {
    const Addresses in_parent = of_family(server.glue, v4);
    const Addresses in_zone = of_family(server.addresses, v4);
    const Exchanges replies = own_replies(view, server, v4);
    if (in_parent.empty() || in_parent == in_zone || replies.empty()) continue;
    glue.insert(glue.end(), in_parent.begin(), in_parent.end());
    own.insert(own.end(), in_zone.begin(), in_zone.end());
    shown.push_back(replies.front());
  }
  if (glue.empty()) return;
  const Exchanges parent_side = referrals(view);
  if (!parent_side.empty()) shown.insert(shown.begin(), parent_side.front());
  Finding finding = server_finding(view, "delegation-glue-differs", server,
                                   {{"parent", view.zone.parent.lower().prose()},
                                    {"glue", addresses_text(glue)},
                                    {"addresses", addresses_text(own)}});
  add_evidence(view, shown, finding);
  const std::string host = server.name.lower().prose();
  finding.remedy.action = own.empty() ? "Take " + addresses_text(glue) + " out of the glue of " +
                                            host + " in " + parent_text(view) +
                                            ", or add it to the zone of " + host + "."
                                      : "Change the glue of " + host + " in " + parent_text(view) +
                                            " to " + addresses_text(own) + ".";
  Edit edit{view.zone.parent.lower().text(), "", {}, {}};
  for (const dns::IpAddress& each : without(glue, own))
    edit.remove.push_back(glue_line(view, server.name, each));
  for (const dns::IpAddress& each : without(own, glue))
    edit.add.push_back(glue_line(view, server.name, each));
  finding.remedy.edits = {edit};
  found.push_back(std::move(finding));
}

// A server with little room leaves glue out (RFC 9471); only a referral that had room for one more
// address shows that there is none.
bool had_room(const observe::Exchange* referral) {
  constexpr std::size_t kRoom = 1232 - 32;  // bytes: our EDNS size less an AAAA record
  return referral->transport == observe::Transport::tcp || referral->bytes.size() <= kRoom;
}

bool needs_glue(const ZoneView& view, const NameServer& server) {
  return view.zone.referred && server.in_parent && server.glue.empty() &&
         server.name.is_within(view.zone.apex) && std::ranges::any_of(referrals(view), had_room);
}

void report_glue_missing(const ZoneView& view, const NameServer& server, bool others,
                         std::vector<Finding>& found) {
  Finding finding = server_finding(view, "delegation-glue-missing", server,
                                   {{"parent", view.zone.parent.lower().prose()}});
  if (!others) finding.severity = Severity::error;
  const Exchanges parent_side = referrals(view);
  if (!parent_side.empty()) add_evidence(view, Exchanges{parent_side.front()}, finding);
  const std::string host = server.name.lower().prose();
  finding.remedy.action = "Add the addresses of " + host + " as glue to " + parent_text(view);
  // Some panels take no address records at a name that has NS records.
  if (!dns::is_registry(view.zone.parent))
    finding.remedy.action += ", or list the server under a name that is not within " +
                             view.zone.apex.lower().prose() + " and has addresses";
  finding.remedy.action += ".";
  if (!server.addresses.empty()) {
    Edit edit{view.zone.parent.lower().text(), "", {}, {}};
    for (const dns::IpAddress& each : server.addresses)
      edit.add.push_back(glue_line(view, server.name, each));
    finding.remedy.edits = {edit};
  }
  found.push_back(std::move(finding));
}

// Puts the alias's target in the place of the alias in both NS sets.
std::vector<Edit> edits_to_target(const ZoneView& view, const NameServer& server,
                                  const dns::Name& target) {
  std::vector<Edit> edits = edits_without(view, server);
  const auto listed = std::find_if(view.zone.servers.begin(), view.zone.servers.end(),
                                   [&](const NameServer& each) { return each.name == target; });
  for (Edit& edit : edits) {
    const bool in_parent = edit.zone != view.zone.apex.lower().text();
    if (listed != view.zone.servers.end() && (in_parent ? listed->in_parent : listed->in_child))
      continue;
    edit.add.push_back(in_parent ? parent_ns_line(view, target) : child_ns_line(view, target));
    if (!in_parent || !target.is_within(view.zone.apex)) continue;
    for (const dns::IpAddress& each : server.addresses)
      edit.add.push_back(glue_line(view, target, each));
  }
  return edits;
}

void check_alias(const ZoneView& view, const NameServer& server, std::vector<Finding>& found) {
  if (server.state != HostState::alias || !server.alias_target) return;
  const dns::Name target = server.alias_target->lower();
  Finding finding =
      server_finding(view, "delegation-server-is-alias", server, {{"target", target.prose()}});
  for (const observe::Exchange* exchange : address_exchanges(view, server.name))
    if (exchange->kind == dns::ReplyKind::alias) add_evidence(view, Exchanges{exchange}, finding);
  finding.remedy.action = "List " + target.prose() + " in the NS sets of " + zone_text(view) +
                          " in place of its alias " + server.name.lower().prose() + ".";
  finding.remedy.edits = edits_to_target(view, server, target);
  found.push_back(std::move(finding));
}

bool is_special(const dns::IpAddress& address) {
  return !address.special_purpose().empty();
}

Addresses all_addresses(const NameServer& server) {
  Addresses all = server.glue;
  for (const dns::IpAddress& each : without(server.addresses, server.glue)) all.push_back(each);
  return all;
}

void check_private(const ZoneView& view, const NameServer& server, bool zone_has_public,
                   std::vector<Finding>& found) {
  const Addresses all = all_addresses(server);
  Addresses special;
  std::copy_if(all.begin(), all.end(), std::back_inserter(special), is_special);
  if (special.empty()) return;
  Finding finding = server_finding(view, "delegation-private-address", server,
                                   {{"addresses", addresses_text(special)},
                                    {"purpose", std::string(special.front().special_purpose())}});
  if (!zone_has_public) finding.severity = Severity::error;
  const Exchanges parent_side = referrals(view);
  if (server.in_parent && !parent_side.empty())
    add_evidence(view, Exchanges{parent_side.front()}, finding);
  for (const observe::Exchange* exchange : address_exchanges(view, server.name))
    if (exchange->kind == dns::ReplyKind::answer) add_evidence(view, Exchanges{exchange}, finding);
  const std::string host = server.name.lower().prose();
  if (special.size() < all.size()) {
    finding.remedy.action = "Take " + addresses_text(special) + " out of the address records of " +
                            host + " and out of the glue.";
    finding.remedy.edits = edits_without(view, server, special);
  } else {
    finding.remedy.action = "Give " + host + " a public address";
    if (zone_has_public) {
      finding.remedy.action += ", or take it out of the NS sets of " + zone_text(view);
      finding.remedy.edits = edits_without(view, server);
    }
    finding.remedy.action += ".";
  }
  found.push_back(std::move(finding));
}

}  // namespace

void check_addresses(const ZoneView& view, std::vector<Finding>& found) {
  const auto& servers = view.zone.servers;
  const bool any_address = std::any_of(servers.begin(), servers.end(), has_address);
  const bool any_public =
      std::any_of(view.addresses.begin(), view.addresses.end(),
                  [](const AddressView& each) { return !is_special(each.address); });
  std::vector<const NameServer*> lacking;
  for (const NameServer& server : servers) {
    if (needs_glue(view, server))
      report_glue_missing(view, server, any_address, found);
    else if (lacks_address(view, server) && any_address)
      report_without_address(view, server, true, found);
    else if (lacks_address(view, server))
      lacking.push_back(&server);
    check_glue_difference(view, server, found);
    check_alias(view, server, found);
    check_private(view, server, any_public, found);
  }
  report_none_has_address(view, lacking, found);
}

}  // namespace dcv::check::delegation
