#pragma once
// Signs that somebody on the way answers in the place of the servers asked: port 53 is intercepted.
// Pure; results point into the observation and live as long.

#include <vector>

#include "observe/observation.h"

namespace dcv::observe {

// As resolvers answer and root or registries never do: RA set, AA off, and not a referral.
bool is_resolver_reply(const Exchange& exchange);

// One exchange an address, in the order of the addresses.
struct Interception {
  std::vector<const Exchange*> roots;    // root servers' addresses that answer as a resolver does
  std::vector<const Exchange*> unused;   // answers from addresses where no server can be
  std::vector<const Exchange*> genuine;  // root servers' addresses that answer as they should

  // A single server with RA may just be ill: it takes all that answer, and two at least. Nobody
  // can answer at an unused address.
  bool is_certain() const;
};

Interception interception(const Observation& observation);

}  // namespace dcv::observe
