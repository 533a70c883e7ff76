#pragma once
// Reads the part "web" of a scenario. Private to the files that read scenarios.

#include <vector>

#include "lab/scenario_field.h"
#include "lab/web.h"

namespace dcv::lab {

std::vector<WebServer> read_web_servers(const Field& field);

}  // namespace dcv::lab
