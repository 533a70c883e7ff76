// Looking once, and looking until the records are there: transports, signals, clocks, terminal.
#include "propagation_run.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <fstream>
#include <random>
#include <stdexcept>

#include "later_transport.h"
#include "live_text.h"
#include "progress.h"
#include "report/words.h"
#include "run.h"
#include "waiting.h"

namespace dcv::tools {
namespace {

std::string document(const Options& options, const Environment& environment,
                     const report::Propagations& seen) {
  const report::MatrixStyle style{
      {options.color, options.verbosity, options.width}, options.all, options.only};
  return options.format == report::Format::json
             ? report::render_matrix_json(seen, style, environment.tool, options.wait.has_value())
             : report::render_matrix_text(seen, style);
}

// A signal ends the wait; the next one ends the program.
std::atomic<bool> signalled = false;
static_assert(std::atomic<bool>::is_always_lock_free);

void listen_for_signals() {
  struct sigaction action {};
  action.sa_handler = [](int) { signalled = true; };
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  struct sigaction hangup {};
  sigaction(SIGHUP, nullptr, &hangup);
  if (hangup.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);  // not under nohup
  for (const int number : {SIGINT, SIGTERM}) sigaction(number, &action, nullptr);
}

// Goes on while the machine is suspended, unlike the steady clock.
double boot_seconds() {
  timespec time{};
  clock_gettime(CLOCK_BOOTTIME, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// A signal wakes it.
void nap(double seconds) {
  timespec time{};
  time.tv_sec = static_cast<time_t>(seconds);
  time.tv_nsec = static_cast<long>((seconds - static_cast<double>(time.tv_sec)) * 1e9);
  clock_nanosleep(CLOCK_BOOTTIME, 0, &time, nullptr);
}

class Waiting {
 public:
  Waiting(const Options& options, const PropagationPlan& plan, Environment& environment)
      : options_(options),
        plan_(plan),
        environment_(environment),
        live_(environment.err, environment.err_rows) {
    if (!options.output.empty() && options.output != "-") {
      file_.open(options.output, std::ios::binary | std::ios::trunc);
      if (!file_)
        throw std::runtime_error("could not write " + options.output + ": " + std::strerror(errno));
    }
  }

  int run() {
    listen_for_signals();
    const Waited waited = wait_until_there(*options_.wait, looks(), world(), listener());
    live_.clear();
    save(options_, waited.observation);
    report::Propagations seen = report::propagations_of(waited.observation, waited.deadlines);
    for (std::size_t i = 0; i < waited.endings.size(); ++i) {
      check::Propagation& shown = seen.matrices[i].propagation;
      shown.verdict = waited.endings[i].verdict;
      shown.summary = waited.endings[i].sentence;
      seen.verdict = i == 0 ? shown.verdict : check::worse(seen.verdict, shown.verdict);
    }
    write(document(options_, environment_, seen));
    return check::exit_status(seen.verdict);
  }

 private:
  // A look through a transport of its own, with its own --timeout.
  template <typename Look>
  auto through(bool with_progress, const Look& look) {
    const std::unique_ptr<net::Transport> transport = environment_.transport(options_.settings);
    LaterTransport later(
        *transport, boot_seconds() - began_, sent_,
        sent_ == 0 ? LaterTransport::OnSignal::ask_nothing : LaterTransport::OnSignal::give_up,
        interrupted_);
    Progress progress(later, environment_.err, with_progress && options_.progress);
    struct Count {
      LaterTransport& from;
      int& to;
      Progress& shown;
      ~Count() {
        to = from.sent();
        shown.clear();
      }
    } count{later, sent_, progress};
    return look(progress);
  }

  Looks looks() {
    return {.walk =
                [this] {
                  live_.clear();
                  resolve::Plan plan = plan_.walk;
                  plan.now = environment_.clock();
                  return through(true, [&](net::Transport& transport) {
                    return resolve::collect(plan, transport);
                  });
                },
            .authorities =
                [this](observe::Observation& observation) {
                  return through(false, [&](net::Transport& transport) {
                    return resolve::look_again(observation, transport, environment_.clock());
                  });
                },
            .resolvers =
                [this](observe::Observation& observation) {
                  if (!plan_.resolvers) return;
                  through(false, [&](net::Transport& transport) {
                    resolve::look(*plan_.resolvers, observation, transport);
                  });
                }};
  }

  World world() {
    return {.seconds = boot_seconds,
            .now = environment_.clock,
            .random = [this] { return std::uniform_real_distribution<double>(0, 1)(random_); },
            .nap = nap,
            .interrupted = interrupted_};
  }

  Listener listener() {
    return {.round = [this](const report::Round& round) { tell(round); },
            .rest = [this](const report::Propagations& seen, double until_look,
                           double left) { draw(seen, until_look, left); }};
  }

  void tell(const report::Round& round) {
    if (options_.format == report::Format::json) {
      write(report::render_round_json(round, environment_.tool));
    } else if (options_.progress_lines && options_.verbosity >= 0) {
      const std::string whose =
          plan_.walk.targets.size() > 1
              ? report::printable(round.matrix.target->validation_name.lower().prose()) + ", "
              : "";
      environment_.err << whose << report::render_round_text(round) << std::endl;
    }
  }

  void draw(const report::Propagations& seen, double until_look, double left) {
    if (!options_.progress) return;
    const report::MatrixStyle style{{options_.color, options_.verbosity, environment_.err_columns},
                                    options_.all,
                                    options_.only};
    live_.draw("Looking again in " + report::duration(until_look) + ", for " +
               report::duration(left > 0 ? left : 0) + " more. Ctrl-C ends.\n\n" +
               report::render_matrix_text(seen, style));
  }

  void write(const std::string& text) {
    std::ostream& out = file_.is_open() ? file_ : environment_.out;
    out << text << std::flush;
    if (!out) throw std::runtime_error("could not write the output");
  }

  const Options& options_;
  const PropagationPlan& plan_;
  Environment& environment_;
  LiveText live_;
  std::ofstream file_;
  const double began_ = boot_seconds();
  int sent_ = 0;
  std::function<bool()> interrupted_ = [] { return signalled.load(); };
  std::mt19937 random_{std::random_device()()};
};

}  // namespace

int look_once(const Options& options, const PropagationPlan& plan, Environment& environment) {
  const std::unique_ptr<net::Transport> transport = environment.transport(options.settings);
  Progress progress(*transport, environment.err, options.progress);
  observe::Observation observation = resolve::collect(plan.walk, progress);
  if (plan.resolvers) resolve::look(*plan.resolvers, observation, progress);
  progress.clear();
  save(options, observation);
  const report::Propagations seen = report::propagations_of(observation);
  write_output(options, environment, document(options, environment, seen));
  return check::exit_status(seen.verdict);
}

int look_until_there(const Options& options, const PropagationPlan& plan,
                     Environment& environment) {
  return Waiting(options, plan, environment).run();
}

}  // namespace dcv::tools
