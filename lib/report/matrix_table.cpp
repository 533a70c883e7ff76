// Cells, widths, and what gives way on a narrow terminal.
#include "report/matrix_table.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "dns/name.h"
#include "report/words.h"

namespace dcv::report {
namespace {

enum Column : std::size_t { word, who, address, country, value, ttl, samples, trip, until, reason };
constexpr std::size_t kColumns = 10;
using Cells = std::array<std::string, kColumns>;

// In this order columns are left out of a table that is too wide; `who` is shortened at last.
constexpr Column kGivingWay[] = {trip, country, ttl, value, samples};
constexpr std::size_t kShortestWho = 8;
constexpr std::size_t kValueShown = 16;  // enough of a digest to tell it by

std::string shortened(const std::string& text, std::size_t most) {
  if (columns(text) <= most) return text;
  std::string kept;
  std::size_t used = 0;
  for (const char letter : text) {
    const bool starts = (letter & 0xc0) != 0x80;
    if (starts && ++used == most) break;
    kept += letter;
  }
  return kept + "…";
}

// "13:40:12Z" of a time within a day, else its date.
std::string clock_text(double now, double wait) {
  const std::string time = rfc3339(std::ceil(now + wait));
  return wait < 86400 ? time.substr(11) : time.substr(0, 10);
}

std::string ttl_text(const observe::Seen& seen) {
  if (seen.ttl) return "TTL " + std::to_string(*seen.ttl);
  return seen.negative_ttl ? "denied " + std::to_string(*seen.negative_ttl) + " s" : "";
}

std::string trip_text(const std::optional<double>& seconds) {
  if (!seconds) return "";
  const double milliseconds = *seconds * 1000;
  return fixed(milliseconds, milliseconds < 10 ? 1 : 0) + " ms";
}

Cells cells_of(const check::Row& row, const Reasons& reasons, const TableStyle& style) {
  Cells cells;
  cells[word] = printable(row.word);
  cells[who] = printable(row.who);
  if (row.who != row.address) cells[address] = printable(row.address);
  if (row.transport != "udp" && !row.transport.empty())
    cells[address] += (cells[address].empty() ? "" : " ") + printable(row.transport);
  cells[country] = printable(row.country);
  if (style.verbose && !row.instance.empty())
    cells[country] += (cells[country].empty() ? "" : " ") + printable(row.instance);
  if (row.odd) cells[value] = values_text(row.seen, style.type, style.verbose ? 0 : kValueShown);
  cells[ttl] = ttl_text(row.seen);
  if (row.samples_holding > 0 && row.samples_holding < row.samples)
    cells[samples] =
        std::to_string(row.samples_holding) + " of " + std::to_string(row.samples) + " times";
  cells[trip] = trip_text(row.round_trip);
  if (row.wait_seconds)
    cells[until] = "until " + clock_text(style.now, *row.wait_seconds) + " (" +
                   duration(*row.wait_seconds) + ")";
  cells[reason] = reasons.mark(row.reason);
  return cells;
}

using Widths = std::array<std::size_t, kColumns>;

std::size_t total(const Widths& widths) {
  std::size_t sum = 0;
  for (const std::size_t width : widths) sum += width > 0 ? width + 2 : 0;
  return sum < 2 ? 0 : sum - 2;
}

// Makes columns narrower or 0 until the table fits, or nothing is left to give way.
void fit(Widths& widths, std::size_t room) {
  for (const Column column : kGivingWay) {
    if (total(widths) <= room) return;
    widths[column] = 0;
  }
  const std::size_t needed = total(widths);
  if (needed > room && widths[who] > kShortestWho)
    widths[who] -= std::min(needed - room, widths[who] - kShortestWho);
}

}  // namespace

Reasons::Reasons(const std::vector<check::Row>& rows) {
  for (const bool silent : {false, true}) {
    for (const check::Row& row : rows) {
      const bool is_new = std::find(ids_.begin(), ids_.end(), row.reason) == ids_.end();
      const bool now = (row.seen.sight == observe::Sight::silent) == silent;
      if (now && is_new && !row.reason.empty()) ids_.push_back(row.reason);
    }
  }
}

std::string Reasons::mark(const std::string& id) const {
  const auto found = std::find(ids_.begin(), ids_.end(), id);
  return found == ids_.end() ? "" : "[" + std::to_string(found - ids_.begin() + 1) + "]";
}

std::string values_text(const observe::Seen& seen, dns::RecordType type, std::size_t most) {
  if (seen.values.empty()) return "";
  const bool text = type == dns::RecordType::txt;
  std::string shown = text ? dns::quoted(seen.values[0]) : printable(seen.values[0]);
  if (most > 0) shown = shortened(shown, most);
  if (seen.values.size() > 1) shown += " and " + std::to_string(seen.values.size() - 1) + " more";
  return shown;
}

std::string painted_word(const check::Row& row, std::size_t width, const Painter& painter) {
  using observe::Sight;
  const std::string word = padded(printable(row.word), width);
  if (!row.odd)
    return painter.paint(word, row.seen.sight == Sight::holds ? Color::green : Color::dim);
  const bool unanswered = row.seen.sight == Sight::silent || row.seen.sight == Sight::fails ||
                          row.seen.sight == Sight::not_asked;
  return painter.paint(word, unanswered ? Color::yellow : Color::red);
}

std::vector<std::string> table_of(const std::vector<check::Row>& rows, const Reasons& reasons,
                                  const TableStyle& style, const Painter& painter) {
  std::vector<Cells> table;
  Widths widths{};
  widths[word] = style.word_width;
  for (const check::Row& row : rows) {
    table.push_back(cells_of(row, reasons, style));
    for (std::size_t i = 0; i < kColumns; ++i)
      widths[i] = std::max(widths[i], columns(table.back()[i]));
  }
  if (style.width > style.indent) fit(widths, style.width - style.indent);
  std::vector<std::string> lines;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line;
    for (std::size_t i = who; i < kColumns; ++i) {
      if (widths[i] > 0) line += "  " + padded(shortened(table[r][i], widths[i]), widths[i]);
    }
    line = line.substr(0, line.find_last_not_of(' ') + 1);
    lines.push_back(std::string(style.indent, ' ') + painted_word(rows[r], widths[word], painter) +
                    line);
  }
  return lines;
}

}  // namespace dcv::report
