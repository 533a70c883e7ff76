#pragma once
// The commands that read the history: history, diff, at and forecast.

#include "watch_options.h"

namespace dcv::probes {

int show(const WatchOptions& options, tools::Environment& environment);

}  // namespace dcv::probes
