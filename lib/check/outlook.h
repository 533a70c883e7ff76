#pragma once
// What would break a renewal that starts later, if nothing is done until then: the same observation
// judged by later clocks.

#include <optional>
#include <string>
#include <vector>

#include "check/snapshot.h"

namespace dcv::check {

struct Outlook {
  double from = 0;  // Unix seconds
  Verdict verdict = Verdict::unknown;
  std::optional<double> chance;
  std::vector<Noted> findings;  // that affect the CA, from then on and not before
  std::string perspectives;     // how many the CA asks from then on; empty: as many as before
  // Only if the signatures are still those that were seen: else it does not come.
  bool unless_signed_anew = false;

  friend bool operator==(const Outlook&, const Outlook&) = default;
};

// So far ahead nobody can say anything: two of today's certificates one after the other.
constexpr double kOutlookSeconds = 400 * 86400.0;

// One list for each judgement, which are those of evaluate(); the earliest first. At the moments
// when lasting records end or rules change, as if signatures were made anew; and at those when
// signatures should have been made anew, and when they end.
std::vector<std::vector<Outlook>> outlooks_of(const observe::Observation& observation,
                                              const std::vector<Judgement>& judgements);

}  // namespace dcv::check
