#pragma once
// The CA eye: asks as a CA's validation authorities do, with an embedded validating resolver
// (libunbound) for each perspective. Knows nothing of the survey.

#include <memory>
#include <vector>

#include "observe/observation.h"
#include "resolve/ca_questions.h"
#include "resolve/collect.h"

namespace dcv::resolve {

class CaResolver {
 public:
  // Asks at once; the answers come in while the caller does something else. Each perspective of
  // each profile is a resolver of its own, with nothing cached. Of the plan its root hints, trust
  // anchors, settings and clock count. Throws std::runtime_error when it cannot be set up.
  CaResolver(const Plan& plan, const std::vector<CaQuestion>& questions);
  // Gives up what is still under way, within milliseconds.
  ~CaResolver();

  // Waits until everything is answered or no answer can count any more: at most this many seconds,
  // at most kCaPatience after the questions. The answers in the order of the questions; once.
  std::vector<observe::CaAnswer> finish(double seconds);

 private:
  class Collector;
  std::unique_ptr<Collector> collector_;
};

}  // namespace dcv::resolve
