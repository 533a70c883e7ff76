#pragma once
// The world as a tool sees it. Tools are functions of this; main.cpp makes the real one, tests
// make their own.

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "net/transport.h"
#include "net/web.h"

namespace dcv::tools {

constexpr int kExitUnknown = 3;  // not judged; a usage error too where a monitoring system asks
constexpr int kExitUsage = 64;
constexpr int kExitInternal = 70;

struct Environment {
  std::string tool;                    // "dcv-preflight"
  std::vector<std::string> arguments;  // without the program's name
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::size_t out_columns = 0;  // of the terminal; 0: none, or not known
  std::size_t err_columns = 0, err_rows = 0;
  std::function<double()> clock;  // Unix seconds
  std::function<std::unique_ptr<net::Transport>(const observe::Settings&)> transport;
  // Given the settings and the run's clock, in seconds since its start.
  std::function<std::unique_ptr<net::Web>(const observe::Settings&, std::function<double()>)> web;
  int cannot_go_on = kExitInternal;  // the status when even the result cannot be written
};

// Every tool's source defines this one; returns the exit status. Exceptions end in main.
int run_tool(Environment& environment);
// The name under which the tool is installed.
extern const char* const kToolName;

}  // namespace dcv::tools
