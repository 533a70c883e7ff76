// The command that runs inside the lab; see command.h.

#include "lab/command.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace dcv::lab {
namespace {

constexpr int kNotFound = 127;  // as the shell has it
constexpr int kNotRunnable = 126;

}  // namespace

HeldCommand::HeldCommand(std::vector<std::string> words) {
  int ends[2];
  if (pipe(ends) != 0)
    throw std::runtime_error(std::string("cannot make a pipe: ") + std::strerror(errno));
  child_ = fork();
  if (child_ < 0) throw std::runtime_error(std::string("cannot fork: ") + std::strerror(errno));
  if (child_ == 0) {
    close(ends[1]);
    wait_and_run(ends[0], words);
  }
  close(ends[0]);
  gate_ = ends[1];
}

HeldCommand::~HeldCommand() {
  if (gate_ >= 0) close(gate_);
}

void HeldCommand::wait_and_run(int gate, std::vector<std::string>& words) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);  // without the servers the command is of no use
  char byte;
  if (read(gate, &byte, 1) != 1) _exit(kNotRunnable);
  close(gate);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execvp(arguments.front(), arguments.data());
  const int error = errno;
  std::fprintf(stderr, "dcv-lab: cannot run %s: %s\n", arguments.front(), std::strerror(error));
  _exit(error == ENOENT ? kNotFound : kNotRunnable);
}

void HeldCommand::release() {
  if (write(gate_, "x", 1) != 1) throw std::runtime_error("the command ended before its start");
  close(gate_);
  gate_ = -1;
}

void HeldCommand::pass_on(int signal) const {
  kill(child_, signal);
}

std::optional<int> HeldCommand::status() const {
  int status = 0;
  if (waitpid(child_, &status, WNOHANG) != child_) return std::nullopt;
  if (WIFSIGNALED(status)) return 128 + WTERMSIG(status);
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  return std::nullopt;
}

}  // namespace dcv::lab
