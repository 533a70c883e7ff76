#pragma once
// From observation to verdict: runs every check, orders the findings, applies the verdict table.

#include <optional>
#include <string>
#include <vector>

#include "check/finding.h"
#include "check/measures.h"
#include "observe/observation.h"

namespace dcv::check {

enum class Verdict { ready, at_risk, blocked, unknown };

std::string_view text(Verdict verdict);  // "ready", "at-risk", "blocked", "unknown"
int exit_status(Verdict verdict);        // 0, 1, 2, 3
Verdict worse(Verdict a, Verdict b);     // blocked, then unknown, then at-risk, then ready

struct Judgement {
  std::string identifier, method, ca;
  std::string validation_name, final_name;  // absolute, with final dot
  // Who validates for the name or takes its delegation; empty: nobody known.
  std::string provider = {};
  Verdict verdict = Verdict::unknown;
  std::optional<double> chance;        // 0 to 1 that an order passes; empty when not to be told
  std::optional<double> wait_seconds;  // until caches and lagging servers can agree; empty: no wait
                                       // helps or none is needed
  std::string wait_reason;
  std::string next_step;  // one sentence
  std::string ca_error;   // of a blocked order: what the CA would say, in its own words; empty when
                          // its words are not known or its resolver was not tried
  Measures measures = {};
  std::vector<Finding> findings;  // root causes by severity, each before what it explains

  friend bool operator==(const Judgement&, const Judgement&) = default;
};

// One judgement for each target and each profile: the targets in the observation's order, each with
// its profiles in their order. Without any profile it is default_profile(). With `signatures_at`
// signatures are judged by that clock, all else by the observation's.
std::vector<Judgement> evaluate(const observe::Observation& observation,
                                std::optional<double> signatures_at = std::nullopt);

}  // namespace dcv::check
