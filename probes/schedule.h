#pragma once
// When each name is looked at. Knows no clock: all times are given, in seconds since any start.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace dcv::probes {

class Schedule {
 public:
  // A look at each name every so many seconds, give or take a twentieth; `soon` seconds after a
  // look that has to be confirmed.
  Schedule(double every, double soon) : every_(every), soon_(soon) {}

  // From now on these. Without an interval all are due now. Names that were there go on as they
  // were; the first looks at new ones are spread over the interval, each name always in the same
  // place, so that a start asks no more at once than any other moment.
  void set(const std::vector<std::string>& names, double now);

  // Takes the name that has waited longest, if its time has come; it comes back with done().
  std::optional<std::string> next(double now);
  // `random` is from 0 to 1. A look that was due meanwhile is left out.
  void done(const std::string& name, bool unsettled, double random, double now);

  std::optional<double> next_due() const;  // empty: nothing waits
  double lateness(double now) const;       // of the name that has waited longest, seconds; 0: none

 private:
  void put(const std::string& name, double due);

  double every_, soon_;
  std::map<std::string, double> planned_;             // every name, with its last due time
  std::set<std::pair<double, std::string>> waiting_;  // without those that are being looked at
};

}  // namespace dcv::probes
