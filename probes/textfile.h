#pragma once
// One pass over names, written where the textfile collector of node_exporter finds it.

#include "exporter_config.h"
#include "exporter_options.h"

namespace dcv::probes {

// Probes the names in one run and puts the file in the place of the one before, whole or not at
// all. Returns the exit status: 0 when it was written, whatever the verdicts. Throws when it cannot
// be written.
int write_textfile(const ExporterOptions& options, const ExporterConfig& config,
                   tools::Environment& environment);

}  // namespace dcv::probes
