// The tables, version by version: what was released is never changed, only gone on from.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "store.h"
#include "store_lock.h"

namespace dcv::probes {
namespace {

constexpr std::int64_t kApplication = 0x64637677;  // "dcvw"

void require_ours(const Database& database, const std::string& path, Access access) {
  const std::int64_t application = database.number("PRAGMA application_id");
  const std::int64_t version = database.number("PRAGMA user_version");
  const bool empty = database.number("SELECT count(*) FROM sqlite_master") == 0;
  if (empty && access == Access::read) throw Refused("there is nothing in " + path + " yet");
  if (application != kApplication && !empty) throw Refused(path + " is no database of dcv-watch");
  if (version > kSchemaVersion)
    throw Refused(path + " was written by a newer dcv-watch: its version is " +
                  std::to_string(version) + ", and " + std::to_string(kSchemaVersion) +
                  " is the newest known here");
  if (version < kSchemaVersion && access == Access::read)
    throw Refused(path + " was written by an older dcv-watch; dcv-watch run brings it " +
                  "up to date");
}

void migrate(const Database& database) {
  const auto version = static_cast<std::size_t>(database.number("PRAGMA user_version"));
  for (std::size_t i = version; i < migrations().size(); ++i) {
    Transaction transaction(database);
    database.execute(migrations()[i]);
    database.execute("PRAGMA application_id = " + std::to_string(kApplication));
    database.execute("PRAGMA user_version = " + std::to_string(i + 1));
    transaction.commit();
  }
}

}  // namespace

const std::vector<std::string>& migrations() {
  static const std::vector<std::string> steps = {
      R"(
CREATE TABLE watch (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  method TEXT NOT NULL,
  ca TEXT NOT NULL,
  state TEXT,
  UNIQUE (name, method, ca)
);
CREATE TABLE snapshot (
  id INTEGER PRIMARY KEY,
  watch INTEGER NOT NULL REFERENCES watch (id),
  first_seen REAL NOT NULL,
  last_seen REAL NOT NULL,
  document TEXT NOT NULL
);
CREATE INDEX snapshot_by_time ON snapshot (watch, first_seen);
CREATE TABLE event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  watch INTEGER NOT NULL REFERENCES watch (id),
  at REAL NOT NULL,
  kind TEXT NOT NULL,
  severity TEXT NOT NULL,
  subject TEXT NOT NULL,
  zone TEXT NOT NULL,
  side TEXT NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  message TEXT NOT NULL,
  hook TEXT NOT NULL,
  hook_tries INTEGER NOT NULL DEFAULT 0,
  hook_due REAL NOT NULL DEFAULT 0
);
CREATE INDEX event_by_time ON event (watch, at);
CREATE INDEX event_errand ON event (hook_due) WHERE hook = 'pending';
)",
      R"(
ALTER TABLE watch ADD COLUMN forecast TEXT NOT NULL DEFAULT '[]';
)",
      R"(
ALTER TABLE watch ADD COLUMN listed_until REAL;
CREATE INDEX snapshot_by_watch ON snapshot (watch);
ALTER TABLE event ADD COLUMN rank INTEGER AS
  (CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END) VIRTUAL;
DROP INDEX event_errand;
CREATE INDEX event_errand ON event (watch, rank, hook_due) WHERE hook = 'pending';
)"};
  return steps;
}

Store::Lock::Lock(const std::string& path) {
  const std::string file = path + ".lock";
  descriptor_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0)
    throw std::runtime_error("could not open " + file + ": " + std::strerror(errno));
  if (flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
  close(descriptor_);
  throw Refused("another dcv-watch run writes to " + path);
}

Store::Lock::~Lock() {
  close(descriptor_);
}

Store::Store(const std::string& path, Access access)
    : lock_(access == Access::write ? std::make_shared<Lock>(path) : nullptr),
      database_(path, access) {
  require_ours(database_, path, access);
  if (access == Access::read) return;
  // Taken by new files only: makes room that is free again give back to the system.
  database_.execute("PRAGMA auto_vacuum = INCREMENTAL");
  database_.execute("PRAGMA journal_mode = WAL");
  // A committed event survives the loss of power.
  database_.execute("PRAGMA synchronous = FULL");
  database_.execute("PRAGMA foreign_keys = ON");
  migrate(database_);
}

Store Store::for_writing(const std::string& path) {
  return {path, Access::write};
}

Store Store::for_reading(const std::string& path) {
  if (!std::filesystem::exists(path))
    throw Refused("there is no database " + path + "; dcv-watch run makes one");
  return {path, Access::read};
}

}  // namespace dcv::probes
