#pragma once
// The command run: signals, the list, the transport of each look.

#include "watch_options.h"

namespace dcv::probes {

int run_watch(const WatchOptions& options, tools::Environment& environment);

}  // namespace dcv::probes
