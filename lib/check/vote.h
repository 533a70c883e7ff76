#pragma once
// What the addresses of a zone say to the proof question, reduced to right or wrong for the CA.

#include <string>
#include <vector>

#include "check/family.h"

namespace dcv::check {

// One reply that a CA's resolver would accept. Lame and silent servers, and those that are silent
// to UDP or to EDNS, have no vote: the resolver goes on to the next one.
struct Vote {
  const observe::Exchange* exchange = nullptr;
  std::string meaning;  // equal for replies that mean the same to the CA
  bool right = false;
};

// The votes of `zone`, which lies on the path to `step`: right is a referral downwards above the
// step's own zone; there, the alias that the walk followed; at the last step, all expected values,
// or without any what most addresses say.
std::vector<Vote> votes(const Case& test, const observe::Step& step, const observe::Zone& zone);

}  // namespace dcv::check
