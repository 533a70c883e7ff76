#pragma once
// The sockets of the lab: UDP and TCP on port 53 of every address, and the web servers, in one
// thread. Knows no zones; what to say is the responders' business.

#include <functional>
#include <string>
#include <vector>

#include "lab/scenario.h"

namespace dcv::lab {

struct ServeHooks {
  std::function<void()> ready;                // all sockets are open, signals are caught
  std::vector<int> signals;                   // to catch
  std::function<bool(int signal)> on_signal;  // false ends the serving
  // A line for each question, TLS handshake and HTTP request, as docs/lab.md describes them; may be
  // empty.
  std::function<void(const std::string& line)> log = {};
};

// Serves all servers of the scenario; each answer comes `delay_ms` later than the scenario says.
// Throws std::runtime_error when a socket cannot be opened.
void serve(const Scenario& scenario, int delay_ms, const ServeHooks& hooks);

}  // namespace dcv::lab
