#pragma once
// One probe: a run with a module for its targets, and what became of it. Blocks until it is over.

#include <atomic>
#include <span>
#include <string>

#include "module.h"
#include "report/report.h"

namespace dcv::probes {

// Why a probe came to no judgement.
enum class Failure {
  bad_target,     // no name that a CA could validate
  timeout,        // its time was over before it was judged
  no_network,     // no root server answered
  intercepted,    // somebody on the way answers in the servers' place
  undecided,      // another reason for the verdict unknown
  busy,           // as many probes run as may
  shutting_down,  // the exporter ends
  internal,       // the exporter could not go on
};
std::string_view text(Failure failure);

struct ProbeResult {
  std::optional<Failure> failure;        // none: each target was judged
  std::string message;                   // of bad_target and internal: what is wrong
  std::optional<report::Report> report;  // none: nothing was asked
  observe::Observation observation;      // what the report was made of
};

// Of a probe that asked nothing.
ProbeResult failed(Failure failure, const std::string& message = "");

// `timeout` in seconds. Throws Stopped soon after `stop` was set.
ProbeResult run_probe(const Module& module, const Targets& targets, double timeout,
                      const tools::Environment& environment, const std::atomic<bool>& stop);

}  // namespace dcv::probes
