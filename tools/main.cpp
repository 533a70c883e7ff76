// The main of every tool: makes the real environment, calls the tool, catches once.
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <exception>
#include <iostream>

#include "env.h"
#include "net/dns_transport.h"

namespace {

// All 0 where the descriptor is no terminal.
winsize terminal_size(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) size = {};
  return size;
}

}  // namespace

int main(int argc, char* argv[]) {
  using namespace dcv;
  tools::Environment environment{
      tools::kToolName,
      {argv + (argc > 0 ? 1 : 0), argv + argc},
      std::cout,
      std::cerr,
      isatty(STDOUT_FILENO) == 1,
      isatty(STDERR_FILENO) == 1,
      terminal_size(STDOUT_FILENO).ws_col,
      terminal_size(STDERR_FILENO).ws_col,
      terminal_size(STDERR_FILENO).ws_row,
      [] {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        return std::chrono::duration<double>(now).count();
      },
      [](const observe::Settings& settings) { return net::make_dns_transport(settings); },
      net::make_web};
  try {
    const int status = tools::run_tool(environment);
    std::cout.flush();
    if (std::cout) return status;
    std::cerr << tools::kToolName << ": could not write to standard output\n";
  } catch (const std::exception& error) {
    std::cerr << tools::kToolName << ": " << error.what() << "\n";
  }
  return environment.cannot_go_on;
}
