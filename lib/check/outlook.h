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

  friend bool operator==(const Outlook&, const Outlook&) = default;
};

// So far ahead nobody can say anything: two of today's certificates one after the other.
constexpr double kOutlookSeconds = 400 * 86400.0;

// One list for each judgement, which are those of evaluate(); the earliest first. At the moments
// when signatures or lasting records end, and when rules change.
std::vector<std::vector<Outlook>> outlooks_of(const observe::Observation& observation,
                                              const std::vector<Judgement>& judgements);

}  // namespace dcv::check
