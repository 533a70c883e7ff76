#pragma once
// Private to the delegation checks: one zone seen through its servers, and what a remedy is made
// of. Only the files delegation*.cpp include it.

#include <cstdint>
#include <string>
#include <vector>

#include "check/family.h"
#include "observe/lookup.h"

namespace dcv::check::delegation {

using Exchanges = std::vector<const observe::Exchange*>;

// How one address fares as a server of one zone, by what it made of the proof question, or of
// questions about the apex where the proof was not asked.
enum class Standing {
  good,
  not_authoritative,  // answers, but AA is off
  wrong_zone,         // answers with authority for another zone
  lame,               // answers that it does not serve the zone
  garbled,            // what it sends is no reply; the transport checks say so
  cut_short,          // its UDP reply was truncated and TCP failed; the transport checks say so
  silent,             // nothing at all, or nothing to the proof question
  unjudged,           // not asked, or its address family does not work here
};

struct AddressView {
  const observe::NameServer* server = nullptr;
  dns::IpAddress address;
  Standing standing = Standing::unjudged;
  Exchanges shown;  // what the standing rests on
};

struct ZoneView {
  const Case& test;
  const observe::Zone& zone;
  std::vector<AddressView> addresses;  // by server name, then address
};

ZoneView view_of(const Case& test, const observe::Zone& zone);

// Answers that a CA's resolver can use.
bool is_usable(Standing standing);
// Some reply came, of whatever worth.
bool has_answered(Standing standing);
// The addresses of one server.
std::vector<AddressView> of_server(const ZoneView& view, const observe::NameServer& server);
std::vector<AddressView> with_standing(const std::vector<AddressView>& addresses,
                                       Standing standing);
// True when every address of the server that could be judged has this standing, and one could.
bool all_judged_are(const ZoneView& view, const observe::NameServer& server, Standing standing);
bool has_address(const observe::NameServer& server);

// What the parent's servers said of the zone, and what the zone's own servers gave as its NS set.
Exchanges referrals(const ZoneView& view);
Exchanges apex_ns_replies(const ZoneView& view);
// All that was asked about the addresses of a server's host name.
Exchanges address_exchanges(const ZoneView& view, const dns::Name& host);

// The row of the catalogue; throws std::logic_error for an id that is not in it.
const FindingKind& kind(std::string_view id);

// Words for messages and actions.
std::string addresses_text(const std::vector<AddressView>& addresses);
std::string addresses_text(const std::vector<dns::IpAddress>& addresses);
std::string parent_text(const ZoneView& view);                    // "the parent zone example"
std::string not_serving_text(const observe::Exchange& exchange);  // "REFUSED"
std::string silence_text(const observe::Exchange& exchange);      // "no reply in time"

// Lines of the two sides, with the TTL seen there.
std::string parent_ns_line(const ZoneView& view, const dns::Name& host);
std::string child_ns_line(const ZoneView& view, const dns::Name& host);
std::string glue_line(const ZoneView& view, const dns::Name& host, const dns::IpAddress& address);

// Takes the server out of the NS sets that list it, at the parent and in the zone.
std::vector<Edit> edits_without(const ZoneView& view, const observe::NameServer& server);
// Takes addresses of the server out of the parent's glue and out of the host's own zone.
std::vector<Edit> edits_without(const ZoneView& view, const observe::NameServer& server,
                                const std::vector<dns::IpAddress>& addresses);

void add_evidence(const ZoneView& view, const Exchanges& exchanges, Finding& finding);
// The first exchange of each address.
void add_evidence(const ZoneView& view, const std::vector<AddressView>& addresses,
                  Finding& finding);
// A finding whose subject is the server, with the arguments {server} and {zone} set.
Finding server_finding(const ZoneView& view, std::string_view id, const observe::NameServer& server,
                       std::map<std::string, std::string> arguments);

// The server's host has no address, so far as can be told.
bool lacks_address(const ZoneView& view, const observe::NameServer& server);
// `others` have one.
void report_without_address(const ZoneView& view, const observe::NameServer& server, bool others,
                            std::vector<Finding>& found);
// Where no server has one, those with the same reason are told together.
void report_none_has_address(const ZoneView& view,
                             const std::vector<const observe::NameServer*>& lacking,
                             std::vector<Finding>& found);

// The checks of one zone; each appends what it finds.
void check_servers(const ZoneView& view, std::vector<Finding>& found);
void check_quality(const ZoneView& view, std::vector<Finding>& found);
void check_sets(const ZoneView& view, std::vector<Finding>& found);
void check_addresses(const ZoneView& view, std::vector<Finding>& found);

}  // namespace dcv::check::delegation
