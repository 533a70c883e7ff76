// Every error becomes an exception that says what was attempted.
#include "store_sqlite.h"

#include <stdexcept>

namespace dcv::probes {
namespace {

constexpr int kBusyMilliseconds = 10000;  // a reader may hold up a checkpoint for so long

// Of the last call.
[[noreturn]] void fail(sqlite3* handle) {
  const char* file = sqlite3_db_filename(handle, "main");
  const std::string path = file ? file : "";
  const int code = sqlite3_errcode(handle);
  if (code == SQLITE_NOTADB) throw Refused(path + " is no database of dcv-watch");
  const bool reads = sqlite3_db_readonly(handle, "main") == 1;
  std::string text = std::string("could not ") + (reads ? "read" : "write to") + " the database " +
                     path + ": " + sqlite3_errmsg(handle);
  if (reads && (code == SQLITE_READONLY || code == SQLITE_CANTOPEN || code == SQLITE_IOERR))
    text += "; while no dcv-watch run has it open a reader needs to write beside it";
  throw std::runtime_error(text);
}

}  // namespace

Statement::Statement(const Database& database, std::string_view sql)
    : database_(database.handle_.get()) {
  sqlite3_stmt* made = nullptr;
  check(sqlite3_prepare_v2(database_, sql.data(), static_cast<int>(sql.size()), &made, nullptr));
  statement_.reset(made);
}

void Statement::check(int code) const {
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
  fail(database_);
}

Statement& Statement::bind(std::string_view text) {
  check(sqlite3_bind_text64(statement_.get(), ++bound_, text.data(), text.size(), SQLITE_TRANSIENT,
                            SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind(std::int64_t number) {
  check(sqlite3_bind_int64(statement_.get(), ++bound_, number));
  return *this;
}

Statement& Statement::bind(double number) {
  check(sqlite3_bind_double(statement_.get(), ++bound_, number));
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  check(code);
  return code == SQLITE_ROW;
}

void Statement::run() {
  while (step()) {
  }
  check(sqlite3_reset(statement_.get()));
  bound_ = 0;
}

std::string Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return bytes ? std::string(bytes, size) : std::string();
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double Statement::real(int column) const {
  return sqlite3_column_double(statement_.get(), column);
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

Database::Database(const std::string& path, Access access) {
  const int flags =
      access == Access::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  sqlite3* made = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &made, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  handle_.reset(made);
  if (code != SQLITE_OK)
    throw std::runtime_error("could not open the database " + path + ": " +
                             (made ? sqlite3_errmsg(made) : sqlite3_errstr(code)));
  sqlite3_busy_timeout(made, kBusyMilliseconds);
}

void Database::execute(const std::string& sql) const {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    fail(handle_.get());
}

std::int64_t Database::number(const std::string& sql) const {
  Statement statement(*this, sql);
  return statement.step() ? statement.integer(0) : 0;
}

Transaction::Transaction(const Database& database) : database_(database) {
  database_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.execute("ROLLBACK");
  } catch (const std::exception&) {
    open_ = false;  // SQLite has rolled back by itself
  }
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

}  // namespace dcv::probes
