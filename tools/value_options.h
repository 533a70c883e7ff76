#pragma once
// What the values of options mean.

#include <boost/program_options.hpp>

#include "dns/name.h"
#include "lasting_options.h"
#include "options.h"

namespace dcv::tools {

// A value that its option does not take; `rest` goes on after the option's name.
struct ValueError : UsageError {
  ValueError(const std::string& name, const std::string& rest)
      : UsageError("--" + name + rest), option(name), what_is_wrong(rest) {}

  std::string option, what_is_wrong;
};

// The value of an option, or `otherwise` where it was not given.
template <typename T>
T get(const boost::program_options::variables_map& values, const char* name, T otherwise) {
  return values.count(name) ? values[name].as<T>() : otherwise;
}
// The text given for an option; empty without one. A text that is an option itself is a slip.
std::string text_of(const boost::program_options::variables_map& values, const char* name);

// All options of the groups. Throws UsageError.
Options read_values(const boost::program_options::variables_map& values, const OptionGroups& groups,
                    const Environment& environment);

}  // namespace dcv::tools
