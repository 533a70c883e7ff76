#pragma once
// What the command line, --order and --csr ask for, as wishes.

#include <string>
#include <vector>

#include "observe/ca_profile.h"
#include "options.h"
#include "targets.h"

namespace dcv::tools {

struct Wishes {
  std::vector<Wish> wishes;
  std::vector<observe::CaProfile> profiles;  // to judge for; those of --ca first
};

// `chosen` are the profiles of --ca. Errors are one sentence, with file and line where there are
// any.
Result<Wishes> wishes_of(const Options& options, std::vector<observe::CaProfile> chosen);

}  // namespace dcv::tools
