#pragma once
// Waiting for records: from round to round, whether to go on, when to ask again, and how it ended.
// Knows no clock, no network and no randomness of its own.

#include <optional>
#include <string>
#include <string_view>

#include "check/propagation.h"
#include "dns/result.h"

namespace dcv::check {

// How many of a group must hold the records.
struct Quorum {
  int least = 0;  // 0: all
  int of = 0;     // with `least`: "N/M", a share of those that answer; 0: of all of them

  static Result<Quorum> parse(std::string_view text);  // "all", "any", "2/3"
  bool reached(int holding, int asked) const;          // never by nobody
};

struct WaitRules {
  double patience = 600;  // seconds in all (--wait)
  int rounds = 3;         // in a row, all authorities (--rounds)
  Quorum authorities = {}, resolvers = {};
  bool with_public = false;  // then ask the resolvers too
};

struct Step {
  enum class Do { ask_authorities, ask_resolvers, stop } what = Do::ask_authorities;
  double after = 0;                    // seconds until then
  Verdict verdict = Verdict::unknown;  // when stopping
  std::string sentence;                // where it stands, or why it stops
};

class Rounds {
 public:
  explicit Rounds(const WaitRules& rules) : rules_(rules) {}

  // After each look at the authorities. `elapsed`: seconds since the wait began, suspension of the
  // machine included; `random`: 0 to 1, for the jitter.
  Step after_authorities(const Propagation& seen, double elapsed, double random);
  // After a look at the resolvers.
  Step after_resolvers(const Propagation& seen, double elapsed, double random);

 private:
  std::string lost(const Propagation& seen) const;

  WaitRules rules_;
  int agreeing_ = 0;                  // rounds in a row
  int most_holding_ = 0, asked_ = 0;  // authorities, in the round in which most held the records
};

}  // namespace dcv::check
