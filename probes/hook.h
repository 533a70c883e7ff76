#pragma once
// Runs a user's program for one event, without waiting for it.

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "watch_event.h"

namespace dcv::probes {

// "DCV_EVENT=ns-set-changed" and so on: what the program has in its environment besides ours.
std::vector<std::string> hook_variables(const Event& event);

class Hook {
 public:
  Hook(std::string program, double timeout) : program_(std::move(program)), timeout_(timeout) {}
  ~Hook();  // kills what still runs
  Hook(const Hook&) = delete;
  Hook& operator=(const Hook&) = delete;

  // The event's JSON is on its standard input; what it prints comes on our standard error. Returns
  // why it could not be started; empty: it runs. `now` is in seconds since any start.
  std::string start(const Event& event, double now);
  bool is_running() const { return child_ != 0; }
  // How it ended, once: empty for well, else half a sentence. Nothing as long as it runs.
  std::optional<std::string> poll(double now);

 private:
  void kill_group();

  std::string program_;
  double timeout_;
  pid_t child_ = 0;  // 0: none; leads a process group of its own
  double until_ = 0;
  bool too_late_ = false;
};

}  // namespace dcv::probes
