#include "store.h"

#include <filesystem>
#include <fstream>

#include "support/catch.h"

using namespace dcv;
using namespace dcv::probes;

namespace {

const std::string kName = "_acme-challenge.app.shop.example.";
const Watch kWatch{"app.shop.example", "dns-01", "letsencrypt"};
constexpr double kNow = 1790000000, kDay = 86400;

// A folder that goes with the test.
struct Folder {
  std::filesystem::path path;

  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "dcv-store-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder");
    path = name;
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string file() const { return (path / "watch.db").string(); }
};

check::Snapshot seen(const std::string& alias) {
  check::Snapshot snapshot{.name = kWatch.name,
                           .method = kWatch.method,
                           .ca = kWatch.ca,
                           .validation_name = kName,
                           .final_name = kName};
  snapshot.facts[{check::Aspect::alias, "", kName}].values[alias] = {};
  snapshot.scope = {kName};
  snapshot.zones = {"shop.example."};
  snapshot.arrived = true;
  snapshot.opinion.verdict = check::Verdict::ready;
  snapshot.opinion.findings = {
      {"alias-dname", kName, check::Severity::notice, check::Affects::hygiene, "it is one"}};
  snapshot.latest = snapshot.opinion;
  return snapshot;
}

// What the watcher does with a look.
std::vector<Event> look(Store& store, const std::string& alias, double at, bool with_hook = false) {
  const Known known = store.known({kWatch}, at).front();
  const check::Snapshot now = seen(alias);
  return store
      .record({{known.id,
                at,
                check::advance(known.state ? &*known.state : nullptr, now, at, kDay),
                {}}},
              with_hook)
      .events;
}

// A look at that many names, the first of them a, b and so on, with such changes at each.
Recorded look_with(Store& store, const std::vector<std::pair<char, check::Severity>>& changes) {
  std::vector<Watch> watches;
  for (char name = 'a'; name <= 'c'; ++name) watches.push_back({{name}, "dns-01", "letsencrypt"});
  const std::vector<Known> known = store.known(watches, kNow);
  std::vector<Look> looks(watches.size());
  for (std::size_t i = 0; i < looks.size(); ++i) {
    looks[i].watch = known[i].id;
    looks[i].outcome.snapshot.name = watches[i].name;
  }
  for (const auto& [name, severity] : changes) {
    check::Change change;
    change.severity = severity;
    looks[static_cast<std::size_t>(name - 'a')].outcome.changes.push_back(change);
  }
  return store.record(looks, true);
}

// For whom the hook runs, until nothing is left to do.
std::string served(Store& store) {
  std::string names;
  while (const std::optional<Errand> next = store.next_errand(kNow)) {
    names += next->event.watch.name;
    store.errand_done(next->event);
  }
  return names;
}

std::vector<std::string> aliases(const std::vector<Stay>& stays) {
  std::vector<std::string> all;
  for (const Stay& each : stays)
    all.push_back(each.snapshot.facts.at({check::Aspect::alias, "", kName}).values.begin()->first);
  return all;
}

}  // namespace

TEST_CASE("a state is read as it was written") {
  check::Snapshot snapshot = seen("a.example.");
  check::Held& held = snapshot.facts[{check::Aspect::value, "", kName}].values["x\\\"y"];
  held = {kNow, 2, false, true};
  snapshot.facts[{check::Aspect::glue, "shop.example.", "ns1.shop.example."}].values["::1"] = {};
  snapshot.latest.verdict = check::Verdict::unknown;
  CHECK(snapshot_in(state_of(snapshot)) == snapshot);
}

TEST_CASE("outlooks are read as they were written") {
  const std::vector<check::Outlook> outlooks = {
      {kNow,
       check::Verdict::blocked,
       0.25,
       {{"dnssec-expired", "shop.example.", check::Severity::error, check::Affects::ca, "m"}},
       "5 remote perspectives"},
      {kNow + 1, check::Verdict::ready, std::nullopt, {}, "", true}};
  CHECK(outlooks_in(text_of(outlooks)) == outlooks);
  const std::string before = R"([{"from":1,"verdict":"ready","chance":null,"perspectives":"",)"
                             R"("findings":[]}])";
  CHECK_FALSE(outlooks_in(before).front().unless_signed_anew);
}

