#pragma once
// Who sees the records and who does not, why, and until when: rows of a matrix and their totals.
// Pure.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "check/evaluate.h"
#include "check/family.h"
#include "observe/sight.h"

namespace dcv::check {

enum class Eye { authority, resolver, system };

// One address and how it is asked.
struct Row {
  Eye eye = Eye::authority;
  std::string zone;         // authorities: the zone served; resolvers: empty
  std::string who;          // "ns1.shop.example", "Google"; the address where nothing is known
  std::string address;      // with port where it is not the usual one
  std::string transport;    // "udp", "tcp", "tls", "https"
  std::string country;      // resolvers: ISO code, "anycast", or empty
  std::string instance;     // NSID or id.server, as far as told
  observe::Seen seen;       // of the first sample that answered
  std::string word;         // "holds", "NXDOMAIN", "old value", "SERVFAIL (bogus)", "silent", …
  bool odd = false;         // not what the target needs: listed first
  bool holds = false;       // every sample that was answered holds it, and one was
  bool counted = false;     // in the totals: it answered itself, and not by a policy of its own
  bool on_the_way = false;  // asked for an alias: it holds the one that leads to the records
  int samples = 0, samples_holding = 0;  // questions answered, and how many of them hold it
  std::optional<double> round_trip;      // seconds
  std::optional<double> wait_seconds;    // from `now` until it must agree; empty: none needed, or
                                         // no wait helps
  std::string reason;                    // id of the finding that explains it; empty when not odd
};

struct Propagation {
  std::vector<Row> rows;  // authorities by zone, server and address; then resolvers by operator;
                          // then the system's: the odd ones first within each
  // Those counted; silent ones say nothing for or against. The system's resolvers are resolvers.
  int authorities = 0, authorities_holding = 0;  // where the records are
  int on_the_way = 0, leading = 0;               // at aliases: asked, and leading to the records
  int resolvers = 0, resolvers_holding = 0;
  Verdict verdict = Verdict::unknown;  // ready: all counted hold it; at-risk: only some; blocked:
                                       // it cannot come by waiting; unknown: it could not be judged
  bool unpublished = false;            // blocked, and nothing else is in the way of publishing it
  std::optional<double> wait_seconds;  // until all agree: the longest of the rows; empty: none is
                                       // needed, or no wait helps at one that is counted
  std::string certainty;  // "full", or why it is lower: "port 53 is blocked here; asked over TLS"
  std::string summary;    // one sentence: verdict and the main reason
};

// By zone and address of authorities: when each must agree (Unix seconds), as earlier looks have
// told. A copy that was seen once is not renewed later for being seen again.
using Deadlines = std::map<std::pair<std::string, std::string>, double>;

// `findings` are those of the target's judgement, visibility included.
Propagation propagation_of(const Case& test, const std::vector<Finding>& findings,
                           const Deadlines& earlier = {});
// What the next look is to know; `now` is that of this look.
Deadlines deadlines_of(const Propagation& seen, double now);

}  // namespace dcv::check
