// Which servers of a zone do not serve it: lame, silent, or serving another zone.
#include <algorithm>
#include <map>

#include "check/delegation.h"

namespace dcv::check::delegation {
namespace {

using observe::NameServer;

std::string zone_text(const ZoneView& view) {
  return view.zone.apex.lower().prose();
}

// Each part once, in the order met.
std::string joined_once(const std::vector<std::string>& parts) {
  std::vector<std::string> once;
  for (const std::string& part : parts)
    if (std::find(once.begin(), once.end(), part) == once.end()) once.push_back(part);
  return joined(once);
}

// "ns1.shop.example (192.0.2.1, 2001:db8::1) and ns2.shop.example (192.0.2.2)"
std::string servers_text(const std::vector<AddressView>& addresses) {
  std::map<dns::Name, std::string> by_host;
  for (const AddressView& each : addresses) {
    std::string& text = by_host[each.server->name.lower()];
    text += (text.empty() ? "" : ", ") + each.address.text();
  }
  std::vector<std::string> parts;
  for (const auto& [host, text] : by_host) parts.push_back(host.prose() + " (" + text + ")");
  return joined(parts);
}

std::string hosts_text(const std::vector<AddressView>& addresses) {
  std::vector<std::string> hosts;
  for (const AddressView& each : addresses) hosts.push_back(each.server->name.lower().prose());
  return joined_once(hosts);
}

// Why the addresses are of no use.
std::string reasons_text(const std::vector<AddressView>& addresses) {
  std::vector<std::string> reasons;
  for (const AddressView& each : addresses) {
    if (each.shown.empty()) continue;
    const observe::Exchange& shown = *each.shown.front();
    reasons.push_back(shown.kind ? not_serving_text(shown) : silence_text(shown));
  }
  return joined_once(reasons);
}

bool any_with(const std::vector<AddressView>& addresses, bool (*has)(Standing)) {
  return std::any_of(addresses.begin(), addresses.end(),
                     [&](const AddressView& each) { return has(each.standing); });
}

// A server may give the right proof though its zone has another name: that passes for now.
bool gives_proof(const ZoneView& view, const AddressView& at) {
  const auto proofs = view.test.select({.zone = &view.zone.apex,
                                        .name = nullptr,
                                        .purpose = observe::Purpose::proof,
                                        .address = &at.address});
  return std::any_of(proofs.begin(), proofs.end(), [](const observe::Exchange* exchange) {
    return exchange->kind == dns::ReplyKind::answer || exchange->kind == dns::ReplyKind::alias;
  });
}

void report_wrong_zone(const ZoneView& view, const std::vector<AddressView>& wrong, bool usable,
                       std::vector<Finding>& found) {
  std::vector<std::string> names;
  for (const AddressView& each : wrong) {
    const auto served = dns::zone_in(*each.shown.front()->reply);
    names.push_back(served ? served->lower().prose() : "another zone");
  }
  Finding finding = make_finding(
      kind("delegation-wrong-zone"), view.zone.apex.lower().text(),
      {{"servers", servers_text(wrong)}, {"zone", zone_text(view)}, {"other", joined_once(names)}});
  const bool passes = std::all_of(wrong.begin(), wrong.end(),
                                  [&](const AddressView& each) { return gives_proof(view, each); });
  if (usable || passes) finding.severity = Severity::warning;
  add_evidence(view, wrong, finding);
  finding.remedy.action = "Create the zone " + zone_text(view) + ", named exactly so, on " +
                          hosts_text(wrong) + " and move the records into it.";
  found.push_back(std::move(finding));
}

void report_zone(const ZoneView& view, std::string_view id, std::string action,
                 std::vector<Finding>& found) {
  std::vector<AddressView> shown;
  for (const AddressView& each : view.addresses)
    if (each.standing != Standing::unjudged) shown.push_back(each);
  Finding finding = make_finding(kind(id), view.zone.apex.lower().text(),
                                 {{"zone", zone_text(view)},
                                  {"servers", servers_text(shown)},
                                  {"reasons", reasons_text(shown)}});
  add_evidence(view, shown, finding);
  finding.remedy.action = std::move(action);
  found.push_back(std::move(finding));
}

void check_lame(const ZoneView& view, const NameServer& server, std::vector<Finding>& found) {
  const auto lame = with_standing(of_server(view, server), Standing::lame);
  if (lame.empty()) return;
  Finding finding =
      server_finding(view, "delegation-server-lame", server,
                     {{"addresses", addresses_text(lame)}, {"reason", reasons_text(lame)}});
  add_evidence(view, lame, finding);
  const std::string host = server.name.lower().prose();
  finding.remedy.action = "Load the zone " + zone_text(view) + " on " + host;
  if (all_judged_are(view, server, Standing::lame)) {
    finding.remedy.action += ", or take " + host + " out of the NS sets of the zone";
    finding.remedy.edits = edits_without(view, server);
  }
  finding.remedy.action += ".";
  found.push_back(std::move(finding));
}

void report_ipv6_dead(const ZoneView& view, const NameServer& server,
                      const std::vector<AddressView>& dead, std::vector<Finding>& found) {
  Finding finding =
      server_finding(view, "delegation-ipv6-dead", server, {{"addresses", addresses_text(dead)}});
  add_evidence(view, dead, finding);
  const std::string host = server.name.lower().prose();
  finding.remedy.action =
      "Make " + host + " answer over IPv6, or take its AAAA records out of DNS and of the glue.";
  std::vector<dns::IpAddress> addresses;
  for (const AddressView& each : dead) addresses.push_back(each.address);
  finding.remedy.edits = edits_without(view, server, addresses);
  found.push_back(std::move(finding));
}

void report_unreachable(const ZoneView& view, const NameServer& server,
                        const std::vector<AddressView>& dead, std::vector<Finding>& found) {
  Finding finding =
      server_finding(view, "delegation-server-unreachable", server,
                     {{"addresses", addresses_text(dead)}, {"reason", reasons_text(dead)}});
  add_evidence(view, dead, finding);
  const std::string host = server.name.lower().prose();
  if (all_judged_are(view, server, Standing::silent)) {
    finding.remedy.action = "Make " + host + " answer on port 53 (UDP and TCP) from everywhere, " +
                            "or take it out of the NS sets of the zone.";
    finding.remedy.edits = edits_without(view, server);
  } else {
    finding.remedy.action = "Make " + host + " answer at " + addresses_text(dead) +
                            ", or take the address out of DNS and of the glue.";
    std::vector<dns::IpAddress> addresses;
    for (const AddressView& each : dead) addresses.push_back(each.address);
    finding.remedy.edits = edits_without(view, server, addresses);
  }
  found.push_back(std::move(finding));
}

void check_silent(const ZoneView& view, const NameServer& server, std::vector<Finding>& found) {
  std::vector<AddressView> dead_v4, dead_v6;
  bool v4_answers = false, v6_answers = false;
  for (const AddressView& each : of_server(view, server)) {
    if (each.standing == Standing::silent)
      (each.address.is_v4() ? dead_v4 : dead_v6).push_back(each);
    else if (has_answered(each.standing))
      (each.address.is_v4() ? v4_answers : v6_answers) = true;
  }
  if (!dead_v6.empty() && !v6_answers && v4_answers) {
    report_ipv6_dead(view, server, dead_v6, found);
    dead_v6.clear();
  }
  std::vector<AddressView> dead = dead_v4;
  dead.insert(dead.end(), dead_v6.begin(), dead_v6.end());
  if (!dead.empty()) report_unreachable(view, server, dead, found);
}

}  // namespace

void check_servers(const ZoneView& view, std::vector<Finding>& found) {
  const bool usable = any_with(view.addresses, is_usable);
  const auto wrong = with_standing(view.addresses, Standing::wrong_zone);
  if (!wrong.empty()) report_wrong_zone(view, wrong, usable, found);
  if (usable || !wrong.empty()) {
    for (const NameServer& server : view.zone.servers) {
      check_lame(view, server, found);
      check_silent(view, server, found);
    }
    return;
  }
  const auto is_unheard = [](Standing standing) {
    return standing == Standing::silent || standing == Standing::garbled;
  };
  const bool lame = any_with(view.addresses, [](Standing each) { return each == Standing::lame; });
  const std::string action = lame ? "Load the zone " + zone_text(view) +
                                        " on its servers, or change the NS records in " +
                                        parent_text(view) + " to the servers that have it."
                                  : "Make the servers of " + zone_text(view) +
                                        " answer on port 53 (UDP and TCP) from everywhere.";
  if (any_with(view.addresses, is_unheard))
    report_zone(view, "delegation-all-unreachable", action, found);
  else if (lame)
    report_zone(view, "delegation-all-lame", action, found);
}

}  // namespace dcv::check::delegation
