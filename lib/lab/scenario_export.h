#pragma once
// Scenarios written out for others: the list as JSON, and the complete zones as files that other
// name servers can load.

#include <filesystem>
#include <string>
#include <vector>

#include "lab/scenario.h"

namespace dcv::lab {

// One document with a final line break; docs/lab.md gives its form.
std::string list_json(const std::vector<Story>& stories);

// Writes SERVER/ZONE.zone for each server and servers.json into `folder`, which is made if need be.
Result<bool> export_scenario(const Scenario& scenario, const std::filesystem::path& folder);

}  // namespace dcv::lab
