#pragma once
// Options that outlast a call: from the environment (DCV_TIMEOUT=10) and the configuration file.

#include <map>
#include <stdexcept>
#include <string>

namespace boost::program_options {
class options_description;
class variables_map;
}  // namespace boost::program_options

namespace dcv::tools {

// A slip of the user, in one sentence.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// By option: what a message calls it when it does not stand on the command line, such as
// "DCV_TIMEOUT" or "/etc/dcv.conf, line 3: timeout".
using Places = std::map<std::string, std::string>;

// Both add to `values` what is not there yet, and throw UsageError.
void read_environment(const boost::program_options::options_description& known,
                      boost::program_options::variables_map& values, Places& places);
// `path` empty: the default one, which need not exist.
void read_config(const std::string& path, const boost::program_options::options_description& known,
                 boost::program_options::variables_map& values, Places& places);

}  // namespace dcv::tools
