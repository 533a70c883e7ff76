// The matrix for people: verdict and time first, then who sees what, the odd ones first, and why.
#include <algorithm>
#include <set>

#include "report/color.h"
#include "report/matrix.h"
#include "report/matrix_table.h"
#include "report/text_finding.h"
#include "report/words.h"

namespace dcv::report {
namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kFewOdd = 4;  // so many silent ones for the same reason are told in one line

std::string part(int holding, int asked) {
  const bool all = holding == asked && asked > 1;
  return all ? "all " + std::to_string(asked)
             : std::to_string(holding) + " of " + std::to_string(asked);
}

// One for each address, however many ways to it there are.
std::vector<check::Row> one_an_address(const std::vector<check::Row>& rows) {
  std::vector<check::Row> kept;
  std::set<std::pair<std::string, std::string>> met;
  for (const check::Row& row : rows)
    if (met.insert({row.who, row.address}).second) kept.push_back(row);
  return kept;
}

// "ns1.shop.example (2), ns2.shop.example"
std::string named(const std::vector<check::Row>& rows) {
  std::vector<std::pair<std::string, int>> counts;
  for (const check::Row& row : rows) {
    const auto known = std::find_if(counts.begin(), counts.end(),
                                    [&](const auto& each) { return each.first == row.who; });
    if (known == counts.end()) {
      counts.emplace_back(row.who, 1);
    } else {
      ++known->second;
    }
  }
  std::string text;
  for (const auto& [who, count] : counts) {
    text += (text.empty() ? "" : ", ") + printable(who);
    if (count > 1) text += " (" + std::to_string(count) + ")";
  }
  return text;
}

class MatrixText {
 public:
  MatrixText(const observe::Observation& observation, const Matrix& matrix,
             const MatrixStyle& style)
      : observation_(observation),
        matrix_(matrix),
        seen_(matrix.propagation),
        style_(style),
        painter_(style.style.color),
        reasons_(matrix.propagation.rows) {}

  std::string text() {
    verdict();
    if (style_.style.verbosity < 0) return text_;
    summary();
    group(check::Eye::authority, "Authorities", seen_.authorities_holding, seen_.authorities);
    const bool has_system = has(check::Eye::system), has_resolvers = has(check::Eye::resolver);
    const std::string system = "This machine's resolvers";
    if (has_resolvers)
      group(check::Eye::resolver, has_system ? "Resolvers, this machine's included" : "Resolvers",
            seen_.resolvers_holding, seen_.resolvers);
    if (has_system)
      group(check::Eye::system, system, has_resolvers ? 0 : seen_.resolvers_holding,
            has_resolvers ? 0 : seen_.resolvers);
    if (!matrix_.target->views_withheld.empty()) {
      line("");
      labelled("Resolvers", "not asked, since " + matrix_.target->views_withheld);
    }
    why();
    return text_ + "\n";
  }

 private:
  void line(const std::string& content) { text_ += content + "\n"; }

  void labelled(const std::string& label, const std::string& content) {
    line(painter_.paint(label + ":", Color::bold) + " " +
         folded(printable(content), style_.style.width, columns(label) + 2, kIndent));
  }

  void verdict() {
    const std::string name = matrix_.target->validation_name.lower().prose();
    const std::string identifier = printable(matrix_.target->identifier);
    line(painter_.paint(upper(check::text(seen_.verdict)), seen_.verdict) + "  " +
         painter_.paint(name + " " + dns::text(matrix_.target->type), Color::bold) + wait() +
         painter_.paint(identifier == name ? "" : "  (for " + identifier + ")", Color::dim));
  }

  std::string wait() const {
    if (seen_.wait_seconds) return "  wait " + duration(*seen_.wait_seconds);
    if (seen_.verdict == check::Verdict::blocked)
      return seen_.unpublished ? "  not published yet" : "  no wait helps";
    return seen_.verdict == check::Verdict::at_risk ? "  how long cannot be told" : "";
  }