TEST_CASE("what does not change is one stay, what changes is an event and another stay") {
  const Folder folder;
  Store store = Store::for_writing(folder.file());
  CHECK(look(store, "a.example.", kNow).empty());
  CHECK(look(store, "a.example.", kNow + 60).empty());
  const std::vector<Event> events = look(store, "b.example.", kNow + 120);
  REQUIRE(events.size() == 1);
  CHECK(events.front().watch == kWatch);
  CHECK(events.front().change.kind == check::ChangeKind::alias_target_changed);
  const std::vector<Stay> stays = store.stays("", 0, kNow + 120);
  CHECK(aliases(stays) == std::vector<std::string>{"a.example.", "b.example."});
  CHECK(stays.front().first_seen == kNow);
  CHECK(stays.front().last_seen == kNow + 60);
}

TEST_CASE("what it looked like at a moment is the stay that had begun then") {
  const Folder folder;
  Store store = Store::for_writing(folder.file());
  look(store, "a.example.", kNow);
  look(store, "b.example.", kNow + 120);
  CHECK(store.stays_at("", kNow - 1).empty());
  CHECK(aliases(store.stays_at("", kNow)) == std::vector<std::string>{"a.example."});
  CHECK(aliases(store.stays_at(kWatch.name, kNow + 119)) == std::vector<std::string>{"a.example."});
  CHECK(aliases(store.stays_at("", kNow + 120)) == std::vector<std::string>{"b.example."});
  CHECK(store.stays_at("other.example", kNow + 120).empty());
}

TEST_CASE("events are read as they were recorded, by name and time") {
  const Folder folder;
  Store store = Store::for_writing(folder.file());
  look(store, "a.example.", kNow);
  const std::vector<Event> events = look(store, "b.example.", kNow + 120);
  const std::vector<Event> read = store.events(kWatch.name, 0, kNow + 120);
  REQUIRE(read.size() == 1);
  CHECK(event_line(read.front()) == event_line(events.front()));
  CHECK(store.events(kWatch.name, kNow + 120, kNow + 200).empty());
  CHECK(store.events("other.example", 0, kNow + 200).empty());
}

TEST_CASE("a store that is opened again goes on from the last look") {
  const Folder folder;
  {
    Store store = Store::for_writing(folder.file());
    look(store, "a.example.", kNow);
  }
  Store store = Store::for_writing(folder.file());
  CHECK(look(store, "b.example.", kNow + 60).size() == 1);
}

TEST_CASE("an errand stays until its hook has run, over restarts") {
  const Folder folder;
  Event event;
  {
    Store store = Store::for_writing(folder.file());
    look(store, "a.example.", kNow, true);
    event = look(store, "b.example.", kNow + 60, true).front();
  }
  Store store = Store::for_writing(folder.file());
  REQUIRE(store.next_errand(kNow));
  CHECK(store.next_errand(kNow)->event.id == event.id);
  store.errand_failed(event, kNow + 10);
  CHECK_FALSE(store.next_errand(kNow));
  CHECK(store.next_errand(kNow + 10)->tries == 1);
  store.errand_done(event);
  CHECK_FALSE(store.next_errand(kNow + 1000));
}

TEST_CASE("without a hook an event is no errand, and what was given up is none any more") {
  const Folder folder;
  Store store = Store::for_writing(folder.file());
  look(store, "a.example.", kNow);
  look(store, "b.example.", kNow + 60);
  CHECK_FALSE(store.next_errand(kNow + 1000));
  const std::vector<Event> events = look(store, "c.example.", kNow + 120, true);
  store.errand_given_up(events.front());
  CHECK_FALSE(store.next_errand(kNow + 1000));
}

TEST_CASE("errors have their hook first, then warnings, and each name has its turn") {
  using enum check::Severity;
  const Folder folder;
  Store store = Store::for_writing(folder.file());
  look_with(store, {{'a', info}, {'a', warning}, {'a', warning}, {'a', warning}, {'b', notice}});
  look_with(store, {{'b', warning}, {'c', warning}, {'b', warning}, {'c', error}, {'a', info}});
  CHECK(served(store) == "cabcababaa");
}

