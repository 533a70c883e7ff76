#pragma once
// What --csr says of a run's wishes: the names, the key, and what CAs compute from it.

#include <string>
#include <vector>

#include "observe/ca_profile.h"
#include "options.h"
#include "targets.h"

namespace dcv::tools {

// Without any wish there is one for each name in the CSR of --csr; else each must be for one of
// them. Where a CA looks for a value made of the CSR, place and value are filled in, unless the
// wish or --expect tells them. Returns what is wrong; empty if nothing is.
std::string add_csr(const Options& options, const std::vector<observe::CaProfile>& profiles,
                    std::vector<Wish>& wishes);

}  // namespace dcv::tools
