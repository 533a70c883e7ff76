#pragma once
// When each name is looked at. Knows no clock: all times are given, in seconds since any start.

#include <map>
#include <optional>
#include <set>
#include <string>

namespace dcv::probes {

class Schedule {
 public:
  // By name: seconds from one look to the next, give or take a twentieth; 0: due now.
  using Intervals = std::map<std::string, double>;

  struct Due {
    std::string name;
    double late;    // seconds
    bool too_late;  // more than half the name's interval
  };

  // From now on these. Names that were there with the same interval go on as they were. The first
  // looks at others are spread over the interval, each name always in the same place, so that a
  // start asks no more at once than any other moment; none comes later than it would have come.
  void set(const Intervals& names, double now);

  // Takes the name that has waited longest, if its time has come; it comes back with done().
  std::optional<Due> next(double now);
  // `unsettled`: the next look comes soon, but not more than twice in a row. `random` is from 0 to
  // 1. A look that was due meanwhile is left out.
  void done(const std::string& name, bool unsettled, double random, double now);

  std::optional<double> next_due() const;  // empty: nothing waits

 private:
  struct Entry {
    double every = 0;
    double place = 0;  // when a look is due but for chance and confirmation; now or before
    double due = 0;
    bool waits = false;  // else it is being looked at
    int soon = 0;        // in a row
  };

  void put(const std::string& name, Entry& entry, double due);

  std::map<std::string, Entry> names_;
  std::set<std::pair<double, std::string>> waiting_;  // by due time
};

}  // namespace dcv::probes
