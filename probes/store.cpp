// Writing: looks with their events in one transaction, and what became of the hooks.
#include "store.h"

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
                   "INSERT INTO watch (name, method, ca) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
  insert.bind(watch.name).bind(watch.method).bind(watch.ca).run();
  Statement select(database_,
                   "SELECT id, state FROM watch WHERE name = ? AND method = ? AND ca = ?");
  select.bind(watch.name).bind(watch.method).bind(watch.ca).step();
  Known known{select.integer(0), std::nullopt};
  if (!select.is_null(1)) known.state = snapshot_in(select.text(1));
  return known;
}

std::vector<Known> Store::known(const std::vector<Watch>& watches) {
  std::vector<Known> all;
  Transaction transaction(database_);
  for (const Watch& each : watches) all.push_back(known_one(each));
  transaction.commit();
  return all;
}

std::vector<Event> Store::record(const std::vector<Look>& looks, bool with_hook) {
  std::vector<Event> events;
  Transaction transaction(database_);
  for (const Look& look : looks) record(look, with_hook, events);
  transaction.commit();
  return events;
}

void Store::record(const Look& look, bool with_hook, std::vector<Event>& events) {
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
    events.push_back({database_.last_id(), look.at, {state.name, state.method, state.ca}, change});
  }
}

// A row as long as nothing differs: only its end moves on.
void Store::record_stay(const Look& look) {
  const std::string document = document_of(look.outcome.snapshot);
  Statement last(database_,
                 "SELECT id, document FROM snapshot WHERE watch = ? ORDER BY first_seen DESC, id "
                 "DESC LIMIT 1");
  last.bind(look.watch);
  if (last.step() && last.text(1) == document) {
    Statement update(database_, "UPDATE snapshot SET last_seen = ? WHERE id = ?");
    update.bind(look.at).bind(last.integer(0)).run();
    return;
  }
  Statement insert(database_,
                   "INSERT INTO snapshot (watch, first_seen, last_seen, document) VALUES (?, ?, "
                   "?, ?)");
  insert.bind(look.watch).bind(look.at).bind(look.at).bind(document).run();
}

std::optional<Errand> Store::next_errand(double now) {
  Statement select(database_, std::string(kEventColumns) +
                                  "WHERE hook = 'pending' AND hook_due <= ? ORDER BY event.id "
                                  "LIMIT 1");
  select.bind(now);
  if (!select.step()) return std::nullopt;
  return Errand{event_in(select), static_cast<int>(select.integer(13))};
}

void Store::errand_done(const Event& event) {
  Statement update(database_,
                   "UPDATE event SET hook = 'done', hook_tries = hook_tries + 1 WHERE id = ?");
  update.bind(event.id).run();
}

void Store::errand_failed(const Event& event, double again_at) {
  Statement update(database_,
                   "UPDATE event SET hook_tries = hook_tries + 1, hook_due = ? WHERE id = ?");
  update.bind(again_at).bind(event.id).run();
}

void Store::errand_given_up(const Event& event) {
  Statement update(database_,
                   "UPDATE event SET hook = 'failed', hook_tries = hook_tries + 1 WHERE id = ?");
  update.bind(event.id).run();
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