  void summary() {
    line(folded(printable(seen_.summary), style_.style.width, 0, kIndent));
    if (!seen_.certainty.empty() && seen_.certainty != "full")
      labelled("Certainty", seen_.certainty);
    if (observation_.client_subnet && !matrix_.target->views.empty())
      labelled("Resolvers asked as if from", observation_.client_subnet->text());
    const std::vector<observe::Step>& steps = matrix_.target->steps;
    if (steps.size() < 2) return;
    std::string way;
    for (const observe::Step& step : steps)
      way += (way.empty() ? "" : " → ") + step.name.lower().prose();
    line(painter_.paint(folded(way, style_.style.width, 0, kIndent), Color::dim));
  }

  bool has(check::Eye eye) const {
    return std::any_of(seen_.rows.begin(), seen_.rows.end(),
                       [&](const check::Row& row) { return row.eye == eye; });
  }

  // ", 3 silent" of a group, and for resolvers of this machine's too, as the totals are.
  std::string silent_text(check::Eye eye) const {
    const auto count =
        std::count_if(seen_.rows.begin(), seen_.rows.end(), [&](const check::Row& row) {
          const bool same = (row.eye == check::Eye::authority) == (eye == check::Eye::authority);
          return same && row.odd && row.seen.sight == observe::Sight::silent;
        });
    return count == 0 ? "" : ", " + std::to_string(count) + " silent";
  }

  // ", all 4 on the way lead there", for authorities behind an alias.
  std::string way_text(check::Eye eye) const {
    if (eye != check::Eye::authority || seen_.on_the_way == 0) return "";
    return ", " + part(seen_.leading, seen_.on_the_way) + " on the way lead there";
  }

  // `asked` 0: no totals.
  void group(check::Eye eye, const std::string& title, int holding, int asked) {
    const auto& only = style_.only;
    if (!has(eye) || (!only.empty() && std::find(only.begin(), only.end(), eye) == only.end()))
      return;
    line("");
    line(painter_.paint(title + (asked > 0 ? ": " : ""), Color::bold) +
         (asked > 0 ? part(holding, asked) + " have it" + way_text(eye) + silent_text(eye) : ""));
    std::vector<std::string> zones;
    for (const check::Row& row : seen_.rows) {
      if (row.eye == eye && std::find(zones.begin(), zones.end(), row.zone) == zones.end())
        zones.push_back(row.zone);
    }
    for (const std::string& zone : zones) {
      if (!zone.empty())
        line(std::string(kIndent, ' ') +
             painter_.paint("zone " + printable(without_dot(zone)), Color::dim));
      rows(eye, zone);
    }
  }

  // On the way there are aliases, at its end the records.
  dns::RecordType type_in(const std::string& zone) const {
    const std::vector<observe::Step>& steps = matrix_.target->steps;
    const bool on_the_way =
        !zone.empty() && !steps.empty() && zone != steps.back().zone.lower().prose();
    return on_the_way ? dns::RecordType::cname : matrix_.target->type;
  }

  void rows(check::Eye eye, const std::string& zone) {
    std::vector<check::Row> shown;
    std::vector<std::vector<check::Row>> folded_rows;  // each like its first
    for (const check::Row& row : seen_.rows) {
      if (row.eye != eye || row.zone != zone) continue;
      const bool plain = !row.odd || row.seen.sight == observe::Sight::silent;
      if (style_.all || !plain) {
        shown.push_back(row);
        continue;
      }
      const auto like = [&](const auto& other) {
        return other.front().word == row.word && other.front().reason == row.reason;
      };
      const auto known = std::find_if(folded_rows.begin(), folded_rows.end(), like);
      if (known != folded_rows.end()) {
        known->push_back(row);
      } else {
        folded_rows.push_back({row});
      }
    }
    std::erase_if(folded_rows, [&](const std::vector<check::Row>& same) {
      const bool few = same.size() < (same.front().odd ? kFewOdd : 2);
      if (few) shown.insert(shown.end(), same.begin(), same.end());
      return few;
    });
    std::size_t word_width = 0;
    for (const std::vector<check::Row>& same : folded_rows)
      word_width = std::max(word_width, columns(printable(same.front().word)));
    for (const check::Row& row : shown)
      word_width = std::max(word_width, columns(printable(row.word)));
    const TableStyle table{.width = style_.style.width,
                           .indent = kIndent,
                           .now = observation_.now,
                           .type = type_in(zone),
                           .verbose = style_.style.verbosity > 0,
                           .word_width = word_width};
    for (const std::string& each : table_of(shown, reasons_, table, painter_)) line(each);
    for (const std::vector<check::Row>& same : folded_rows) fold(same, word_width);
  }

