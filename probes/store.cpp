// Writing: looks with their events in one transaction, and what became of the hooks.
#include "store.h"

#include <set>

namespace dcv::probes {
namespace {

// Of a row that begins with these columns, in this order.
constexpr std::string_view kEventColumns =
    "SELECT event.id, event.at, name, method, ca, kind, severity, subject, zone, side, before, "
    "after, message, hook_tries FROM event JOIN watch ON watch.id = event.watch ";

Event event_in(const Statement& row) {
  Event event;
  event.id = row.integer(0);
  event.at = row.real(1);
  event.watch = {row.text(2), row.text(3), row.text(4)};
  event.change = {.kind = change_kind_in(row.text(5)),
                  .severity = severity_in(row.text(6)),
                  .zone = row.text(8),
                  .subject = row.text(7),
                  .side = row.text(9),
                  .before = words_in(row.text(10)),
                  .after = words_in(row.text(11)),
                  .message = row.text(12)};
  return event;
}

}  // namespace

Known Store::known_one(const Watch& watch) {
  Statement insert(database_,
                   "INSERT INTO watch (name, method, ca) VALUES (?, ?, ?) ON CONFLICT DO UPDATE "
                   "SET listed_until = NULL WHERE listed_until IS NOT NULL");
  insert.bind(watch.name).bind(watch.method).bind(watch.ca).run();
  Statement select(database_,
                   "SELECT id, state FROM watch WHERE name = ? AND method = ? AND ca = ?");
  select.bind(watch.name).bind(watch.method).bind(watch.ca).step();
  Known known{select.integer(0), std::nullopt};
  if (!select.is_null(1)) known.state = snapshot_in(select.text(1));
  return known;
}

std::vector<Known> Store::known(const std::vector<Watch>& watches, double now) {
  std::vector<Known> all;
  Transaction transaction(database_);
  for (const Watch& each : watches) all.push_back(known_one(each));
  list_no_others(all, now);
  transaction.commit();
  return all;
}

void Store::list_no_others(const std::vector<Known>& listed, double now) {
  std::set<std::int64_t> others;
  Statement select(database_, "SELECT id FROM watch WHERE listed_until IS NULL");
  while (select.step()) others.insert(select.integer(0));
  for (const Known& each : listed) others.erase(each.id);
  Statement update(database_, "UPDATE watch SET listed_until = ? WHERE id = ?");
  for (const std::int64_t each : others) update.bind(now).bind(each).run();
}

Recorded Store::record(const std::vector<Look>& looks, bool with_hook) {
  Recorded recorded;
  Transaction transaction(database_);
  for (const Look& look : looks) record(look, with_hook, recorded);
  transaction.commit();
  return recorded;
}

void Store::record(const Look& look, bool with_hook, Recorded& recorded) {
  const check::Snapshot& state = look.outcome.snapshot;
  Statement update(database_, "UPDATE watch SET state = ? WHERE id = ?");
  update.bind(state_of(state)).bind(look.watch).run();
  if (look.outlooks) {
    Statement forecast(database_, "UPDATE watch SET forecast = ? WHERE id = ?");
    forecast.bind(text_of(*look.outlooks)).bind(look.watch).run();
  }
  record_stay(look);
  Statement insert(database_,
                   "INSERT INTO event (watch, at, kind, severity, subject, zone, side, before, "
                   "after, message, hook) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (const check::Change& change : look.outcome.changes) {
    insert.bind(look.watch)
        .bind(look.at)
        .bind(check::text(change.kind))
        .bind(check::text(change.severity))
        .bind(change.subject)
        .bind(change.zone)
        .bind(change.side)
        .bind(text_of(change.before))
        .bind(text_of(change.after))
        .bind(change.message)
        .bind(with_hook ? "pending" : "none")
        .run();
    recorded.events.push_back(
        {database_.last_id(), look.at, {state.name, state.method, state.ca}, change});
  }
  if (with_hook && !look.outcome.changes.empty()) recorded.dropped += drop_errands(look.watch);
}

std::int64_t Store::drop_errands(std::int64_t watch) {
  Statement drop(database_,
                 "UPDATE event SET hook = 'dropped' WHERE id IN (SELECT id FROM event WHERE hook = "
                 "'pending' AND watch = ?1 ORDER BY rank DESC, id LIMIT max(0, (SELECT count(*) "
                 "FROM event WHERE hook = 'pending' AND watch = ?1) - ?2))");
  drop.bind(watch).bind(kMostErrands).run();
  return database_.changed();
}

// A row as long as nothing differs: only its end moves on. The last is that with the highest id: a
// clock may have been set back since, and then the row begins with what it says now.
void Store::record_stay(const Look& look) {
  const std::string document = document_of(look.outcome.snapshot);
  Statement last(database_,
                 "SELECT id, document FROM snapshot WHERE watch = ? ORDER BY id DESC LIMIT 1");
  last.bind(look.watch);
  if (last.step() && last.text(1) == document) {
    Statement update(database_,
                     "UPDATE snapshot SET last_seen = ?1, first_seen = min(first_seen, ?1) WHERE "
                     "id = ?2");
    update.bind(look.at).bind(last.integer(0)).run();
    return;
  }
  Statement insert(database_,
                   "INSERT INTO snapshot (watch, first_seen, last_seen, document) VALUES (?, ?, "
                   "?, ?)");
  insert.bind(look.watch).bind(look.at).bind(look.at).bind(document).run();
}

std::optional<Errand> Store::next_errand(double now) {
  Statement select(database_,
                   std::string(kEventColumns) +
                       "WHERE event.id = (SELECT id FROM event WHERE hook = 'pending' AND hook_due "
                       "<= ? ORDER BY rank, watch <= (SELECT watch FROM event WHERE id = ?), "
                       "watch, id LIMIT 1)");
  select.bind(now).bind(served_);
  if (!select.step()) return std::nullopt;
  return Errand{event_in(select), static_cast<int>(select.integer(13))};
}

void Store::set_errand(const Event& event, std::string_view hook, double due) {
  Statement update(database_,
                   "UPDATE event SET hook = ?, hook_tries = hook_tries + 1, hook_due = ? WHERE id "
                   "= ?");
  update.bind(hook).bind(due).bind(event.id).run();
  served_ = event.id;
}

void Store::errand_done(const Event& event) {
  set_errand(event, "done", 0);
}

void Store::errand_failed(const Event& event, double again_at) {
  set_errand(event, "pending", again_at);
}

void Store::errand_given_up(const Event& event) {
  set_errand(event, "failed", 0);
}

std::vector<Event> Store::events(const std::string& name, double since, double until) {
  Statement select(database_, std::string(kEventColumns) +
                                  "WHERE (?1 = '' OR name = ?1) AND event.at > ?2 AND event.at <= "
                                  "?3 ORDER BY event.at, event.id");
  select.bind(name).bind(since).bind(until);
  std::vector<Event> events;
  while (select.step()) events.push_back(event_in(select));
  return events;
}

}  // namespace dcv::probes
