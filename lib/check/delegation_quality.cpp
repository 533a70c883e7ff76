// Servers that serve their zone, but in a way that some resolvers reject: negative answers without
// SOA, answers without authority.
#include <algorithm>

#include "check/delegation.h"

namespace dcv::check::delegation {
namespace {

using observe::NameServer;

bool lacks_soa(const observe::Exchange& exchange) {
  return exchange.kind == dns::ReplyKind::nodata_without_soa ||
         exchange.kind == dns::ReplyKind::nxdomain_without_soa;
}

// The CA asks the server for nothing that it denies: the proof is there, and no CAA record is
// looked for in the zone. Clients that look for the zone's SOA record are lost all the same.
bool spares_ca(const ZoneView& view, const dns::IpAddress& address) {
  const auto asked = [&](observe::Purpose purpose) {
    return view.test.select({.zone = &view.zone.apex, .purpose = purpose, .address = &address});
  };
  const auto proofs = asked(observe::Purpose::proof);
  return asked(observe::Purpose::caa).empty() && !proofs.empty() &&
         std::ranges::all_of(proofs, [](const observe::Exchange* exchange) {
           return exchange->kind == dns::ReplyKind::answer ||
                  exchange->kind == dns::ReplyKind::alias;
         });
}

void check_soa(const ZoneView& view, const NameServer& server, std::vector<Finding>& found) {
  Exchanges shown;
  std::vector<dns::IpAddress> addresses;
  for (const AddressView& each : of_server(view, server)) {
    if (each.standing == Standing::unjudged) continue;
    const auto asked = view.test.select({.zone = &view.zone.apex,
                                         .name = nullptr,
                                         .purpose = std::nullopt,
                                         .address = &each.address});
    const auto first = std::find_if(asked.begin(), asked.end(),
                                    [](const auto* exchange) { return lacks_soa(*exchange); });
    if (first == asked.end()) continue;
    shown.push_back(*first);
    addresses.push_back(each.address);
  }
  if (shown.empty()) return;
  Finding finding = server_finding(view, "delegation-soa-missing", server,
                                   {{"addresses", addresses_text(addresses)}});
  add_evidence(view, shown, finding);
  if (std::ranges::all_of(addresses, [&](const auto& each) { return spares_ca(view, each); }))
    finding.affects = Affects::client;
  finding.remedy.action =
      "Repair or replace the name server software of " + server.name.lower().prose() +
      " so that its negative answers carry the SOA record of the zone in the authority "
      "section.";
  found.push_back(std::move(finding));
}

void check_authority(const ZoneView& view, const NameServer& server, std::vector<Finding>& found) {
  const auto without = with_standing(of_server(view, server), Standing::not_authoritative);
  if (without.empty()) return;
  Finding finding = server_finding(view, "delegation-not-authoritative", server,
                                   {{"addresses", addresses_text(without)}});
  add_evidence(view, without, finding);
  const std::string host = server.name.lower().prose();
  finding.remedy.action = "Make " + host + " a real server of " + view.zone.apex.lower().prose() +
                          " (primary or secondary, no resolver)";
  const bool others =
      std::any_of(view.addresses.begin(), view.addresses.end(),
                  [](const AddressView& each) { return each.standing == Standing::good; });
  if (others && all_judged_are(view, server, Standing::not_authoritative)) {
    finding.remedy.action += ", or take it out of the NS sets of the zone";
    finding.remedy.edits = edits_without(view, server);
  }
  finding.remedy.action += ".";
  found.push_back(std::move(finding));
}

}  // namespace

void check_quality(const ZoneView& view, std::vector<Finding>& found) {
  for (const NameServer& server : view.zone.servers) {
    check_soa(view, server, found);
    check_authority(view, server, found);
  }
}

}  // namespace dcv::check::delegation
