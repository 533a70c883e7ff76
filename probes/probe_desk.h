#pragma once
// Probes at once: bounded, each in a thread of its own; who asks for the same shares one. All but
// the runs themselves happens on the owner's one thread.

#include <atomic>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <thread>

#include "probe.h"

namespace dcv::probes {

struct ProbeWish {
  std::shared_ptr<const Module> module;
  std::string name;  // of the identifier, in its one spelling
  Targets targets;
  double timeout = 0;  // seconds
};

class ProbeDesk {
 public:
  using Result = std::shared_ptr<const ProbeResult>;
  using Done = std::function<void(const Result&)>;
  using Ticket = long;
  // Runs in a thread of its own; may throw.
  using Run = std::function<ProbeResult(const ProbeWish&, const std::atomic<bool>& stop)>;
  // Brings a function to the owner's thread.
  using Post = std::function<void(std::function<void()>)>;
  // Seconds that only grow.
  using Clock = std::function<double()>;

  ProbeDesk(Run run, Post post, Clock clock);
  // Stops what still runs, and waits for its end.
  ~ProbeDesk();

  // Empty when `most` probes run already, those included that nobody waits for any more, or the
  // system gives no thread. A probe of the same module and name is shared if it ends within the
  // time-out. `done` is called later.
  std::optional<Ticket> ask(const ProbeWish& wish, int most, Done done);
  // Nobody waits at this place any more; a probe without anybody is stopped.
  void leave(Ticket ticket);
  // Stops all probes; who waits gets Failure::shutting_down.
  void stop_all();
  int running() const { return static_cast<int>(runs_.size()); }

 private:
  struct Running {
    ProbeWish wish;
    double ends_at = 0;  // by the clock, if it takes all of its time
    std::map<Ticket, Done> waiting = {};
    std::atomic<bool> stop = false;
    std::thread thread = {};
  };
  using Place = std::list<Running>::iterator;

  Place shared(const ProbeWish& wish);
  bool begin(Place place);
  void finish(Place place, const Result& result);

  Run run_;
  Post post_;
  Clock clock_;
  std::list<Running> runs_;
  Ticket next_ = 0;
};

}  // namespace dcv::probes
