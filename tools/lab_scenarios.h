#pragma once
// Where scenarios lie: by name in the folder of all, or by path.

#include <filesystem>

#include "lab/scenario.h"
#include "lab_options.h"

namespace dcv::tools {

// --scenarios, or the folder that came with the build or the installation.
std::filesystem::path scenarios_folder(const LabOptions& options);

// The scenario asked for, edits applied. An error is one sentence.
Result<lab::Scenario> find_scenario(const LabOptions& options);

}  // namespace dcv::tools
