#pragma once
// The options that only a monitoring plug-in has: their table, and what they mean.

#include <string>
#include <vector>

namespace boost::program_options {
class options_description;
class variables_map;
}  // namespace boost::program_options

namespace dcv::tools {

struct PluginOptions {
  std::vector<std::string> warning, critical;  // METRIC=RANGE
  std::vector<std::string> require;            // METRIC
  std::string format = "nagios";               // or "checkmk", "zabbix-lld"
  int verbosity = 0;                           // 0 to 3
  bool exit_ok = false;
};

void add_plugin_options(boost::program_options::options_description& options);
// Throws UsageError. A format that is none of a plug-in's counts as not given when it is inherited
// from the environment or the configuration file: there it is meant for other tools.
PluginOptions read_plugin_options(const boost::program_options::variables_map& values,
                                  bool format_is_inherited);

}  // namespace dcv::tools
