#pragma once
// Parts that several JSON documents have in common.

#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "check/evaluate.h"
#include "observe/observation.h"

namespace dcv::report {

nlohmann::ordered_json json_of(const check::Finding& finding);
nlohmann::ordered_json json_of(const observe::Stats& stats);
// A target of a report; the cost is that of the whole run.
nlohmann::ordered_json json_of(const check::Judgement& target, const observe::Stats& stats);
nlohmann::ordered_json json_of(const std::optional<double>& number, int decimals);  // or null
// The document with its line end; bytes that are not UTF-8 are replaced.
std::string dumped(const nlohmann::ordered_json& value, bool in_one_line);

}  // namespace dcv::report
