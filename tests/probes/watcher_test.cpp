#include "watcher.h"

#include <algorithm>
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
  std::function<void(int, check::Snapshot&)> differ = [](int, check::Snapshot&) {};
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

  bool run(const WatchList& list) {
    Store store = open();
    Watcher watcher(options, store,
                    {.seconds = [this] { return passed += step; },
                     .now = [this] { return kStart + passed; },
                     .random = [] { return 0.5; },
                     .look = [this](const Task& task) { return look(task); },
                     .has_to_end = [this] { return has_to_end(); },
                     .new_list = [this] { return std::exchange(new_list, std::nullopt); },
                     .events = events,
                     .tell = [this](const std::string& sentence) { told.push_back(sentence); }});
    return watcher.run(list);
  }
  // The plan's profiles are its CAs; none is Let's Encrypt.
  Seen look(const Task& task) {
    const int number = looks++;
    Seen result{task.name, {seen(task.name, verdict_of(number))}, {}, ""};
    differ(number, result.snapshots.front());
    for (const observe::CaProfile& each : task.plan.profiles) {
      result.snapshots.push_back(result.snapshots.front());
      result.snapshots.back().ca = each.name;
    }
    check::Outlook outlook;
    outlook.from = kStart + number;
    if (task.with_outlooks) result.outlooks.assign(result.snapshots.size(), {outlook});
    return result;
  }
  Store open() const { return Store::for_writing((folder / "watch.db").string()); }
};

void has_no_network(check::Snapshot& snapshot) {
  snapshot.arrived = false;
  snapshot.opinion.verdict = check::Verdict::unknown;
  snapshot.opinion.findings = {{"transport-no-network", snapshot.validation_name}};
  snapshot.latest = snapshot.opinion;
}

// Which look's outlooks are stored of each watch, in their order; -1: none.
std::vector<int> foretelling(const World& world) {
  std::vector<int> looks;
  for (const Forecast& each : world.open().forecasts(""))
    looks.push_back(each.ahead.empty() ? -1 : static_cast<int>(each.ahead.front().from - kStart));
  return looks;
}

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

TEST_CASE("looks without a network change nothing, and are told when they begin and end") {
  World world;
  world.options.every = 100;
  world.step = 5;
  world.differ = [](int number, check::Snapshot& snapshot) {
    if (number >= 2 && number < 6) has_no_network(snapshot);
  };
  world.has_to_end = [&] { return world.looks >= 10; };
  world.run(list_of({kApp}));
  CHECK(world.events.str().empty());
  CHECK(world.open().stays("", 0, kStart * 2).size() == 1);
  REQUIRE(world.told.size() == 2);
  CHECK(world.told.front().starts_with("no look counts since 2026-"));
  CHECK(world.told.front().ends_with("Z: this machine has no network"));
  CHECK(world.told.back().starts_with("looks count again since 2026-"));
  CHECK(world.told.back().ends_with("Z: 4 were void"));
}

TEST_CASE("a look without a network is not stored, nor is one whose answers came from others") {
  World world;
  world.options.once = true;
  world.differ = [](int, check::Snapshot& snapshot) { has_no_network(snapshot); };
  world.run(list_of({kApp}));
  world.differ = [](int, check::Snapshot& snapshot) {
    snapshot.latest.findings = {{"transport-intercepted", snapshot.validation_name}};
  };
  world.run(list_of({kApp}));
  CHECK(world.looks == 2);
  CHECK(world.open().forecasts("").empty());
  CHECK(world.open().stays("", 0, kStart * 2).empty());
}

TEST_CASE("a look that has to be confirmed, or did not get far, leaves the forecast as it was") {
  World world;
  world.options.once = true;
  world.run(list_of({kApp}));
  CHECK(foretelling(world) == std::vector<int>{0});
  world.differ = [](int number, check::Snapshot& snapshot) { snapshot.arrived = number == 1; };
  world.verdict_of = [](int number) {
    return number == 1 ? check::Verdict::blocked : check::Verdict::ready;
  };
  world.run(list_of({kApp}));
  CHECK(world.looks == 3);
  CHECK(foretelling(world) == std::vector<int>{0});
  world.differ = [](int, check::Snapshot&) {};
  world.verdict_of = [](int) { return check::Verdict::unknown; };
  world.run(list_of({kApp}));
  CHECK(foretelling(world) == std::vector<int>{0});
  world.verdict_of = [](int) { return check::Verdict::ready; };
  world.run(list_of({kApp}));
  CHECK(foretelling(world).front() > 0);
}

