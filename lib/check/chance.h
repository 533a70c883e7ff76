#pragma once
// The probability that an order passes, from the share of right answers and the CA's quorum.

#include <optional>

#include "check/family.h"

namespace dcv::check {

// Remote perspectives besides the primary one: 4, and 5 from 2026-12-15 (BR 3.2.2.9).
int remote_perspectives(double now);

// Every perspective meets a right answer with probability `share`; the primary one must, and all
// but one of the remotes (Boulder va/va.go; BR 3.2.2.9).
double pass_probability(double share, int remotes);

// The share is the product over all zones of the path; empty without a single step.
std::optional<double> chance_of(const Case& test);

}  // namespace dcv::check
