#include "watcher.h"

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <utility>

#include "support/catch.h"

using namespace dcv;
using namespace dcv::probes;

namespace {

const std::string kApp = "app.shop.example", kWww = "www.shop.example";
constexpr double kStart = 1790000000;

WatchList list_of(const std::vector<std::string>& names) {
  WatchList list;
  for (const std::string& each : names) {
    list.plans.try_emplace(each);
    list.watches.push_back({each, "dns-01", "letsencrypt"});
  }
  return list;
}

check::Snapshot seen(const std::string& name, check::Verdict verdict) {
  check::Snapshot snapshot{.name = name,
                           .method = "dns-01",
                           .ca = "letsencrypt",
                           .validation_name = "_acme-challenge." + name + ".",
                           .final_name = "_acme-challenge." + name + "."};
  snapshot.arrived = true;
  snapshot.opinion.verdict = snapshot.latest.verdict = verdict;
  return snapshot;
}

// A clock of its own, and looks that are done at once. `verdict_of` and `has_to_end` are
// given how many looks there were so far.
struct World {
  std::filesystem::path folder;
  std::ostringstream events;
  std::vector<std::string> told;
  std::function<check::Verdict(int)> verdict_of = [](int) { return check::Verdict::ready; };
  std::function<bool()> has_to_end = [] { return false; };
  std::optional<WatchList> new_list;
  RunOptions options;
  double step = 20;  // seconds from one reading of the clock to the next
  double passed = 0;
  std::atomic<int> looks = 0;

  World() {
    std::string name = (std::filesystem::temp_directory_path() / "dcv-watcher-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder");
    folder = name;
    options.at_once = 1;
    options.bounds = {400 * 86400.0, 1 << 30};
  }
  ~World() { std::filesystem::remove_all(folder); }

  void run(const WatchList& list) {
    Store store = open();
    Watcher watcher(options, store,
                    {.seconds = [this] { return passed += step; },
                     .now = [this] { return kStart + passed; },
                     .random = [] { return 0.5; },
                     .look =
                         [this](const Task& task) {
                           return Seen{task.name, {seen(task.name, verdict_of(looks++))}, {}, ""};
                         },
                     .has_to_end = [this] { return has_to_end(); },
                     .new_list = [this] { return std::exchange(new_list, std::nullopt); },
                     .events = events,
                     .tell = [this](const std::string& sentence) { told.push_back(sentence); }});
    watcher.run(list);
  }
  Store open() const { return Store::for_writing((folder / "watch.db").string()); }
};

// What the watcher prints, without what differs from run to run.
std::vector<std::string> messages(const std::string& lines) {
  std::vector<std::string> all;
  std::istringstream stream(lines);
  for (std::string line; std::getline(stream, line);) {
    const std::size_t start = line.find("\"message\":\"") + 11;
    all.push_back(line.substr(start, line.rfind('"') - start));
  }
  return all;
}

}  // namespace

TEST_CASE("a pass looks at each name once, and tells nothing of a first look") {
  World world;
  world.options.once = true;
  world.run(list_of({kApp, kWww}));
  CHECK(world.looks == 2);
  CHECK(world.events.str().empty());
  CHECK(world.open().forecasts("").size() == 2);
}

TEST_CASE("a pass looks once more at what has to be confirmed, and tells it then") {
  World world;
  world.options.once = true;
  world.run(list_of({kApp}));
  world.verdict_of = [](int) { return check::Verdict::blocked; };
  world.looks = 0;
  world.run(list_of({kApp}));
  CHECK(world.looks == 2);
  CHECK(messages(world.events.str()) ==
        std::vector<std::string>{"the verdict changed from ready to blocked"});
}

TEST_CASE("a verdict that only one look gives is told to nobody") {
  World world;
  world.options.every = 100;
  world.verdict_of = [](int number) {
    return number == 2 ? check::Verdict::blocked : check::Verdict::ready;
  };
  world.has_to_end = [&] { return world.looks >= 6; };
  world.run(list_of({kApp}));
  CHECK(world.events.str().empty());
}

TEST_CASE("a hook that cannot be started is tried three times, and then given up") {
  World world;
  world.options.once = true;
  world.run(list_of({kApp}));
  world.options.once = false;
  world.options.every = 100;
  world.options.hook = (world.folder / "gone").string();
  world.verdict_of = [](int) { return check::Verdict::blocked; };
  world.has_to_end = [&] { return world.told.size() >= 3 || world.passed > 10000; };
  world.run(list_of({kApp}));
  const std::string what =
      world.options.hook + " for event 1 could not be started: No such file or directory; ";
  CHECK(world.told == std::vector<std::string>{what + "it is tried again in 10 s",
                                               what + "it is tried again in 1 min",
                                               what + "it is not tried again"});
  CHECK_FALSE(world.open().next_errand(kStart * 2));
}

TEST_CASE("what is no longer on the list is looked at no more") {
  World world;
  world.options.every = 50;
  world.new_list = list_of({kWww});
  world.has_to_end = [&] { return world.looks >= 3; };
  world.run(list_of({kApp, kWww}));
  const std::vector<Forecast> forecasts = world.open().forecasts("");
  REQUIRE(forecasts.size() == 1);
  CHECK(forecasts.front().watch.name == kWww);
}

TEST_CASE("looks that come late are told, once in ten minutes") {
  World world;
  world.options.every = 60;
  world.step = 45;
  world.has_to_end = [&] { return world.looks >= 20; };
  world.run(list_of({kApp, kWww}));
  REQUIRE_FALSE(world.told.empty());
  CHECK(world.told.front().ends_with(" late: a larger --at-once or a longer --every would help"));
  CHECK(static_cast<double>(world.told.size()) <= world.passed / 600 + 1);
}
