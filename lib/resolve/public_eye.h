#pragma once
// The public eye: what resolvers show of the targets that the authority eye has seen. Asks no cache
// for records that the authorities do not agree on, unless told to: that would plant a denial.
// Where port 53 is blocked or intercepted, so that no authority can be asked, it looks anyway.

#include <optional>
#include <vector>

#include "net/transport.h"
#include "observe/observation.h"

namespace dcv::resolve {

struct PublicPlan {
  std::vector<observe::PublicResolver> resolvers;  // their `identity` is empty
  // Encrypted ways to the same ones; asked only when port 53 is silent everywhere, or somebody else
  // answers there.
  std::vector<observe::PublicResolver> fallback = {};
  bool ask_anyway = false;                         // also while the authorities do not agree
  int samples = 3;                                 // questions to each for the same records
  std::optional<dns::ClientSubnet> client_subnet;  // ECS
};

// Adds Observation::resolvers and each target's views in place of older ones, all resolvers asked
// at once, and brings stats up to date. The observation has been collected through the same
// transport. A target whose authorities do not agree gets the reason in views_withheld instead;
// then resolvers inside of the network are still asked for the zone's name servers.
void look(const PublicPlan& plan, observe::Observation& observation, net::Transport& transport);

// Asks again what may have changed at the authorities: the proof and the zone's SOA at every
// address of every zone on the target's way from alias to proof, no delegation, no resolver. The
// replies take the place of the old exchanges; what else was sampled at that name, and what the CA
// eye said, is dropped. `now` (Unix seconds, when this begins) becomes the clock to judge by. When
// an alias or a delegation has changed, or nothing usable comes from a zone any more, it returns
// false: then the walk has to be repeated.
bool look_again(observe::Observation& observation, net::Transport& transport, double now);

}  // namespace dcv::resolve
