// An order for people at a terminal: a table, what to do, then the reports of what is not ready.
#include <algorithm>
#include <array>

#include "report/color.h"
#include "report/formats.h"
#include "report/order.h"
#include "report/words.h"

namespace dcv::report {
namespace {

constexpr std::size_t kColumns = 4;  // the fifth has the rest of the line
using Cells = std::array<std::string, kColumns + 1>;

Cells cells_of(const OrderRow& row) {
  const check::Judgement& judgement = *row.judgement;
  std::string way = printable(row.in_the_way);
  if (row.course == Course::wait)
    way += (way.empty() ? "" : ", ") + ("wait " + duration(*judgement.wait_seconds));
  return {printable(judgement.identifier), printable(judgement.method), printable(judgement.ca),
          upper(check::text(judgement.verdict)), way};
}

std::string table(const std::vector<OrderRow>& rows, const Painter& painter) {
  const Cells heads = {"Name", "Method", "CA", "Verdict", "In the way"};
  std::array<std::size_t, kColumns> widths{};
  for (std::size_t i = 0; i < kColumns; ++i) {
    widths[i] = columns(heads[i]);
    for (const OrderRow& row : rows) widths[i] = std::max(widths[i], columns(cells_of(row)[i]));
  }
  std::string head;
  for (std::size_t i = 0; i < kColumns; ++i) head += padded(heads[i], widths[i]) + "  ";
  std::string text = painter.paint(head + heads[kColumns], Color::bold) + "\n";
  for (const OrderRow& row : rows) {
    const Cells cells = cells_of(row);
    std::string line;
    for (std::size_t i = 0; i + 1 < kColumns; ++i) line += padded(cells[i], widths[i]) + "  ";
    line += painter.paint(cells[3], row.judgement->verdict);
    if (!cells[kColumns].empty())
      line += std::string(widths[3] - columns(cells[3]) + 2, ' ') + cells[kColumns];
    text += line + "\n";
  }
  return text;
}

}  // namespace

std::string render_order_text(const Report& report, const Style& style) {
  const Painter painter(style.color);
  const std::vector<OrderRow> rows = rows_of(report);
  const std::string label = "Summary:";
  std::string text = table(rows, painter) + "\n" + painter.paint(label, Color::bold) + " " +
                     folded(printable(summary_of(rows)) + ".", style.width, columns(label) + 1, 2) +
                     "\n";
  if (style.verbosity < 0) return text;
  Report rest = report;
  if (style.verbosity == 0)
    std::erase_if(rest.targets,
                  [](const auto& target) { return target.verdict == check::Verdict::ready; });
  return text + "\n" + render_targets(rest, style) +
         painter.paint(stats_line(report.stats), Color::dim) + "\n";
}

}  // namespace dcv::report
