// Reading what names looked like, and dropping what is too old or too much.
#include "store.h"

namespace dcv::probes {
namespace {

// So many at a time: a transaction should not be long.
constexpr int kDroppedAtOnce = 200;

constexpr std::string_view kStayColumns =
    "SELECT name, method, ca, first_seen, last_seen, document FROM snapshot JOIN watch ON "
    "watch.id = snapshot.watch ";

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

std::vector<Stay> Store::stays(const std::string& name, double since, double until) {
  Statement select(database_, std::string(kStayColumns) +
                                  "WHERE (?1 = '' OR name = ?1) AND last_seen >= ?2 AND "
                                  "first_seen <= ?3 ORDER BY name, method, ca, first_seen");
  select.bind(name).bind(since).bind(until);
  return all_of(select);
}

std::vector<Stay> Store::stays_at(const std::string& name, double time) {
  Statement select(database_,
                   std::string(kStayColumns) +
                       "WHERE (?1 = '' OR name = ?1) AND snapshot.id = (SELECT id FROM snapshot "
                       "AS s WHERE s.watch = watch.id AND s.first_seen <= ?2 ORDER BY "
                       "s.first_seen DESC, s.id DESC LIMIT 1) ORDER BY name, method, ca");
  select.bind(name).bind(time);
  return all_of(select);
}

std::vector<Forecast> Store::forecasts(const std::string& name) {
  Statement select(database_,
                   "SELECT name, method, ca, state, forecast, (SELECT max(last_seen) FROM snapshot "
                   "WHERE watch = watch.id) FROM watch WHERE (?1 = '' OR name = ?1) AND state IS "
                   "NOT NULL ORDER BY name, method, ca");
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

void Store::prune(const Bounds& bounds, double now) {
  const double oldest = now - bounds.keep_seconds;
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
