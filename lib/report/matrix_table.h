#pragma once
// The rows of the matrix as columns of text that fit a terminal.

#include <string>
#include <vector>

#include "check/propagation.h"
#include "report/color.h"

namespace dcv::report {

// Numbers for the reasons, from 1, in the order of their first row; those of silence come last.
class Reasons {
 public:
  explicit Reasons(const std::vector<check::Row>& rows);
  std::string mark(const std::string& id) const;  // "[1]"; empty without a reason
  const std::vector<std::string>& ids() const { return ids_; }

 private:
  std::vector<std::string> ids_;
};

// What one row shows of the records: "\"abc\" and 2 more"; harmless to print.
std::string values_text(const observe::Seen& seen, dns::RecordType type, std::size_t most);

struct TableStyle {
  std::size_t width = 0;  // of the terminal; 0: as wide as it gets
  std::size_t indent = 0;
  double now = 0;  // Unix seconds, from which waits count
  dns::RecordType type = dns::RecordType::txt;
  bool verbose = false;
  std::size_t word_width = 0;  // at least
};

// One line a row, without line ends, all aligned with each other. What matters least is left out
// first where the terminal is narrow.
std::vector<std::string> table_of(const std::vector<check::Row>& rows, const Reasons& reasons,
                                  const TableStyle& style, const Painter& painter);

// Red, yellow or green, as the row is.
std::string painted_word(const check::Row& row, std::size_t width, const Painter& painter);

}  // namespace dcv::report
