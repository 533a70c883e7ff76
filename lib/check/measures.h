#pragma once
// Numbers of one target that monitoring draws curves of and sets limits to. They judge nothing.

#include <optional>

#include "check/family.h"

namespace dcv::check {

// What was not measured is absent, never 0.
struct Measures {
  // CNAMEs and DNAMEs on the way to the final name; absent where nobody answered who could have
  // told of one.
  std::optional<int> aliases;
  // The addresses of the last zone's servers, by what they say to the proof question: `right` as
  // Vote has it, `wrong` otherwise, `unusable` when silent, lame or broken.
  int right = 0, wrong = 0, unusable = 0;
  std::optional<double> agreement;      // right of all that were asked, 0 to 1
  std::optional<double> signature_end;  // Unix seconds: when the first signature of the probed
                                        // zones on the path expires; each set by its last one
  std::optional<double> longest_ttl;    // seconds, of the proof and the aliases to it
  std::optional<double> negative_ttl;   // seconds a denial in the last zone is kept (RFC 2308)
  std::optional<double> slowest_reply;  // seconds, to the proof question

  friend bool operator==(const Measures&, const Measures&) = default;
};

Measures measures_of(const Case& test);

}  // namespace dcv::check
