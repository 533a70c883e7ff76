// Starts, awaits and ends the program of --exec.
#include "hook.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "report/words.h"

extern char** environ;

namespace dcv::probes {
namespace {

// Linux takes no longer variables than 128 KiB, and what DNS can hold is longer. The JSON has all.
constexpr std::size_t kLongestVariable = 64 << 10;

std::string lines(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& each : words) text += (text.empty() ? "" : "\n") + each;
  return text.substr(0, kLongestVariable);
}

// A file without a name that holds the text, read from its start; -1 with errno set.
int file_with(const std::string& text) {
  const int file = memfd_create("dcv-watch-event", MFD_CLOEXEC);
  if (file < 0) return -1;
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t count = write(file, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      close(file);
      return -1;
    }
    done += static_cast<std::size_t>(count);
  }
  lseek(file, 0, SEEK_SET);
  return file;
}

// Ours without what might be of another event, and then the event's.
std::vector<std::string> environment_for(const Event& event) {
  const std::vector<std::string> own = hook_variables(event);
  std::vector<std::string> all;
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string text = *each;
    const std::string name = text.substr(0, text.find('=') + 1);
    bool replaced = false;
    for (const std::string& variable : own) replaced = replaced || variable.starts_with(name);
    if (!replaced) all.push_back(text);
  }
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& each : texts) all.push_back(each.data());
  all.push_back(nullptr);
  return all;
}

// What a child starts with: no signal blocked, the usual answers to them, a group of its own.
struct Attributes {
  posix_spawnattr_t value{};

  Attributes() {
    posix_spawnattr_init(&value);
    sigset_t none, usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    for (const int each : {SIGTERM, SIGINT, SIGHUP, SIGPIPE}) sigaddset(&usual, each);
    posix_spawnattr_setsigmask(&value, &none);
    posix_spawnattr_setsigdefault(&value, &usual);
    posix_spawnattr_setpgroup(&value, 0);
    posix_spawnattr_setflags(
        &value, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~Attributes() { posix_spawnattr_destroy(&value); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
};

struct Files {
  posix_spawn_file_actions_t value{};

  explicit Files(int input) {
    posix_spawn_file_actions_init(&value);
    posix_spawn_file_actions_adddup2(&value, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&value, STDERR_FILENO, STDOUT_FILENO);
    // Sockets of looks, and files opened by libraries: not all of them close by themselves.
    posix_spawn_file_actions_addclosefrom_np(&value, STDERR_FILENO + 1);
  }
  ~Files() { posix_spawn_file_actions_destroy(&value); }
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;
};

}  // namespace

std::vector<std::string> hook_variables(const Event& event) {
  const check::Change& change = event.change;
  return {"DCV_EVENT=" + std::string(check::text(change.kind)),
          "DCV_EVENT_ID=" + std::to_string(event.id),
          "DCV_TIME=" + report::rfc3339_precise(event.at),
          "DCV_SEVERITY=" + std::string(check::text(change.severity)),
          "DCV_NAME=" + event.watch.name,
          "DCV_METHOD=" + event.watch.method,
          "DCV_CA=" + event.watch.ca,
          "DCV_SUBJECT=" + change.subject,
          "DCV_ZONE=" + change.zone,
          "DCV_SIDE=" + change.side,
          "DCV_BEFORE=" + lines(change.before),
          "DCV_AFTER=" + lines(change.after),
          "DCV_MESSAGE=" + change.message.substr(0, kLongestVariable)};
}

Hook::~Hook() {
  if (child_ == 0) return;
  kill_group();
  while (waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void Hook::kill_group() {
  kill(-child_, SIGKILL);
}

std::string Hook::start(const Event& event, double now) {
  const int input = file_with(event_line(event));
  if (input < 0) return "could not be given the event: " + std::string(std::strerror(errno));
  std::vector<std::string> arguments = {program_}, environment = environment_for(event);
  const Files files(input);
  const Attributes attributes;
  const int code = posix_spawn(&child_, program_.c_str(), &files.value, &attributes.value,
                               pointers(arguments).data(), pointers(environment).data());
  close(input);
  if (code != 0) {
    child_ = 0;
    return "could not be started: " + std::string(std::strerror(code));
  }
  until_ = now + timeout_;
  too_late_ = false;
  return "";
}

std::optional<std::string> Hook::poll(double now) {
  if (child_ == 0) return std::nullopt;
  int status = 0;
  const pid_t ended = waitpid(child_, &status, WNOHANG);
  if (ended == 0) {
    if (now < until_) return std::nullopt;
    too_late_ = true;
    kill_group();
    until_ = now + timeout_;  // to be waited for again
    return std::nullopt;
  }
  child_ = 0;
  if (too_late_) return "ran for more than " + report::duration(timeout_);
  if (ended > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) return "";
  if (ended > 0 && WIFEXITED(status))
    return "ended with status " + std::to_string(WEXITSTATUS(status));
  return "was ended by a signal";
}

}  // namespace dcv::probes
