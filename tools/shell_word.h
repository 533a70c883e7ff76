#pragma once
// Words as a shell reads them.

#include <string>

namespace dcv::tools {

// The word as it is where a shell takes it so, else in single quotes.
std::string shell_word(const std::string& word);

}  // namespace dcv::tools
