// From YAML to modules.
#include "exporter_config.h"

#include <algorithm>

#include "dns/name.h"
#include "rules/method.h"
#include "strict_config.h"

namespace dcv::probes {
namespace {

constexpr double kMostSeconds = 600;  // of a probe: no scrape waits longer
constexpr double kMostProbes = 1000;

bool is_module_name(const std::string& name) {
  constexpr std::size_t kMost = 64;
  return !name.empty() && name.size() <= kMost && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

void read_ca(ConfigMap& map, tools::Options& options) {
  options.cas = map.texts("ca");
  options.ca_profiles = map.path("ca_profiles");
  options.providers = map.path("providers");
  options.ca_eye = map.flag("ca_eye").value_or(true);
  options.account_uris = map.texts("account_uris");
  for (const std::string& uri : options.account_uris)
    if (uri.find(':') == std::string::npos || uri.find_first_of(" \t") != std::string::npos)
      map.refuse("account_uris", "takes URIs (https://...), not " + dns::quoted(uri));
}

void read_network(ConfigMap& map, tools::Options& options) {
  observe::Settings& settings = options.settings;
  settings.timeout = map.number("timeout", 0.1, kMostSeconds).value_or(settings.timeout);
  settings.query_timeout =
      map.number("query_timeout", 0.1, kMostSeconds).value_or(settings.query_timeout);
  settings.allow_private = map.flag("allow_private").value_or(false);
  if (const auto version = map.number("ip_version", 4, 6)) {
    if (*version != 4 && *version != 6) map.refuse("ip_version", "takes 4 or 6");
    settings.ipv4 = *version == 4;
    settings.ipv6 = *version == 6;
  }
  if (const std::string path = map.path("root_hints"); !path.empty()) options.root_hints = path;
  if (const std::string path = map.path("trust_anchor"); !path.empty()) options.trust_anchor = path;
}

void read_public(ConfigMap& map, tools::Options& options) {
  options.ask_public = map.flag("public").value_or(false);
  options.public_eye.resolvers = map.texts("resolvers");
  if (!options.ask_public && !options.public_eye.resolvers.empty())
    map.refuse("resolvers", "are asked only where public is true");
}

tools::Options read_module(ConfigMap& map, tools::Options options) {
  options.method = map.text("method").value_or("");
  if (!options.method.empty())
    if (const auto method = rules::parse_method(options.method); !method)
      map.refuse("method", method.error());
  options.expect = map.texts("expect");
  read_ca(map, options);
  read_network(map, options);
  read_public(map, options);
  map.finish();
  return options;
}

std::shared_ptr<const Module> made(const std::string& name, const tools::Options& options,
                                   const tools::Environment& environment, const ConfigMap& map) {
  auto module = make_module(name, options, environment);
  if (!module) map.refuse("", module.error());
  return *module;
}

ExporterConfig read(const std::string& path, const tools::Options& defaults,
                    const tools::Environment& environment) {
  ConfigMap file = ConfigMap::of_file(path);
  ExporterConfig config;
  if (std::optional<ConfigMap> limits = file.map("limits")) {
    if (const auto probes = limits->number("probes", 1, kMostProbes)) {
      config.probes = static_cast<int>(*probes);
      if (config.probes != *probes) limits->refuse("probes", "takes a whole number");
    }
    limits->finish();
  }
  std::optional<ConfigMap> modules = file.map("modules");
  file.finish();
  if (!modules) file.refuse("", "there are no modules");
  for (auto& [name, map] : modules->named_maps()) {
    if (!is_module_name(name)) map.refuse("", "a module's name has letters, digits and -_. only");
    config.modules[name] = made(name, read_module(map, defaults), environment, map);
  }
  if (config.modules.empty()) file.refuse("", "there are no modules");
  return config;
}

}  // namespace

Result<ExporterConfig> load_exporter_config(const std::string& path, const tools::Options& defaults,
                                            const tools::Environment& environment) {
  if (path.empty()) {
    const auto module = make_module(kDefaultModule, defaults, environment);
    if (!module) return Error{module.error()};
    return ExporterConfig{.modules = {{kDefaultModule, *module}}};
  }
  try {
    return read(path, defaults, environment);
  } catch (const ConfigError& error) {
    return Error{error.what()};
  }
}

}  // namespace dcv::probes
