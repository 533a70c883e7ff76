#pragma once
// The loop of dcv-watch run: gives names that are due to the crew, records what comes back, tells
// events and runs the hook for them. Knows no socket; clock, looks and signals are given.

#include <functional>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "crew.h"
#include "hook.h"
#include "schedule.h"
#include "store.h"
#include "watch_list.h"
#include "watch_options.h"

namespace dcv::probes {

// What is outside.
struct Outside {
  std::function<double()> seconds;  // since any start; never goes back
  std::function<double()> now;      // Unix seconds
  std::function<double()> random;   // 0 to 1
  std::function<Seen(const Task&)> look;
  std::function<bool()> has_to_end;
  // The list, when it is to be read again; without a value the one there is stays.
  std::function<std::optional<WatchList>()> new_list;
  std::ostream& events;
  std::function<void(const std::string&)> tell;  // one sentence to a person
};

class Watcher {
 public:
  Watcher(const RunOptions& options, Store& store, Outside outside);

  // Until it has to end, or with options.once until every name was looked at. False: with
  // options.once the hook has failed, and the next run has to tell what is left.
  bool run(const WatchList& list);

 private:
  struct Watched {
    resolve::Plan plan;
    int looks = 0;
    double started_at = 0;  // the last of them
  };
  struct Kept {
    Known known;
    std::optional<double> outlooks_at;  // when they were last stored; empty: they are wanted
  };
  // Looks that could not see since it is this machine that sees nothing.
  struct Outage {
    double since = 0;
    std::size_t looks = 0;
  };

  void use(const WatchList& list);
  bool wants_outlooks(const std::string& name, double seconds) const;
  void hand_out();
  void take_in(const std::vector<Seen>& results);
  bool advance(const Seen& result, std::vector<Look>& looks);
  bool is_void(const Seen& result);
  void come_back(const std::string& name, bool unsettled);
  void record(const std::vector<Look>& looks);
  void tend_hook();
  void start_hook();
  void hook_failed(const Errand& errand, const std::string& problem);
  void tidy_up();
  void tell_late(double seconds);
  bool is_finished();
  bool gives_up_hook() const;
  double pause() const;

  RunOptions options_;
  Store& store_;
  Outside outside_;
  Schedule schedule_;
  std::map<std::string, Watched> names_;
  std::map<Watch, Kept> known_;
  std::optional<Outage> outage_;
  std::size_t under_way_ = 0;
  Hook hook_;
  std::optional<Errand> errand_;  // for which the hook runs
  double tidied_at_ = 0, told_late_at_ = 0;
  bool told_of_dropped_ = false, hook_has_failed_ = false;
  Crew crew_;  // the last: its threads end before anything else does
};

}  // namespace dcv::probes