  // Those that are alike, in one line.
  void fold(const std::vector<check::Row>& same, std::size_t word_width) {
    const check::Row& first = same.front();
    const std::vector<check::Row> addresses = one_an_address(same);
    std::string told = counted(addresses.size(), "address") + ": " + named(addresses);
    const bool alike = std::all_of(same.begin(), same.end(), [&](const check::Row& row) {
      return row.seen.values == first.seen.values;
    });
    if (matrix_.target->expected.empty() && alike && !first.seen.values.empty())
      told = values_text(first.seen, type_in(first.zone), 0) + "  " + told;
    const std::string mark = reasons_.mark(first.reason);
    if (!mark.empty()) told += "  " + mark;
    const std::size_t used = kIndent + word_width + 2;
    line(std::string(kIndent, ' ') + painted_word(first, word_width, painter_) + "  " +
         folded(told, style_.style.width, used, 2 * kIndent));
  }

  // The findings that explain odd rows, then what else is wrong.
  void why() {
    const std::vector<check::Finding>& findings = matrix_.judgement.findings;
    for (const std::string& id : reasons_.ids()) {
      bool told = false;
      for (const check::Finding& each : findings) {
        if (each.id != id) continue;
        finding(each, reasons_.mark(id));
        told = true;
      }
      if (!told) line("\n" + reasons_.mark(id) + " " + printable(id));
    }
    if (seen_.verdict == check::Verdict::ready && style_.style.verbosity <= 0) return;
    const check::Finding* root = nullptr;
    for (const check::Finding& each : findings) {
      const bool told = !reasons_.mark(each.id).empty();
      const bool matters = each.severity == check::Severity::error ||
                           each.severity == check::Severity::warning || style_.style.verbosity > 0;
      if (told || !matters) continue;
      const check::Cause before =
          root == nullptr ? check::Cause() : check::Cause{root->id, root->subject};
      if (each.cause == before && style_.style.verbosity <= 0) {
        text_ += explained_text(each, "", style_.style);
      } else {
        finding(each, "");
        root = &each;
      }
    }
  }

  // The rows are the evidence; -v has it in full.
  void finding(check::Finding told, const std::string& mark) {
    if (style_.style.verbosity <= 0) told.evidence.clear();
    const std::string before = mark.empty() ? "" : mark + " ";
    Style style = style_.style;
    if (style.width > before.size()) style.width -= before.size();
    line("");
    text_ += before + finding_text(told, "", false, nullptr, style);
  }

  const observe::Observation& observation_;
  const Matrix& matrix_;
  const check::Propagation& seen_;
  const MatrixStyle& style_;
  Painter painter_;
  Reasons reasons_;
  std::string text_;
};

}  // namespace

std::string render_matrix_text(const Propagations& propagations, const MatrixStyle& style) {
  std::string text;
  for (const Matrix& matrix : propagations.matrices)
    text += MatrixText(*propagations.observation, matrix, style).text();
  if (style.style.verbosity < 0) return text;
  const observe::Stats& stats = propagations.observation->stats;
  return text + Painter(style.style.color).paint(stats_line(stats), Color::dim) + "\n";
}

std::string render_round_text(const Round& round) {
  std::string text = "round " + std::to_string(round.number) + ", " + duration(round.elapsed) +
                     ": " + printable(round.step.sentence);
  if (round.step.what == check::Step::Do::stop || round.step.after <= 0) return text;
  const bool authorities = round.step.what == check::Step::Do::ask_authorities;
  return text + (authorities ? " The authorities" : " The resolvers") + " again in " +
         fixed(round.step.after, 1) + " s.";
}

}  // namespace dcv::report