TEST_CASE("a name has at most a thousand errands: the oldest of the least severe are dropped") {
  using enum check::Severity;
  const Folder folder;
  Store store = Store::for_writing(folder.file());
  std::vector<std::pair<char, check::Severity>> many(kMostErrands - 1, {'a', info});
  many.front().second = error;
  CHECK(look_with(store, many).dropped == 0);
  CHECK(look_with(store, {{'a', info}, {'b', info}}).dropped == 0);
  CHECK(look_with(store, {{'a', warning}, {'a', info}}).dropped == 2);
  const Database file(folder.file(), Access::read);
  CHECK(file.number("SELECT min(id) FROM event WHERE hook = 'dropped'") == 2);
  CHECK(file.number("SELECT max(id) FROM event WHERE hook = 'dropped'") == 3);
  CHECK(served(store).size() == kMostErrands + 1);
}

TEST_CASE("a clock that was set back makes no stays but where something differs") {
  const Folder folder;
  Store store = Store::for_writing(folder.file());
  look(store, "a.example.", kNow);
  look(store, "b.example.", kNow + 1000);
  for (const double at : {kNow + 500, kNow + 560}) look(store, "b.example.", at);
  const std::vector<Stay> stays = store.stays("", 0, kNow * 2);
  CHECK(aliases(stays) == std::vector<std::string>{"a.example.", "b.example."});
  CHECK(stays.back().first_seen == kNow + 500);
  CHECK(stays.back().last_seen == kNow + 560);
  CHECK(aliases(store.stays_at("", kNow + 560)) == std::vector<std::string>{"b.example."});
  look(store, "c.example.", kNow + 100);
  look(store, "c.example.", kNow + 160);
  CHECK(store.stays("", 0, kNow * 2).size() == 3);
  CHECK(aliases(store.stays_at("", kNow + 50)) == std::vector<std::string>{"a.example."});
  CHECK(aliases(store.stays_at("", kNow + 160)) == std::vector<std::string>{"c.example."});
  CHECK(aliases(store.stays_at("", kNow + 2000)) == std::vector<std::string>{"c.example."});
  CHECK(store.forecasts("").front().last_seen == kNow + 160);
}

TEST_CASE("what was taken off the list has its history, but no forecast") {
  const Folder folder;
  Store store = Store::for_writing(folder.file());
  look(store, "a.example.", kNow);
  look(store, "b.example.", kNow + 60);
  store.known({}, kNow + 120);
  store.known({}, kNow + 180);
  CHECK(store.forecasts("").empty());
  CHECK(store.events(kWatch.name, 0, kNow + 200).size() == 1);
  CHECK(store.stays(kWatch.name, 0, kNow + 200).size() == 2);
  CHECK(store.stays_at(kWatch.name, kNow + 200).size() == 1);
  CHECK(store.stays_listed_at(kWatch.name, kNow + 120).size() == 1);
  CHECK(store.stays_listed_at(kWatch.name, kNow + 121).empty());
  CHECK(look(store, "c.example.", kNow + 240).size() == 1);
  CHECK(store.forecasts("").size() == 1);
  CHECK(store.stays_listed_at(kWatch.name, kNow + 300).size() == 1);
}

TEST_CASE("what was taken off the list longer ago than is kept goes with all its rows") {
  const Folder folder;
  Store store = Store::for_writing(folder.file());
  const Bounds bounds{.keep_seconds = kDay, .most_bytes = 1 << 30};
  look(store, "a.example.", kNow);
  look(store, "b.example.", kNow + 60, true);
  store.known({{"other.example", "dns-01", "letsencrypt"}}, kNow + 120);
  store.prune(bounds, kNow + 120 + kDay);
  CHECK(store.stays_at("", kNow + kDay).size() == 1);
  store.prune(bounds, kNow + 121 + kDay);
  const Database file(folder.file(), Access::read);
  CHECK(file.number("SELECT count(*) FROM watch") == 1);
  CHECK(file.number("SELECT count(*) FROM snapshot") == 0);
  CHECK(file.number("SELECT count(*) FROM event") == 0);
}

TEST_CASE("one process writes, others read meanwhile") {
  const Folder folder;
  Store store = Store::for_writing(folder.file());
  look(store, "a.example.", kNow);
  Store reader = Store::for_reading(folder.file());
  CHECK(reader.stays("", 0, kNow).size() == 1);
  look(store, "b.example.", kNow + 60);
  CHECK(reader.stays("", 0, kNow + 60).size() == 2);
  CHECK_THROWS_WITH(Store::for_writing(folder.file()),
                    "another dcv-watch run writes to " + folder.file());
}

