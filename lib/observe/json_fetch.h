#pragma once
// What web servers did, written and read.

#include <nlohmann/json.hpp>

#include "observe/json_field.h"
#include "observe/observation.h"

namespace dcv::observe {

nlohmann::ordered_json web_value(const WebSight& web);
WebSight read_web(const Field& field);

}  // namespace dcv::observe
