// Finds scenario, base Internet and edits.
#include "lab_scenarios.h"

#include <fstream>
#include <sstream>

#include "lab/edits.h"
#include "rules/near.h"

namespace dcv::tools {
namespace {

namespace fs = std::filesystem;

// Where the build was made, or where it was installed.
fs::path default_folder() {
  const fs::path source = fs::path(DCV_SOURCE_DIR) / "tests" / "scenarios";
  if (fs::exists(source)) return source;
  return fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "share" / "dcvtools" /
         "scenarios";
}

bool is_scenario(const fs::path& folder) {
  return fs::exists(folder / "scenario.json");
}

std::string unknown_name(const std::string& name, const fs::path& all) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(all, ignored)) {
    if (is_scenario(entry.path())) names.push_back(entry.path().filename().string());
  }
  std::string sentence = "there is no scenario \"" + name + "\" in " + all.string();
  const auto near = rules::near_words(name, {names.begin(), names.end()});
  for (std::size_t i = 0; i < near.size(); ++i)
    sentence += (i == 0 ? "; near: " : ", ") + std::string(near[i]);
  return sentence;
}

// In the folder that --scenarios names, beside the scenario, or the one that everybody has.
fs::path base_of(const fs::path& scenario, const LabOptions& options) {
  for (const fs::path& folder : {options.scenarios, fs::weakly_canonical(scenario).parent_path()}) {
    if (!folder.empty() && fs::exists(folder / "base" / "base.json")) return folder / "base";
  }
  return default_folder() / "base";
}

Result<bool> apply_edits(const fs::path& path, lab::Scenario& scenario) {
  std::ifstream file(path);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) return Error{path.string() + " cannot be read"};
  const auto edits = lab::parse_edits(text.str());
  if (!edits) return Error{path.string() + ", " + edits.error()};
  return lab::apply_edits(*edits, scenario);
}

}  // namespace

fs::path scenarios_folder(const LabOptions& options) {
  return options.scenarios.empty() ? default_folder() : options.scenarios;
}

Result<lab::Scenario> find_scenario(const LabOptions& options) {
  const fs::path all = scenarios_folder(options);
  const bool path = options.scenario.find('/') != std::string::npos;
  const fs::path folder = path ? fs::path(options.scenario) : all / options.scenario;
  if (!is_scenario(folder)) {
    return Error{path ? "there is no " + (folder / "scenario.json").string()
                      : unknown_name(options.scenario, all)};
  }
  Result<lab::Scenario> scenario = lab::load_scenario(folder, base_of(folder, options));
  if (!scenario || options.edits.empty()) return scenario;
  lab::Scenario edited = std::move(scenario).value();
  const auto applied = apply_edits(options.edits, edited);
  if (!applied) return Error{applied.error()};
  return edited;
}

}  // namespace dcv::tools