TEST_CASE("a file of an older version is brought up to date, with all that is in it") {
  const int version = GENERATE(1, 2);
  const Folder folder;
  {
    const Database old(folder.file(), Access::write);
    for (int i = 0; i < version; ++i) old.execute(migrations().at(static_cast<std::size_t>(i)));
    old.execute("PRAGMA application_id = 0x64637677");
    old.execute("PRAGMA user_version = " + std::to_string(version));
    Statement insert(old, "INSERT INTO watch (name, method, ca, state) VALUES (?, ?, ?, ?)");
    insert.bind(kWatch.name).bind(kWatch.method).bind(kWatch.ca).bind(state_of(seen("a.example.")));
    insert.run();
    old.execute(
        "INSERT INTO event (watch, at, kind, severity, subject, zone, side, before, after, "
        "message, "
        "hook) VALUES (1, 1790000000, 'verdict-changed', 'error', '', '', '', '[]', '[]', '', "
        "'pending')");
  }
  CHECK_THROWS_WITH(Store::for_reading(folder.file()),
                    folder.file() +
                        " was written by an older dcv-watch; dcv-watch run brings it "
                        "up to date");
  Store store = Store::for_writing(folder.file());
  CHECK(look(store, "b.example.", kNow).size() == 1);
  CHECK(store.forecasts("").size() == 1);
  CHECK(store.next_errand(kNow)->event.id == 1);
  const Database now(folder.file(), Access::read);
  CHECK(now.number("PRAGMA user_version") == kSchemaVersion);
}

TEST_CASE("a file of a newer version and one of something else are refused in a sentence") {
  const Folder folder;
  {
    const Database newer(folder.file(), Access::write);
    newer.execute("PRAGMA application_id = 0x64637677");
    newer.execute("PRAGMA user_version = 9");
    newer.execute("CREATE TABLE t (x)");
  }
  CHECK_THROWS_WITH(Store::for_writing(folder.file()),
                    folder.file() +
                        " was written by a newer dcv-watch: its version is 9, and 3 is "
                        "the newest known here");
  const std::string other = folder.file() + ".other";
  Database(other, Access::write).execute("CREATE TABLE t (x)");
  CHECK_THROWS_WITH(Store::for_writing(other), other + " is no database of dcv-watch");
  std::ofstream(folder.file() + ".text") << std::string(5000, 'x');
  CHECK_THROWS(Store::for_writing(folder.file() + ".text"));
  CHECK_THROWS_WITH(Store::for_reading(folder.file() + ".none"),
                    "there is no database " + folder.file() + ".none; dcv-watch run makes one");
}

TEST_CASE("what is older than is kept goes, errands too, but not what is there now") {
  const Folder folder;
  Store store = Store::for_writing(folder.file());
  look(store, "a.example.", kNow);
  look(store, "b.example.", kNow + 60, true);
  look(store, "c.example.", kNow + 120);
  store.prune({.keep_seconds = kDay, .most_bytes = 1 << 30}, kNow + 2 * kDay);
  CHECK(aliases(store.stays("", 0, kNow + kDay)) == std::vector<std::string>{"c.example."});
  CHECK(store.events("", 0, kNow + kDay).empty());
  CHECK_FALSE(store.next_errand(kNow + kDay));
}

TEST_CASE("the oldest history goes until the file is small enough") {
  const Folder folder;
  Store store = Store::for_writing(folder.file());
  for (int i = 0; i < 2000; ++i)
    look(store, std::string(500, 'a') + std::to_string(i) + ".example.", kNow + i);
  const std::int64_t most = 3 << 20;
  const std::int64_t errand = look(store, "last.example.", kNow + 2000, true).front().id;
  store.prune({.keep_seconds = kDay, .most_bytes = most}, kNow + 2000);
  const Database file(folder.file(), Access::read);
  CHECK(file.number("PRAGMA page_size") * file.number("PRAGMA page_count") <= most);
  CHECK(store.next_errand(kNow + 3000)->event.id == errand);
  CHECK(store.stays_at("", kNow + 3000).size() == 1);
  CHECK(file.number("SELECT count(*) FROM snapshot") < 2000);
}
