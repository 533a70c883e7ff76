#pragma once
// From the names that --ca gives to the profiles of the CAs, and tables of one's own.

#include <string>
#include <vector>

#include "dns/result.h"
#include "observe/ca_profile.h"
#include "observe/provider.h"

namespace dcv::tools {

// The profiles with these names, in their order and each once; names may be joined by commas.
// `table` is a file with further profiles, which take the place of shipped ones with the same name;
// empty: none. Without any name it is Let's Encrypt's. An error is one sentence.
Result<std::vector<observe::CaProfile>> choose_profiles(const std::vector<std::string>& names,
                                                        const std::string& table);

// The providers of a table of one's own; none for an empty path. An error is one sentence.
Result<std::vector<observe::Provider>> own_providers(const std::string& path);

// "letsencrypt, google, ...": the shipped ones.
std::string shipped_profile_names();

}  // namespace dcv::tools
