#pragma once
// The loop of --wait: looks, rests and looks again as check::Rounds says, until every target has
// come to an end. Knows no socket, clock or terminal: all that is given to it.

#include <functional>
#include <string>
#include <vector>

#include "check/rounds.h"
#include "observe/observation.h"
#include "report/matrix.h"

namespace dcv::tools {

// Thrown by a look that a signal has cut short.
struct Interrupted {};

// How to look.
struct Looks {
  std::function<observe::Observation()> walk;              // from the root, everything anew
  std::function<bool(observe::Observation&)> authorities;  // again; false: walk
  std::function<void(observe::Observation&)> resolvers;
};

// What is outside.
struct World {
  std::function<double()> seconds;  // since any start; goes on while the machine is suspended
  std::function<double()> now;      // Unix seconds
  std::function<double()> random;   // 0 to 1
  std::function<void(double)> nap;  // sleeps for so many seconds at most
  std::function<bool()> interrupted;
};

// What a person or program is told meanwhile.
struct Listener {
  std::function<void(const report::Round&)> round;  // after each look, for each target looked at
  // Before each nap.
  std::function<void(const report::Propagations&, double until_look, double left)> rest;
};

// How it ended for one target.
struct Ending {
  check::Verdict verdict = check::Verdict::unknown;
  std::string sentence;
};

struct Waited {
  observe::Observation observation;              // the last
  std::vector<Ending> endings;                   // one a target
  std::vector<check::Deadlines> deadlines = {};  // one a target
};

Waited wait_until_there(const check::WaitRules& rules, const Looks& looks, const World& world,
                        const Listener& listener);

}  // namespace dcv::tools
