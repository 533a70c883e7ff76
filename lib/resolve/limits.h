#pragma once
// Every bound of the walk, in one place, each with its reason.

#include <cstddef>

namespace dcv::resolve {

// Unbound follows 11 aliases and fails at the 12th (max-query-restarts); we look a little further
// to show where a chain that is too long would end.
constexpr int kAliases = 16;

// The DNS tree below the root is rarely deeper than 6 cuts; a name has at most 127 labels.
constexpr int kZoneCutsPerName = 20;

// NXNS (CVE-2020-8616): a hostile referral lists many hosts elsewhere. Unbound looks up 20 at most.
// More are noted, so that NS sets compare well.
constexpr int kHostLookupsPerZone = 20;
constexpr std::size_t kNameServersPerZone = 40;
constexpr std::size_t kAddressesPerServer = 8;

// Hosts of name servers that may be looked up in one run, and how deep look-ups may nest.
constexpr int kHostLookups = 200;
constexpr int kHostLookupDepth = 5;

// Questions for the addresses of mail hosts and of contacts' domains in one run: the largest
// senders list ten hosts, and a name has a handful of names above it.
constexpr int kMailLookups = 100;

// Names reached through aliases in one run, all targets together; servers that disagree may open
// more than one way.
constexpr int kAliasTargets = 200;

// At root and registries: servers asked at once; more only when these give nothing usable, then so
// many at once that a dead root (26 addresses) costs one time-out more, not three.
constexpr int kRegistryServersAtOnce = 2;
constexpr int kRegistryServersAfterSilence = 32;

// Boulder asks three times and its Unbound drops an answer that took longer than 1.9 s: a question
// that is not answered after this many seconds has timed out at a CA as well.
constexpr double kCaPatience = 6;

// Where the survey found no server that answers, the resolver's answer would come too late: its
// time-outs are longer than the 1.9 s.
constexpr double kCaPatienceWithDeadServers = 2.5;

// The shipped list has 275 resolvers; with seven questions to each, two names stay within what a
// run may ask (net/limits.h). Longer lists are for scanners.
constexpr std::size_t kResolvers = 300;

// Each asked in full, from the root on, by a resolver of a few megabytes; a real order has few
// names.
constexpr std::size_t kCaQuestions = 300;

// Of each family of one name that web servers are asked at; CDNs give two to eight.
constexpr std::size_t kWebAddresses = 8;

}  // namespace dcv::resolve
