// Makes the watcher's outside: one run of the collector a look, in whichever thread it is.
#include "watch_run.h"

#include <atomic>
#include <csignal>
#include <fstream>
#include <random>

#include "check/outlook.h"
#include "later_transport.h"
#include "process.h"
#include "waiting.h"
#include "watcher.h"

namespace dcv::probes {
namespace {

// All that a signal does. Read by every thread.
std::atomic<bool> has_to_end = false, has_to_read = false;
static_assert(std::atomic<bool>::is_always_lock_free);

void on_signal(int signal) {
  (signal == SIGHUP ? has_to_read : has_to_end) = true;
}

void take_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  for (const int each : {SIGTERM, SIGINT, SIGHUP}) sigaction(each, &action, nullptr);
}

Seen look(const Task& task, const tools::Environment& environment) {
  Seen seen{task.name, {}, {}, ""};
  try {
    const std::function<bool()> interrupted = [] { return has_to_end.load(); };
    const auto transport = environment.transport(task.plan.settings);
    tools::LaterTransport stoppable(*transport, 0, 0, tools::LaterTransport::OnSignal::give_up,
                                    interrupted);
    const auto web = environment.web(task.plan.settings, [&] {
      if (interrupted()) throw tools::Interrupted();
      return stoppable.elapsed();
    });
    const observe::Observation observation = resolve::collect(task.plan, stoppable, web.get());
    const std::vector<check::Judgement> judgements = check::evaluate(observation);
    seen.snapshots = check::snapshots_of(observation, judgements);
    if (task.with_outlooks) seen.outlooks = check::outlooks_of(observation, judgements);
  } catch (const tools::Interrupted&) {
    seen.failure = "the look was ended by a signal";
  } catch (const std::exception& error) {
    seen.failure = error.what();
  }
  return seen;
}

// Where events go.
class Output {
 public:
  // `path` as --output has it.
  Output(const std::string& path, std::ostream& out)
      : path_(path == "-" ? "" : path), out_(path_.empty() ? out : file_) {}

  // At first, and when the file may have been moved away. If it fails, the file stays that it was.
  bool reopen() {
    if (path_.empty()) return true;
    std::ofstream file(path_, std::ios::app);
    if (!file) return false;
    file_ = std::move(file);
    return true;
  }
  std::ostream& stream() { return out_; }

 private:
  std::string path_;
  std::ofstream file_;
  std::ostream& out_;
};

std::string counted(const WatchList& list) {
  const std::size_t names = list.plans.size();
  return std::to_string(names) + (names == 1 ? " name" : " names");
}

Outside outside_of(const WatchOptions& options, const tools::Environment& environment,
                   Output& events) {
  const std::string path = options.common.positional.front();
  const auto tell = [&environment](const std::string& sentence) {
    environment.err << environment.tool << ": " << sentence << std::endl;
  };
  const auto new_list = [&options, &environment, &events, path,
                         tell]() -> std::optional<WatchList> {
    if (!has_to_read.exchange(false)) return std::nullopt;
    if (!events.reopen()) tell("could not open " + options.common.output + " again");
    Result<WatchList> list = read_list(path, options.run.every, options.common, environment);
    if (list) tell("watches " + counted(*list) + " now");
    if (list) return std::move(list).value();
    tell(list.error() + "; the list that was read before is kept");
    return std::nullopt;
  };
  const auto generator = std::make_shared<std::mt19937>(std::random_device()());
  return {.seconds = steady_seconds,
          .now = environment.clock,
          .random = [generator] { return std::uniform_real_distribution<>()(*generator); },
          .look = [&environment](const Task& task) { return look(task, environment); },
          .has_to_end = [] { return has_to_end.load(); },
          .new_list = new_list,
          .events = events.stream(),
          .tell = tell};
}

}  // namespace

int run_watch(const WatchOptions& options, tools::Environment& environment) {
  const Result<WatchList> list =
      read_list(options.common.positional.front(), options.run.every, options.common, environment);
  if (!list) return tools::usage_error(environment, list.error());
  Output events(options.common.output, environment.out);
  if (!events.reopen()) throw std::runtime_error("could not write " + options.common.output);
  Store store = Store::for_writing(options.database);
  raise_file_limit();
  take_signals();
  Watcher watcher(options.run, store, outside_of(options, environment, events));
  if (!options.run.once)
    environment.err << environment.tool << ": watches " << counted(*list) << ", with history in "
                    << options.database << std::endl;
  return watcher.run(*list) ? 0 : tools::kExitInternal;
}

}  // namespace dcv::probes