TEST_CASE("after a look without a forecast, the next one is for the forecast, too") {
  World world;
  world.options.every = 100;
  world.verdict_of = [](int number) {
    return number == 0 ? check::Verdict::unknown : check::Verdict::ready;
  };
  world.has_to_end = [&] { return world.looks >= 4; };
  world.run(list_of({kApp}));
  CHECK(foretelling(world) == std::vector<int>{2});
}

TEST_CASE("what changes has a new forecast as soon as that is confirmed") {
  World world;
  world.options.every = 100;
  world.verdict_of = [](int number) {
    return number < 2 ? check::Verdict::ready : check::Verdict::blocked;
  };
  world.has_to_end = [&] { return world.looks >= 6; };
  world.run(list_of({kApp}));
  CHECK(foretelling(world) == std::vector<int>{3});
}

TEST_CASE("a CA that is new on the list has its forecast with its first look") {
  World world;
  world.options.every = 100;
  world.has_to_end = [&] {
    if (world.looks == 3) {
      world.new_list = list_of({kApp});
      world.new_list->watches.push_back({kApp, "dns-01", "sectigo"});
      world.new_list->plans.at(kApp).profiles.resize(1);
      world.new_list->plans.at(kApp).profiles.front().name = "sectigo";
    }
    return world.looks >= 6;
  };
  world.run(list_of({kApp}));
  const std::vector<int> looks = foretelling(world);
  REQUIRE(looks.size() == 2);
  CHECK(looks.back() >= 3);
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

TEST_CASE("a pass does not wait for a hook that fails: the next one runs it") {
  World world;
  world.options.once = true;
  world.run(list_of({kApp}));
  world.options.hook = (world.folder / "gone").string();
  world.verdict_of = [](int) { return check::Verdict::blocked; };
  CHECK_FALSE(world.run(list_of({kApp})));
  const std::string what =
      world.options.hook + " for event 1 could not be started: No such file or directory; ";
  CHECK(world.told == std::vector<std::string>{what + "it is tried again by the next run"});
  world.options.hook = "/bin/true";
  CHECK(world.run(list_of({kApp})));
  CHECK_FALSE(world.open().next_errand(kStart * 2));
}

TEST_CASE("what is no longer on the list is looked at no more") {
  World world;
  world.options.every = 100;
  double taken_off = 0, last_look = 0;
  world.differ = [&](int, check::Snapshot& snapshot) {
    if (snapshot.name == kApp) last_look = world.passed;
  };
  world.has_to_end = [&] {
    if (world.looks >= 4 && taken_off == 0) {
      world.new_list = list_of({kWww});
      taken_off = world.passed;
    }
    return world.looks >= 12;
  };
  world.run(list_of({kApp, kWww}));
  CHECK(last_look > 0);
  CHECK(last_look <= taken_off);
  Store store = world.open();
  REQUIRE(store.forecasts("").size() == 1);
  CHECK(store.forecasts("").front().watch.name == kWww);
  CHECK(store.stays_listed_at(kApp, kStart + taken_off).size() == 1);
  CHECK(store.stays_listed_at(kApp, kStart + world.passed).empty());
}

TEST_CASE("that a hook cannot follow is told once") {
  World world;
  world.options.every = 100;
  world.options.hook = (world.folder / "gone").string();
  int values = 0;
  world.differ = [&](int number, check::Snapshot& snapshot) {
    check::Fact& fact = snapshot.facts[{check::Aspect::value, "", snapshot.validation_name}];
    for (int i = 0; number > 0 && i < 600; ++i) fact.values[std::to_string(values++)] = {};
  };
  world.has_to_end = [&] { return world.looks >= 5; };
  world.run(list_of({kApp}));
  CHECK(std::ranges::count(world.told, "more than 1000 events of one name wait for " +
                                           world.options.hook +
                                           ": the oldest of the least severe are dropped") == 1);
}

TEST_CASE("looks that come late are told, once in ten minutes") {
  World world;
  world.options.every = 60;
  world.step = 45;
  world.has_to_end = [&] { return world.looks >= 20; };
  world.run(list_of({kApp, kWww}));
  REQUIRE_FALSE(world.told.empty());
  CHECK(world.told.front().ends_with(" late: a larger --at-once or longer intervals would help"));
  CHECK(static_cast<double>(world.told.size()) <= world.passed / 600 + 1);
}
