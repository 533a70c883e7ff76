#pragma once
// The options of dcv-watch's commands.

#include <optional>
#include <string>
#include <vector>

#include "options.h"
#include "store.h"

namespace dcv::probes {

enum class Command { run, history, diff, at, forecast };

struct RunOptions {
  double every = 900;  // seconds
  bool once = false;
  std::size_t at_once = 8;
  std::string hook;  // a program; empty: none
  double hook_timeout = 30;
  double stray_after = 86400;
  Bounds bounds;
};

struct WatchOptions {
  Command command = Command::run;
  tools::Options common;
  std::string database;
  RunOptions run;
  std::optional<double> since, until;  // of history, Unix seconds
  std::optional<double> at;            // of forecast
};

// Empty when all is said, with the status to end with. `command` is empty for none, or one that is
// not known.
struct ParsedWatch {
  std::optional<WatchOptions> options;
  int status = 0;
};
ParsedWatch parse_watch_options(tools::Environment& environment);

}  // namespace dcv::probes
