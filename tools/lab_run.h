#pragma once
// `dcv-lab run` and `dcv-lab serve`: a scenario brought to life.

#include "lab/scenario.h"

namespace dcv::tools {

struct LabRun {
  std::vector<dcv::dns::Record> trust_anchor;  // empty: the root is unsigned
  int delay_ms = 0;
  std::filesystem::path log = {};  // of what is asked; empty: none
  bool here = false;               // in the network we are in, which has been prepared
};

// Runs the command inside and returns its exit status. Throws what cannot go on.
int run_in_lab(const lab::Scenario& scenario, const LabRun& run,
               const std::vector<std::string>& command);

// Serves until interrupted.
int serve_lab(const lab::Scenario& scenario, const LabRun& run);

}  // namespace dcv::tools
