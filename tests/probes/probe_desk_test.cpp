// Bounds, sharing and stopping of probes, with runs that do what the test wants.
#include "probe_desk.h"

#include <atomic>
#include <functional>
#include <utility>

#include "stoppable.h"
#include "support/catch.h"
#include "support/owner_loop.h"

using namespace dcv;
using namespace dcv::probes;

namespace {

// Runs last until they are let go, or stopped.
struct World {
  dcv::testing::OwnerLoop loop;
  std::atomic<bool> go = false;
  std::atomic<int> runs = 0;
  double now = 0;
  std::shared_ptr<const Module> module = std::make_shared<const Module>();
  ProbeDesk desk{[this](const ProbeWish&, const std::atomic<bool>& stop) {
                   ++runs;
                   while (!go) {
                     if (stop) throw Stopped();
                     std::this_thread::yield();
                   }
                   if (stop) throw std::runtime_error("too late");
                   return ProbeResult();
                 },
                 [this](std::function<void()> function) { loop.post(std::move(function)); },
                 [this] { return now; }};

  ProbeWish wish(const std::string& name, double timeout = 10) const {
    return {module, name, {}, timeout};
  }
};

const ProbeDesk::Done kNobody = [](const ProbeDesk::Result&) {};

}  // namespace

TEST_CASE("as many probes run as may") {
  World world;
  CHECK(world.desk.ask(world.wish("a.example"), 2, kNobody));
  CHECK(world.desk.ask(world.wish("b.example"), 2, kNobody));
  CHECK_FALSE(world.desk.ask(world.wish("c.example"), 2, kNobody));
  CHECK(world.desk.running() == 2);
  world.go = true;
  world.loop.take_one();
  CHECK(world.desk.running() == 1);
  CHECK(world.desk.ask(world.wish("c.example"), 2, kNobody));
  world.loop.take_one();
  world.loop.take_one();
  CHECK(world.desk.running() == 0);
}

TEST_CASE("who asks for the same shares one run, if it ends in time for all") {
  World world;
  std::vector<ProbeDesk::Result> results;
  const auto keep = [&](const ProbeDesk::Result& result) { results.push_back(result); };
  CHECK(world.desk.ask(world.wish("a.example"), 1, keep));
  world.now = 2;
  CHECK(world.desk.ask(world.wish("a.example", 8), 1, keep));
  CHECK_FALSE(world.desk.ask(world.wish("a.example", 7), 1, keep));  // the run may take until 10
  ProbeWish other = world.wish("a.example");
  other.module = std::make_shared<const Module>();  // as after a reload
  CHECK_FALSE(world.desk.ask(other, 1, keep));
  world.go = true;
  world.loop.take_one();
  REQUIRE(results.size() == 2);
  CHECK(results[0] == results[1]);
  CHECK_FALSE(results[0]->failure);
  CHECK(world.runs == 1);
}

TEST_CASE("a probe is stopped when the last who waits for it leaves") {
  World world;
  int told = 0;
  const auto count = [&](const ProbeDesk::Result&) { ++told; };
  const auto first = world.desk.ask(world.wish("a.example"), 2, count);
  const auto second = world.desk.ask(world.wish("a.example"), 2, count);
  REQUIRE(first);
  REQUIRE(second);
  world.desk.leave(*first);
  world.desk.leave(*second);
  // One that ends is not shared any more, and still counts.
  CHECK(world.desk.ask(world.wish("a.example"), 2, count));
  CHECK(world.desk.running() == 2);
  CHECK_FALSE(world.desk.ask(world.wish("b.example"), 2, count));
  world.loop.take_one();
  CHECK(world.desk.running() == 1);
  CHECK(told == 0);
  world.go = true;
  world.loop.take_one();
  CHECK(told == 1);
}

TEST_CASE("at the end those who wait are told") {
  World world;
  std::optional<Failure> failure;
  CHECK(world.desk.ask(world.wish("a.example"), 1,
                       [&](const ProbeDesk::Result& result) { failure = result->failure; }));
  world.desk.stop_all();
  world.loop.take_one();
  CHECK(failure == Failure::shutting_down);
}

TEST_CASE("a run that throws has failed inside") {
  dcv::testing::OwnerLoop loop;
  ProbeDesk desk(
      [](const ProbeWish&, const std::atomic<bool>&) -> ProbeResult {
        throw std::runtime_error("no more");
      },
      [&](std::function<void()> function) { loop.post(std::move(function)); }, [] { return 0.0; });
  ProbeDesk::Result told;
  CHECK(desk.ask({std::make_shared<const Module>(), "a.example", {}, 1}, 1,
                 [&](const ProbeDesk::Result& result) { told = result; }));
  loop.take_one();
  REQUIRE(told);
  CHECK(told->failure == Failure::internal);
  CHECK(told->message == "no more");
}
