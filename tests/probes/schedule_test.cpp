#include "schedule.h"

#include <cmath>
#include <utility>
#include <vector>

#include "support/catch.h"

using namespace dcv::probes;

namespace {

Schedule::Intervals names(int count, double every) {
  Schedule::Intervals all;
  for (int i = 0; i < count; ++i) all["host" + std::to_string(i) + ".shop.example"] = every;
  return all;
}

// Looks at the only name when it is due; returns when that was.
double look(Schedule& schedule, bool unsettled, double seconds = 1, double random = 0.5) {
  const double due = *schedule.next_due();
  REQUIRE(schedule.next(due));
  schedule.done("a", unsettled, random, due + seconds);
  return due;
}

}  // namespace

TEST_CASE("the first looks spread evenly over the interval") {
  Schedule schedule;
  schedule.set(names(3000, 300), 1000);
  for (int tenth = 0; tenth < 10; ++tenth) {
    int count = 0;
    while (schedule.next(1000 + 30 * (tenth + 1))) ++count;
    CHECK(count > 200);
    CHECK(count < 400);
  }
  CHECK_FALSE(schedule.next(5000));
}

TEST_CASE("a name comes back after its interval, give or take a twentieth") {
  for (const double every : {60.0, 300.0}) {
    for (const double random : {0.0, 0.5, 1.0}) {
      Schedule schedule;
      schedule.set({{"a", every}, {"b", 1e6}}, 0);
      const double due = *schedule.next_due();
      REQUIRE(schedule.next(due)->name == "a");
      CHECK_FALSE(schedule.next(due + 1000));
      schedule.done("a", false, random, due + 5);
      CHECK(*schedule.next_due() == Approx(due + every * (0.95 + random / 10)));
    }
  }
}

TEST_CASE("chance moves no name from its place in the interval") {
  Schedule schedule;
  schedule.set({{"a", 300}}, 0);
  const double place = look(schedule, false, 1, 1);
  for (int i = 1; i < 20; ++i) {
    const double due = look(schedule, false, 1, i % 3 == 0 ? 0 : 1);
    CHECK(std::abs(due - (place + 300 * i)) < 15.01);
  }
}

TEST_CASE("a look that has to be confirmed comes soon, by its own interval") {
  for (const auto& [every, soon] :
       std::vector<std::pair<double, double>>{{300, 30}, {60, 15}, {3600, 30}, {0, 2}}) {
    Schedule schedule;
    schedule.set({{"a", every}}, 0);
    const double due = look(schedule, true, 5);
    CHECK(*schedule.next_due() == Approx(due + 5 + soon));
  }
}

TEST_CASE("a name that goes to and fro is looked at twice more, and then as usual in its place") {
  Schedule schedule;
  schedule.set({{"a", 300}}, 0);
  const double place = look(schedule, true);
  for (int round = 1; round < 4; ++round) {
    look(schedule, true);
    look(schedule, true);
    CHECK(look(schedule, true) == Approx(place + 300 * round));
  }
}

TEST_CASE("after an outage no name stands in another place than before") {
  Schedule schedule;
  schedule.set(names(300, 300), 0);
  double end = 0;
  const auto pass = [&](double until, bool unsettled) {
    while (*schedule.next_due() < until) {
      end = *schedule.next_due();
      schedule.done(schedule.next(end)->name, unsettled, 0.5, end + 1);
    }
  };
  pass(300, false);
  pass(900, true);
  pass(1500, false);
  int first_half = 0;
  while (schedule.next(1650)) ++first_half;
  CHECK(first_half > 110);
  CHECK(first_half < 190);
}

TEST_CASE("looks that were missed are left out, not made up for") {
  Schedule schedule;
  schedule.set({{"a", 300}}, 0);
  const double place = *schedule.next_due();
  const auto due = schedule.next(place + 3100);
  CHECK(due->late == Approx(3100));
  schedule.done("a", false, 0.5, place + 3150);
  CHECK(*schedule.next_due() == Approx(place + 3300));
}

TEST_CASE("how late is too late depends on the interval") {
  Schedule schedule;
  schedule.set({{"a", 100}}, 0);
  const double due = look(schedule, false) + 100;
  CHECK_FALSE(Schedule(schedule).next(due + 49)->too_late);
  CHECK(Schedule(schedule).next(due + 51)->too_late);
  schedule = Schedule();
  schedule.set({{"a", 1000}}, 0);
  CHECK_FALSE(schedule.next(*schedule.next_due() + 51)->too_late);
}

TEST_CASE("the name that has waited longest is first") {
  Schedule schedule;
  schedule.set(names(50, 300), 0);
  double last = 0;
  while (const auto due = schedule.next_due()) {
    CHECK(*due >= last);
    last = *due;
    CHECK(schedule.next(1000)->late == 1000 - *due);
  }
}

TEST_CASE("a new list keeps the times of names that stay, and drops the others") {
  Schedule schedule;
  schedule.set({{"a", 300}, {"b", 300}}, 0);
  const std::string first = schedule.next(1000)->name, second = schedule.next(1000)->name;
  schedule.done(first, false, 0.5, 1000);
  const double due = *schedule.next_due();
  schedule.set({{first, 300}}, 1000);
  CHECK(schedule.next_due() == due);
  schedule.done(second, false, 0.5, 1000);  // was being looked at when it was taken off
  CHECK(schedule.next(10000)->name == first);
  CHECK_FALSE(schedule.next(10000));
}

TEST_CASE("a name that is taken off and put on again during a look waits once") {
  Schedule schedule;
  schedule.set({{"a", 300}}, 0);
  REQUIRE(schedule.next(1000));
  schedule.set({}, 1000);
  schedule.set({{"a", 300}}, 1000);
  const auto first = schedule.next_due();
  schedule.done("a", true, 0.5, 1010);
  CHECK(schedule.next_due() == first);
  for (int i = 0; i < 3; ++i) {
    const double due = *schedule.next_due();
    REQUIRE(schedule.next(due));
    CHECK_FALSE(schedule.next_due());
    schedule.done("a", false, 0.5, due + 1);
  }
}

TEST_CASE("another interval counts at once, for names that wait and for those being looked at") {
  for (const bool waits : {true, false}) {
    Schedule schedule;
    schedule.set({{"a", 36000}}, 0);
    const double start = look(schedule, false) + 10;
    if (!waits) schedule.next(1e6);
    schedule.set({{"a", 60}}, start);
    if (!waits) schedule.done("a", false, 0.5, start + 1);
    const double due = *schedule.next_due();
    CHECK(due > start);
    CHECK(due <= start + 61);
    look(schedule, false);
    CHECK(*schedule.next_due() == Approx(due + 60));
  }
}

TEST_CASE("with a longer interval the look that was due comes, and then fewer") {
  Schedule schedule;
  schedule.set({{"a", 60}}, 0);
  look(schedule, false);
  const double due = *schedule.next_due();
  schedule.set({{"a", 36000}}, due - 30);
  CHECK(look(schedule, false) == due);
  CHECK(*schedule.next_due() <= due - 30 + 36000);
  const double place = look(schedule, false);
  CHECK(*schedule.next_due() == Approx(place + 36000));
}

TEST_CASE("without an interval all are due at once") {
  Schedule schedule;
  schedule.set(names(10, 0), 100);
  int count = 0;
  while (schedule.next(100)) ++count;
  CHECK(count == 10);
}
