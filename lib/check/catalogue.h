#pragma once
// All families and all kinds of findings.

#include <span>
#include <string_view>
#include <vector>

#include "check/family.h"

namespace dcv::check {

std::span<const Family* const> families();
std::vector<const FindingKind*> kinds();                        // in the families' order
const FindingKind* find_kind(std::string_view id);              // null when there is none
std::vector<std::string_view> near_ids(std::string_view text);  // at most three, nearest first

}  // namespace dcv::check
