// `dcv-lab run` and `dcv-lab serve`; see lab_run.h.

#include "lab_run.h"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "lab/command.h"
#include "lab/namespace.h"
#include "lab/server.h"
#include "shell_word.h"

namespace dcv::tools {
namespace {

namespace fs = std::filesystem;

// The DS records of the root in a file that lives as long as this object.
class TrustAnchorFile {
 public:
  explicit TrustAnchorFile(const std::vector<dns::Record>& records)
      : path_((fs::temp_directory_path() / "dcv-lab-anchor-XXXXXX").string()) {
    const int file = mkstemp(path_.data());
    if (file < 0) throw std::runtime_error("cannot make " + path_ + ": " + std::strerror(errno));
    std::string text;
    for (const dns::Record& record : records) text += dns::zone_line(record) + "\n";
    const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    close(file);
    if (!written) throw std::runtime_error("cannot write " + path_);
  }
  ~TrustAnchorFile() { unlink(path_.c_str()); }
  TrustAnchorFile(const TrustAnchorFile&) = delete;
  TrustAnchorFile& operator=(const TrustAnchorFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// For scripts, and as the tools' own option --trust-anchor. The file is empty when the root is
// unsigned: the keys of the real root are none of the lab's.
std::unique_ptr<TrustAnchorFile> publish_trust_anchor(const LabRun& run) {
  auto file = std::make_unique<TrustAnchorFile>(run.trust_anchor);
  setenv("DCV_LAB_TRUST_ANCHOR", file->path().c_str(), 1);
  setenv("DCV_TRUST_ANCHOR", file->path().c_str(), 1);
  return file;
}

// The lab answers in the names of strangers: never where a packet could leave, or one of theirs
// come.
void require_local(const lab::Scenario& scenario) {
  std::vector<dns::IpAddress> addresses;
  for (const lab::Server& server : scenario.servers)
    for (const lab::ServerAddress& each : server.addresses) addresses.push_back(each.address);
  for (const lab::WebServer& server : scenario.web)
    addresses.insert(addresses.end(), server.addresses.begin(), server.addresses.end());
  for (const dns::IpAddress& address : addresses) {
    const bool v6 = address.is_v6();
    if ((v6 && !scenario.ipv6) || lab::is_local(address)) continue;
    throw std::runtime_error(
        "--here needs a network in which every address is local, and " + address.text() +
        " is not: make one with unshare --net and in it run ip link set lo "
        "up and ip " +
        (v6 ? "-6 route add local ::/0 dev lo" : "route add local 0.0.0.0/0 dev lo"));
  }
}

// Lines are written at once, so that a test can wait for them.
std::function<void(const std::string&)> open_log(const fs::path& path) {
  if (path.empty()) return {};
  const auto file = std::make_shared<std::ofstream>(path, std::ios::app);
  if (!*file) throw std::runtime_error("cannot write " + path.string());
  return [file](const std::string& line) { *file << line << std::endl; };
}

std::string own_folder() {
  return fs::read_symlink("/proc/self/exe").parent_path();
}

// So that the tools of the same build are found first.
void put_own_folder_into_path() {
  const std::string own = own_folder();
  const char* path = std::getenv("PATH");
  setenv("PATH", path == nullptr ? own.c_str() : (own + ":" + path).c_str(), 1);
}

}  // namespace

int run_in_lab(const lab::Scenario& scenario, const LabRun& run,
               const std::vector<std::string>& command) {
  const auto anchor = publish_trust_anchor(run);
  const auto log = open_log(run.log);
  put_own_folder_into_path();
  run.here ? require_local(scenario) : lab::enter_own_network(scenario.ipv6);
  lab::HeldCommand child(command);
  int status = 0;
  const auto on_signal = [&](int signal) {
    if (signal == SIGCHLD) {
      const auto ended = child.status();
      if (ended) status = *ended;
      return !ended;
    }
    // From the keyboard the command has got these signals itself.
    if (signal == SIGTERM || signal == SIGHUP) child.pass_on(signal);
    return true;
  };
  lab::serve(
      scenario, run.delay_ms,
      {[&] { child.release(); }, {SIGCHLD, SIGINT, SIGQUIT, SIGTERM, SIGHUP}, on_signal, log});
  return status;
}

int serve_lab(const lab::Scenario& scenario, const LabRun& run) {
  const auto anchor = publish_trust_anchor(run);
  const auto log = open_log(run.log);
  const bool root = geteuid() == 0;
  lab::enter_own_network(scenario.ipv6);
  const auto ready = [&] {
    const std::string path = shell_word(anchor->path());
    std::cout << "The lab is up. Enter it from another terminal:\n  nsenter --target " << getpid()
              << (root ? "" : " --user --preserve-credentials")
              << " --net env PATH=" << shell_word(own_folder())
              << ":\"$PATH\" DCV_TRUST_ANCHOR=" << path << " DCV_LAB_TRUST_ANCHOR=" << path
              << " sh\nCtrl-C ends it." << std::endl;
  };
  lab::serve(scenario, run.delay_ms,
             {ready, {SIGINT, SIGTERM, SIGHUP}, [](int) { return false; }, log});
  return 0;
}

}  // namespace dcv::tools
