#pragma once
// The exporter's configuration file: modules and limits.

#include <map>
#include <memory>
#include <string>

#include "module.h"

namespace dcv::probes {

inline constexpr const char* kDefaultModule = "dns-01";
// Probes at once: each has a thread, sockets and CA resolvers, some 20 MB while it runs.
inline constexpr int kDefaultProbes = 10;

struct ExporterConfig {
  std::map<std::string, std::shared_ptr<const Module>> modules;
  int probes = kDefaultProbes;
};

// Without a file (empty path) there is the default module alone. `defaults` are the options of a
// module that says nothing. An error is one sentence that names file, line and key.
Result<ExporterConfig> load_exporter_config(const std::string& path, const tools::Options& defaults,
                                            const tools::Environment& environment);

}  // namespace dcv::probes
