#pragma once
// The command line of dcv-exporter.

#include <optional>
#include <string>
#include <vector>

#include "env.h"
#include "http_server.h"

namespace dcv::probes {

struct ExporterOptions {
  std::vector<ListenAddress> listen;     // at least one
  std::string config;                    // empty: the default module alone
  std::string web_config;                // TLS and passwords; empty: neither
  bool check = false;                    // only look whether the files can be used
  std::string textfile;                  // empty: serve; else one pass over the names
  std::string module;                    // of the pass
  std::vector<std::string> names;        // of the pass
  double timeout_offset = 0.5;           // seconds
  std::string root_hints, trust_anchor;  // of modules that name none; empty: built in
};

// Go on with options, or end now with a status: what has to be told then has been printed.
struct ParsedExporter {
  std::optional<ExporterOptions> options;
  int status = 0;
};
ParsedExporter parse_exporter_options(tools::Environment& environment);

}  // namespace dcv::probes
