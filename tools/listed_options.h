#pragma once
// Which options there are: the tables behind --help.

#include "options.h"

namespace boost::program_options {
class options_description;
}  // namespace boost::program_options

namespace dcv::tools {

// Only for this call on the command line; meaningless in a configuration file.
boost::program_options::options_description call_options(const OptionGroups& groups);
// Also from environment and configuration file.
boost::program_options::options_description lasting_options(const OptionGroups& groups);

}  // namespace dcv::tools
