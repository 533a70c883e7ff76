#pragma once
// What a family of checks looks like to the catalogue: its rows and one pure function.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "check/finding.h"
#include "observe/interception.h"
#include "observe/lookup.h"
#include "observe/observation.h"
#include "rules/method.h"

namespace dcv::check {

// What is the same for all cases of an observation, worked out once. The observation must stay as
// it is meanwhile.
struct Overview {
  // `signatures_at`: the clock for signatures; by default that of the observation.
  explicit Overview(const observe::Observation& observation,
                    std::optional<double> signatures_at = std::nullopt);

  observe::Index exchanges;
  bool ipv6_works = true;  // see check/path.h
  observe::Interception interception;
  double signature_clock = 0;  // Unix seconds
};

// What a check sees: one target within its observation, and the CA to judge it for.
struct Case {
  const observe::Observation& observation;
  const observe::Target& target;
  const observe::CaProfile& profile;
  const Overview& overview;

  // All exchanges that match, in the order sent, but for proofs of other types: those are other
  // targets', or other places of this one.
  std::vector<const observe::Exchange*> select(const observe::Selection& selection) const;
};

struct Family {
  std::string_view name;
  std::span<const FindingKind> kinds;
  // Appends what it finds; reads nothing but the case and, to keep quiet where an earlier family
  // has said it, what was found before.
  void (*check)(const Case&, std::vector<Finding>&);
  // Of which kinds of proof it judges; empty: of all.
  std::span<const rules::Proof> proofs = {};
};

bool applies(const Family& family, const Case& test);

extern const Family kMethodFamily;
extern const Family kDelegationFamily;
extern const Family kAliasFamily;
extern const Family kDelegateFamily;
extern const Family kAuthorityFamily;
extern const Family kValueFamily;
extern const Family kRecordFamily;
extern const Family kPersistFamily;
extern const Family kTransportFamily;
extern const Family kDnssecFamily;
extern const Family kCaaFamily;
extern const Family kCaFamily;
extern const Family kVisibilityFamily;
extern const Family kWebFamily;
extern const Family kCsrFamily;

// A finding of `kind` with severity and affects from the row and the message filled in from
// `arguments`: every {name} in the row's message must be a key.
Finding make_finding(const FindingKind& kind, std::string subject,
                     std::map<std::string, std::string> arguments);

// "a, b and c"; "none" for nothing.
std::string joined(const std::vector<std::string>& parts);

// What one exchange is worth as evidence: server, question, and in short what came back.
Evidence evidence_of(const Case& test, const observe::Exchange& exchange);

}  // namespace dcv::check
