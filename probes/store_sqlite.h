#pragma once
// SQLite with owners for its handles and exceptions for its errors. Knows no table.

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace dcv::probes {

enum class Access { read, write };

// A file that cannot be used, and why, in a sentence.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Database;

// One statement: bound in the order of its question marks, then stepped through.
class Statement {
 public:
  Statement(const Database& database, std::string_view sql);

  Statement& bind(std::string_view text);
  Statement& bind(std::int64_t number);
  Statement& bind(double number);

  bool step();  // false: no further row
  void run();   // for what gives no rows; bound anew afterwards
  std::string text(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  bool is_null(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };

  void check(int code) const;

  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bound_ = 0;
};

class Database {
 public:
  // Writing makes the file if it is not there. Throws std::runtime_error.
  Database(const std::string& path, Access access);

  void execute(const std::string& sql) const;
  std::int64_t number(const std::string& sql) const;  // the first column of the first row
  std::int64_t last_id() const { return sqlite3_last_insert_rowid(handle_.get()); }
  std::int64_t changed() const { return sqlite3_changes64(handle_.get()); }

 private:
  friend class Statement;
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };

  std::unique_ptr<sqlite3, Close> handle_;
};

// Everything until commit(), or nothing.
class Transaction {
 public:
  explicit Transaction(const Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit();

 private:
  const Database& database_;
  bool open_ = true;
};

}  // namespace dcv::probes
