#pragma once
// The command line of dcv-lab as plain values.

#include <filesystem>
#include <string>
#include <vector>

#include "dns/result.h"

namespace dcv::tools {

struct LabOptions {
  enum class Action { help, version, list, show, run, serve, export_files };
  Action action = Action::help;
  std::string scenario;             // a name, or a path with a slash in it
  std::filesystem::path scenarios;  // --scenarios; empty: the default
  std::filesystem::path edits;      // --edit; empty: none
  std::filesystem::path log;        // --log; empty: none
  std::filesystem::path directory;  // of export
  bool json = false;
  bool here = false;  // --here
  int delay_ms = 0;
  std::vector<std::string> command;  // of run
};

// `arguments` without the program's name. An error is one sentence.
Result<LabOptions> parse_lab_options(const std::vector<std::string>& arguments);

std::string lab_usage();

}  // namespace dcv::tools
