#pragma once
// Advice before somebody delegates: is DNS the way, is a delegation worth it, and of which kind.
// From what a run has seen of the present zone; judges no order.

#include <string>
#include <vector>

#include "check/evaluate.h"
#include "observe/observation.h"

namespace dcv::check {

struct Advice {
  std::string about;                 // "method", "delegation", "kind"
  std::string answer;                // one or two sentences
  std::vector<std::string> reasons;  // whole sentences; what was seen in the zone comes first
};

struct Advised {
  std::string identifier;
  std::string validation_name;  // absolute, with final dot
  std::string zone;             // that holds it, as far as the walk came
  bool judged = false;          // false: the zone's servers told nothing
  std::vector<Advice> advice;   // in the order in which to decide
};

// One for each target; `judgements` are those of evaluate(observation).
std::vector<Advised> advise(const observe::Observation& observation,
                            const std::vector<Judgement>& judgements);

}  // namespace dcv::check
