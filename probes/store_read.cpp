// Reading what names looked like, and dropping what is too old or too much.
#include "store.h"

namespace dcv::probes {
namespace {

// So many at a time: a transaction should not be long.
constexpr int kDroppedAtOnce = 200;

constexpr std::string_view kStayColumns =
    "SELECT name, method, ca, first_seen, last_seen, document FROM snapshot JOIN watch ON "
    "watch.id = snapshot.watch ";

// Of a name, or all, the last that had begun: with the highest id, since a clock may be set back.
constexpr std::string_view kAt =
    "WHERE (?1 = '' OR name = ?1) AND snapshot.id = (SELECT max(id) FROM snapshot AS s WHERE "
    "s.watch = watch.id AND s.first_seen <= ?2) ";

constexpr const char* kInOrder = "ORDER BY name, method, ca";

Stay stay_in(const Statement& row) {
  return {
      {row.text(0), row.text(1), row.text(2)}, row.real(3), row.real(4), snapshot_in(row.text(5))};
}

std::vector<Stay> all_of(Statement& select) {
  std::vector<Stay> stays;
  while (select.step()) stays.push_back(stay_in(select));
  return stays;
}

}  // namespace

bool Store::knows(const std::string& name) {
  Statement select(database_, "SELECT 1 FROM watch WHERE name = ?");
  return select.bind(name).step();
}

std::vector<Stay> Store::stays(const std::string& name, double since, double until) {
  Statement select(database_, std::string(kStayColumns) +
                                  "WHERE (?1 = '' OR name = ?1) AND last_seen >= ?2 AND "
                                  "first_seen <= ?3 ORDER BY name, method, ca, snapshot.id");
  select.bind(name).bind(since).bind(until);
  return all_of(select);
}

std::vector<Stay> Store::stays_at(const std::string& name, double time) {
  Statement select(database_, std::string(kStayColumns) + std::string(kAt) + kInOrder);
  select.bind(name).bind(time);
  return all_of(select);
}

std::vector<Stay> Store::stays_listed_at(const std::string& name, double time) {
  Statement select(database_, std::string(kStayColumns) + std::string(kAt) +
                                  "AND (listed_until IS NULL OR listed_until >= ?2) " + kInOrder);
  select.bind(name).bind(time);
  return all_of(select);
}

std::vector<Forecast> Store::forecasts(const std::string& name) {
  Statement select(
      database_,
      "SELECT name, method, ca, state, forecast, (SELECT last_seen FROM snapshot WHERE "
      "watch = watch.id ORDER BY id DESC LIMIT 1) FROM watch WHERE (?1 = '' OR name = "
      "?1) AND state IS NOT NULL AND listed_until IS NULL ORDER BY name, method, ca");
  select.bind(name);
  std::vector<Forecast> forecasts;
  while (select.step())
    forecasts.push_back({{select.text(0), select.text(1), select.text(2)},
                         select.real(5),
                         snapshot_in(select.text(3)),
                         outlooks_in(select.text(4))});
  return forecasts;
}

// Snapshots but the last of each watch, then events for which no hook is to run. False: there is
// nothing left that may go.
bool Store::drop_oldest() {
  const std::string count = std::to_string(kDroppedAtOnce);
  database_.execute(
      "DELETE FROM snapshot WHERE id IN (SELECT id FROM snapshot AS s WHERE EXISTS (SELECT 1 FROM "
      "snapshot AS later WHERE later.watch = s.watch AND later.id > s.id) ORDER BY s.last_seen "
      "LIMIT " +
      count + ")");
  if (database_.changed() > 0) return true;
  database_.execute(
      "DELETE FROM event WHERE id IN (SELECT id FROM event WHERE hook <> 'pending' ORDER BY at "
      "LIMIT " +
      count + ")");
  return database_.changed() > 0;
}

// Watches that were taken off the list before, with all that is about them.
void Store::drop_unlisted(double before) {
  Transaction transaction(database_);
  for (const char* const sql :
       {"DELETE FROM snapshot WHERE watch IN (SELECT id FROM watch WHERE listed_until < ?)",
        "DELETE FROM event WHERE watch IN (SELECT id FROM watch WHERE listed_until < ?)",
        "DELETE FROM watch WHERE listed_until < ?"}) {
    Statement drop(database_, sql);
    drop.bind(before).run();
  }
  transaction.commit();
}

void Store::prune(const Bounds& bounds, double now) {
  const double oldest = now - bounds.keep_seconds;
  drop_unlisted(oldest);
  Statement snapshots(database_,
                      "DELETE FROM snapshot WHERE last_seen < ? AND EXISTS (SELECT 1 FROM snapshot "
                      "AS later WHERE later.watch = snapshot.watch AND later.id > snapshot.id)");
  snapshots.bind(oldest).run();
  Statement events(database_, "DELETE FROM event WHERE at < ?");
  events.bind(oldest).run();
  const std::int64_t page = database_.number("PRAGMA page_size");
  const auto used = [&] {
    return page *
           (database_.number("PRAGMA page_count") - database_.number("PRAGMA freelist_count"));
  };
  while (used() > bounds.most_bytes && drop_oldest()) {
  }
  database_.execute("PRAGMA incremental_vacuum");
}

}  // namespace dcv::probes
