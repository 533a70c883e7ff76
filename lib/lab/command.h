#pragma once
// The command that runs inside the lab: started by fork, held back until the servers are up.

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace dcv::lab {

class HeldCommand {
 public:
  // Forks. The child waits for release(); if this process ends before, the child ends too.
  explicit HeldCommand(std::vector<std::string> words);
  ~HeldCommand();
  HeldCommand(const HeldCommand&) = delete;
  HeldCommand& operator=(const HeldCommand&) = delete;

  void release();
  void pass_on(int signal) const;
  // The exit status once the command has ended; 128 + the signal's number if one killed it.
  std::optional<int> status() const;

 private:
  [[noreturn]] static void wait_and_run(int gate, std::vector<std::string>& words);

  pid_t child_ = -1;
  int gate_ = -1;  // the write end of a pipe: a byte opens it
};

}  // namespace dcv::lab
