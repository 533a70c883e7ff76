// Probe, render, write beside, sync, rename. Nothing is written before the pass is over, so that a
// pass that is ended early leaves nothing.
#include "textfile.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <system_error>

#include "dns/identifier.h"
#include "probe.h"
#include "report/metrics.h"
#include "report/words.h"

namespace dcv::probes {
namespace {

// A file beside another, which it replaces or leaves as it is.
class Replacement {
 public:
  explicit Replacement(const std::string& path)
      : path_(path), beside_(path + ".XXXXXX"), file_(mkstemp(beside_.data())) {
    check(file_ >= 0);
    constexpr mode_t kForAllToRead = 0644;  // node_exporter is another user
    check(fchmod(file_, kForAllToRead) == 0);
  }
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;
  ~Replacement() {
    if (file_ < 0) return;
    close(file_);
    unlink(beside_.c_str());
  }

  void put(const std::string& content) {
    for (std::size_t done = 0; done < content.size();) {
      const ssize_t size = write(file_, content.data() + done, content.size() - done);
      check(size > 0);
      done += static_cast<std::size_t>(size);
    }
    check(fsync(file_) == 0);
    check(rename(beside_.c_str(), path_.c_str()) == 0);
    close(file_);
    file_ = -1;
  }

 private:
  void check(bool good) const {
    if (!good) throw std::runtime_error("could not write " + path_ + ": " + std::strerror(errno));
  }

  std::string path_, beside_;
  int file_;
};

// A slip in the path is told before the pass, not after it.
void check_folder(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (access(folder.empty() ? "." : folder.c_str(), W_OK | X_OK) != 0)
    throw std::runtime_error("could not write " + path + ": " + std::strerror(errno));
}

// /dev/stdout and its like, which would be gone afterwards, and links, which would lead elsewhere.
bool is_something_else(const std::string& path) {
  std::error_code code;
  const std::filesystem::file_status status = std::filesystem::symlink_status(path, code);
  return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
}

// In whatever spelling: the same samples twice would make node_exporter refuse the file.
std::vector<std::string> without_repeats(const std::vector<std::string>& names) {
  std::vector<std::string> kept;
  std::set<std::string> seen;
  for (const std::string& name : names) {
    const Result<dns::Identifier> identifier = dns::parse_identifier(name);
    if (seen.insert(identifier ? identifier->text : name).second) kept.push_back(name);
  }
  return kept;
}

}  // namespace

int write_textfile(const ExporterOptions& options, const ExporterConfig& config,
                   tools::Environment& environment) {
  const auto usage_error = [&](const std::string& sentence) {
    environment.err << environment.tool << ": " << report::printable(sentence) << "\n";
    return tools::kExitUsage;
  };
  const auto module = config.modules.find(options.module);
  if (module == config.modules.end())
    return usage_error("there is no module " + dns::quoted(options.module));
  const Result<Targets> targets = targets_for(*module->second, without_repeats(options.names));
  if (!targets) return usage_error(targets.error());
  if (is_something_else(options.textfile))
    return usage_error("--textfile replaces a file as a whole, and " +
                       dns::quoted(options.textfile) + " is no regular file");
  check_folder(options.textfile);
  const std::atomic<bool> stop = false;
  const ProbeResult result = run_probe(*module->second, *targets,
                                       module->second->options.settings.timeout, environment, stop);
  const auto metrics = report::metrics_of(*result.report);
  Replacement(options.textfile).put(render_metrics(metrics, report::MetricsForm::classic));
  return 0;
}

}  // namespace dcv::probes
