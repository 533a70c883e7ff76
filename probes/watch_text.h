#pragma once
// What the store has, as text for people and as lines of JSON.

#include <string>
#include <vector>

#include "store.h"

namespace dcv::probes {

// Two moments of one watch.
struct Pair {
  Stay before, after;
};

std::string text_of(const Event& event);
std::string text_of(const Stay& stay);
std::string text_of(const Pair& pair);
// What is known now, and what lies ahead up to `at`; empty: all of it.
std::string text_of(const Forecast& forecast, std::optional<double> at);

std::string json_line(const Stay& stay);
std::string json_line(const Forecast& forecast, std::optional<double> at);

// How the name is judged by the clock `at` if nobody does anything, or at worst in all that lies
// ahead: there, that signatures end counts only where they should have been made anew already.
check::Verdict verdict_at(const Forecast& forecast, std::optional<double> at);
// The outlooks up to `at`, or all.
std::vector<check::Outlook> ahead_of(const Forecast& forecast, std::optional<double> at);

}  // namespace dcv::probes
