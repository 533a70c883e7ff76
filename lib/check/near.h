#pragma once
// The words that somebody may have meant who wrote one that does not exist.

#include <string_view>
#include <vector>

namespace dcv::check {

// At most three of `words`, nearest first. One that contains the text is as near as one with a
// single slip.
std::vector<std::string_view> near_words(std::string_view text,
                                         const std::vector<std::string_view>& words);

}  // namespace dcv::check
