#pragma once
// Private to the DNSSEC family: its findings, and the words and records that they are made of.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "check/dnssec_chain.h"

namespace dcv::check::dnssec {

// The checks; each appends what it finds in one zone of the chain.
void check_keys(const Case& test, const ZoneView& view, std::vector<Finding>& findings);
void check_replies(const Case& test, const ZoneView& view, std::vector<Finding>& findings);

// The finding of row `id` on the zone. {zone} and {parent} are set.
Finding found(std::string_view id, const ZoneView& view,
              std::map<std::string, std::string> arguments);
// The first exchanges only, each server and question once.
void add_evidence(const Case& test, const Exchanges& exchanges, Finding& finding);

std::string zone_text(const dns::Name& apex);  // "shop.example", "the root zone"
std::string date_text(double unix_seconds);    // "2026-09-21 14:13:20 UTC"
std::string tags_text(const std::set<std::uint16_t>& tags);
std::string servers_text(const Exchanges& exchanges);  // "ns1.shop.example (192.0.2.1)", each once
// "12345 (ECDSAP256SHA256)" for each DS or DNSKEY record.
std::string keys_text(const std::vector<dns::Record>& records);

// True if different servers give different keys, and one that was used lacks at some server.
bool keys_differ(const ZoneView& view);

// What to do is not the domain's holder's business above the registrable domain.
Remedy not_yours(const ZoneView& view);
// In the parent zone: takes out the DS records that fit no key, puts in `add`.
Edit ds_edit(const ZoneView& view, const std::vector<dns::Record>& remove,
             const std::vector<dns::Record>& add);
// The DS records that the zone's keys want: of those that sign the keys.
std::vector<dns::Record> wanted_ds(const ZoneView& view);

}  // namespace dcv::check::dnssec
