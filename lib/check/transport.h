#pragma once
// The parts of the family "transport": how servers are reached, not what they say.

#include <vector>

#include "check/family.h"

namespace dcv::check::transport {

inline constexpr FindingKind kKinds[] = {
    {"transport-no-network", Severity::error, Affects::client,
     "No root server answered, addresses asked: {asked}; nothing can be told from here",
     "RFC 1034 5.3.3", "0.1.0"},
    {"transport-intercepted", Severity::error, Affects::client,
     "Port 53 is intercepted here, nothing can be told of the domain's servers: {signs}",
     "RFC 1034 4.2.1", "0.1.0"},
    {"transport-limit-reached", Severity::notice, Affects::client,
     "The walk was cut short: {limit}", "", "0.1.0"},
    {"transport-ipv6-unavailable", Severity::info, Affects::client,
     "No IPv6 address answered this machine, so those of the name servers were not judged: "
     "{addresses}",
     "RFC 8555 10.2", "0.1.0"},
    {"transport-malformed", Severity::warning, Affects::ca,
     "{server} sends replies that are not well-formed DNS: {fault}", "RFC 1035 4.1", "0.1.0"},
    {"transport-mismatched-replies", Severity::warning, Affects::ca,
     "{server} sends replies whose id or question is not the one that was sent ({count} dropped)",
     "RFC 5452 9.1", "0.1.0"},
    {"transport-udp-silent", Severity::warning, Affects::ca,
     "{server} answers over TCP only, not over UDP, at {addresses}", "RFC 7766 5", "0.1.0"},
    {"transport-tcp-refused", Severity::warning, Affects::ca,
     "{server} answers over UDP, but not over TCP, at {addresses}", "RFC 7766 5", "0.1.0"},
    {"transport-edns-intolerant", Severity::warning, Affects::ca,
     "{server} {how} queries with EDNS at {addresses}", "RFC 6891 6.1.1", "0.1.0"},
    {"transport-case-not-kept", Severity::warning, Affects::ca,
     "{server} changes the letter case of the question at {addresses}", "RFC 1035 4.1.1", "0.1.0"},
    {"transport-truncated", Severity::notice, Affects::ca,
     "{servers} cut the UDP answer for {name} short; over TCP it has {bytes} bytes", "RFC 9715 3",
     "0.1.0"},
};

const FindingKind& kind(std::string_view id);

// Somebody on the way answers in the place of the servers asked.
bool is_intercepted(const std::vector<Finding>& findings);

// A limit that kept something from being asked or judged, and what to do about it.
Finding limit_reached(const Case& test, const std::string& limit, const std::string& action);

// What kept this machine or this run from seeing.
void check_run(const Case& test, std::vector<Finding>& findings);
// One finding a server and symptom.
void check_servers(const Case& test, std::vector<Finding>& findings);
// Answers too large for one UDP packet, one finding a name.
void check_size(const Case& test, std::vector<Finding>& findings);

}  // namespace dcv::check::transport
