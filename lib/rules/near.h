#pragma once
// The words that somebody may have meant who wrote one that does not exist.

#include <string>
#include <string_view>
#include <vector>

namespace dcv::rules {

// At most three of `words`, nearest first. One that contains the text is as near as one with a
// single slip.
std::vector<std::string_view> near_words(std::string_view text,
                                         const std::vector<std::string_view>& words);

// "there is no KIND "TEXT"; near: a, b" or, when nothing is near, "; there are: " and all.
std::string unknown_word(std::string_view kind, std::string_view text,
                         const std::vector<std::string_view>& words);

}  // namespace dcv::rules
