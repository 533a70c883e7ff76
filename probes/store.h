#pragma once
// The history of everything watched, in one SQLite file (docs/probes/dcv-watch.md has its tables).
// One process writes; any number read meanwhile. Knows no network and no clock.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store_sqlite.h"
#include "watch_event.h"

namespace dcv::probes {

// A look and what it changed, to be recorded.
struct Look {
  std::int64_t watch = 0;
  double at = 0;  // Unix seconds
  check::Advance outcome;
  std::optional<std::vector<check::Outlook>> outlooks;  // empty: those that are stored still hold
};

// What is stored of one watch.
struct Known {
  std::int64_t id = 0;
  std::optional<check::Snapshot> state;  // empty: never looked at
};

// What became of looks.
struct Recorded {
  std::vector<Event> events;
  std::int64_t dropped = 0;  // errands of which there were too many
};

// An event for which the hook has not run to its end yet.
struct Errand {
  Event event;
  int tries = 0;  // so far
};

// A time during which a target looked the same.
struct Stay {
  Watch watch;
  double first_seen = 0, last_seen = 0;  // Unix seconds
  check::Snapshot snapshot;
};

struct Forecast {
  Watch watch;
  double last_seen = 0;
  check::Snapshot now;
  std::vector<check::Outlook> ahead;
};

struct Bounds {
  double keep_seconds = 0;
  std::int64_t most_bytes = 0;
};

constexpr int kSchemaVersion = 3;

// Of one watch: a name that changes all the time must not fill the disk.
constexpr std::int64_t kMostErrands = 1000;

class Store {
 public:
  // Brings an older file up to date. Throws Refused where the file is newer, is none of
  // ours, or is being written by another process.
  static Store for_writing(const std::string& path);
  static Store for_reading(const std::string& path);

  // These are on the list from now on, and no others; what is known, in their order.
  std::vector<Known> known(const std::vector<Watch>& watches, double now);

  // In one transaction, on disk when it returns. `with_hook`: each event becomes an errand, until
  // there are too many: then the oldest of the least severe are dropped.
  Recorded record(const std::vector<Look>& looks, bool with_hook);

  // Of those that are due: errors first, then warnings; watch after watch; the oldest.
  std::optional<Errand> next_errand(double now);
  void errand_done(const Event& event);
  void errand_failed(const Event& event, double again_at);
  void errand_given_up(const Event& event);

  // Drops what is older, errands too, and whole watches that were taken off the list before; then
  // the oldest until the file is small enough, but errands stay. What is there now stays in any
  // case.
  void prune(const Bounds& bounds, double now);

  // Reading. An empty name is all.
  bool knows(const std::string& name);  // was ever watched, and is kept
  std::vector<Event> events(const std::string& name, double since, double until);
  std::vector<Stay> stays_at(const std::string& name, double time);         // one a watch
  std::vector<Stay> stays_listed_at(const std::string& name, double time);  // the same, if listed
  std::vector<Stay> stays(const std::string& name, double since, double until);
  std::vector<Forecast> forecasts(const std::string& name);  // of what is on the list

 private:
  class Lock;

  Store(const std::string& path, Access access);

  Known known_one(const Watch& watch);
  void list_no_others(const std::vector<Known>& listed, double now);
  void record(const Look& look, bool with_hook, Recorded& recorded);
  void record_stay(const Look& look);
  std::int64_t drop_errands(std::int64_t watch);
  void set_errand(const Event& event, std::string_view hook, double due);
  void drop_unlisted(double before);
  bool drop_oldest();

  std::shared_ptr<Lock> lock_;
  Database database_;
  std::int64_t served_ = 0;  // the event whose errand ended last: the next watch has its turn
};

// The statements that bring a database from version `index` to `index` + 1.
const std::vector<std::string>& migrations();

}  // namespace dcv::probes
