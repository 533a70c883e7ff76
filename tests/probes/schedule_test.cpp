#include "schedule.h"

#include <algorithm>

#include "support/catch.h"

using namespace dcv::probes;

namespace {

std::vector<std::string> names(int count) {
  std::vector<std::string> all;
  for (int i = 0; i < count; ++i) all.push_back("host" + std::to_string(i) + ".shop.example");
  return all;
}

}  // namespace

TEST_CASE("the first looks spread evenly over the interval") {
  Schedule schedule(300, 30);
  schedule.set(names(3000), 1000);
  for (int tenth = 0; tenth < 10; ++tenth) {
    int count = 0;
    while (schedule.next(1000 + 30 * (tenth + 1))) ++count;
    CHECK(count > 200);
    CHECK(count < 400);
  }
  CHECK_FALSE(schedule.next(5000));
}

TEST_CASE("a name comes back after the interval, give or take a twentieth") {
  for (const double random : {0.0, 0.5, 1.0}) {
    Schedule schedule(300, 30);
    schedule.set({"a"}, 0);
    const double due = *schedule.next_due();
    REQUIRE(schedule.next(due) == "a");
    CHECK_FALSE(schedule.next(due + 1000));
    schedule.done("a", false, random, due + 5);
    CHECK(*schedule.next_due() == Approx(due + 285 + 30 * random));
  }
}

TEST_CASE("a look that has to be confirmed comes soon") {
  Schedule schedule(300, 30);
  schedule.set({"a"}, 0);
  const double due = *schedule.next_due();
  schedule.next(due);
  schedule.done("a", true, 0.5, due + 5);
  CHECK(*schedule.next_due() == Approx(due + 35));
}

TEST_CASE("looks that were missed are left out, not made up for") {
  Schedule schedule(300, 30);
  schedule.set({"a"}, 0);
  schedule.next(10000);
  CHECK(schedule.lateness(10000) == 0);
  schedule.done("a", false, 0.5, 10000);
  CHECK(*schedule.next_due() == 10000);
  CHECK(schedule.lateness(10010) == 10);
}

TEST_CASE("the name that has waited longest is first") {
  Schedule schedule(300, 30);
  schedule.set(names(50), 0);
  double last = 0;
  while (const auto due = schedule.next_due()) {
    CHECK(*due >= last);
    last = *due;
    schedule.next(1000);
  }
}

TEST_CASE("a new list keeps the times of names that stay, and drops the others") {
  Schedule schedule(300, 30);
  schedule.set({"a", "b"}, 0);
  const auto first = schedule.next(1000), second = schedule.next(1000);
  REQUIRE(second);
  schedule.done(*first, false, 0.5, 1000);
  const double due = *schedule.next_due();
  schedule.set({*first}, 1000);
  CHECK(schedule.next_due() == due);
  schedule.done(*second, false, 0.5, 1000);  // was being looked at when it was taken off
  CHECK(schedule.next(10000) == first);
  CHECK_FALSE(schedule.next(10000));
}

TEST_CASE("without an interval all are due at once") {
  Schedule schedule(0, 2);
  schedule.set(names(10), 100);
  int count = 0;
  while (schedule.next(100)) ++count;
  CHECK(count == 10);
}
