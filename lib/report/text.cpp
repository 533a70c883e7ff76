// The report for people at a terminal: the verdict first, then each finding with who said what and
// the records to change, then what to do next.
#include <algorithm>

#include "report/color.h"
#include "report/formats.h"
#include "report/groups.h"
#include "report/words.h"

namespace dcv::report {
namespace {

constexpr std::size_t kEvidenceShown = 3;

std::string_view whom(check::Affects affects) {
  switch (affects) {
    case check::Affects::ca:
      return "";
    case check::Affects::client:
      return "  (concerns clients and this network, not the CA)";
    case check::Affects::hygiene:
      return "  (does not disturb anybody yet)";
  }
  return "";
}

// Columns of characters, not of bytes: continuation bytes of UTF-8 do not count.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char letter) { return (letter & 0xc0) != 0x80; }));
}

std::string padded(std::string text, std::size_t columns) {
  const std::size_t used = width(text);
  return used < columns ? text + std::string(columns - used, ' ') : text;
}

class TextRenderer {
 public:
  TextRenderer(const Report& report, const Style& style)
      : report_(report), style_(style), painter_(style.color) {}

  std::string document() {
    if (style_.verbosity < 0) {
      for (const check::Judgement& target : report_.targets) verdict_line(target);
      return text_;
    }
    if (has_several_cas(report_)) {
      side_by_side();
    } else {
      for (const check::Judgement& target : report_.targets) {
        judgement(target);
        text_ += "\n";
      }
      if (report_.targets.size() > 1) summary();
    }
    line(painter_.paint(stats_line(report_.stats), Color::dim));
    return text_;
  }

 private:
  void line(const std::string& content) { text_ += content + "\n"; }

  std::string verdict_word(check::Verdict verdict) const {
    return painter_.paint(upper(check::text(verdict)), verdict);
  }

  void verdict_line(const check::Judgement& target) {
    line(verdict_word(target.verdict) + "  " +
         painter_.paint(printable(target.identifier), Color::bold) + "  " +
         painter_.paint("(" + printable(target.method) + ", " + printable(target.ca) + ")",
                        Color::dim));
  }

  void judgement(const check::Judgement& target) {
    verdict_line(target);
    std::string told(sentence(target.verdict));
    if (target.chance && *target.chance > 0 && *target.chance < 1) {
      told += " Chance that it passes: " + percent(*target.chance) + ".";
    }
    line(told);
    way(target);
    for (const check::Finding& each : target.findings) finding(each, "");
    if (!target.ca_error.empty()) {
      line("");
      line(painter_.paint("The CA would say:", Color::bold) + " " + printable(target.ca_error));
    }
    if (!target.next_step.empty() || target.wait_seconds) line("");
    if (!target.next_step.empty()) {
      line(painter_.paint("Next:", Color::bold) + " " + printable(target.next_step));
    }
    if (target.wait_seconds) {
      const std::string reason = printable(target.wait_reason);
      line(painter_.paint("Wait:", Color::bold) + " " + duration(*target.wait_seconds) +
           (reason.empty() ? "" : ", since " + reason));
    }
  }

  // Where aliases lead.
  void way(const check::Judgement& target) {
    if (target.final_name == target.validation_name || target.final_name.empty()) return;
    line(painter_.paint(printable(target.validation_name) + " → " + printable(target.final_name),
                        Color::dim));
  }

  // `note` is said of the finding as a whole.
  void finding(const check::Finding& finding, const std::string& note) {
    const std::string severity(check::text(finding.severity));
    line("");
    line(painter_.paint(severity + "[" + printable(finding.id) + "]", finding.severity) +
         painter_.paint(": " + printable(finding.message), Color::bold));
    line("  " + painter_.paint("-->", Color::blue) + " " + printable(finding.subject) +
         painter_.paint(std::string(whom(finding.affects)) + note, Color::dim));
    evidence(finding.evidence);
    remedy(finding.remedy);
  }

  void evidence(const std::vector<check::Evidence>& all) {
    const std::size_t shown =
        style_.verbosity > 0 ? all.size() : std::min(all.size(), kEvidenceShown);
    std::size_t server = 0, question = 0;
    for (std::size_t i = 0; i < shown; ++i) {
      server = std::max(server, width(printable(all[i].server)));
      question = std::max(question, width(printable(all[i].question)));
    }
    const std::string bar = "   " + painter_.paint("|", Color::blue) + " ";
    for (std::size_t i = 0; i < shown; ++i) {
      line(bar + padded(printable(all[i].server), server) + "  " +
           padded(printable(all[i].question), question) + "  " + printable(all[i].saw));
    }
    if (shown < all.size()) {
      line(bar +
           painter_.paint("and " + std::to_string(all.size() - shown) + " more (-v shows all)",
                          Color::dim));
    }
  }

  void remedy(const check::Remedy& remedy) {
    if (!remedy.action.empty()) {
      line("   " + painter_.paint("=", Color::blue) + " fix: " + printable(remedy.action));
    }
    for (const check::Edit& edit : remedy.edits) {
      line("     in zone " + printable(edit.zone) +
           (edit.server.empty() ? "" : ", server " + printable(edit.server)) + ":");
      for (const std::string& record : edit.remove) {
        line("     " + painter_.paint("- " + printable(record), Color::red));
      }
      for (const std::string& record : edit.add) {
        line("     " + painter_.paint("+ " + printable(record), Color::green));
      }
    }
  }

  // Several CAs: their verdicts in one table, then for each name what was found, told once.
  void side_by_side() {
    table();
    for (const Group& group : groups(report_)) {
      const check::Judgement& target = group.first();
      line(painter_.paint(printable(target.identifier), Color::bold) + "  " +
           painter_.paint("(" + printable(target.method) + ")", Color::dim));
      way(target);
      for (const SharedFinding& each : findings_of(group)) {
        finding(*each.finding,
                each.cas.empty() ? "" : "  (only " + printable(listed(each.cas)) + ")");
      }
      text_ += "\n";
      told("Next", next_steps_of(group));
      told("Wait", waits_of(group));
      text_ += "\n";
    }
  }

  void told(const std::string& label, const std::vector<SharedText>& texts) {
    for (const SharedText& each : texts) {
      const std::string whose = each.cas.empty() ? "" : " (" + printable(listed(each.cas)) + ")";
      line(painter_.paint(label + whose + ":", Color::bold) + " " + printable(each.text));
    }
  }

  // A row for each name and CA.
  void table() {
    std::size_t name = width("Name"), ca = width("CA");
    for (const check::Judgement& target : report_.targets) {
      name = std::max(name, width(printable(target.identifier)));
      ca = std::max(ca, width(printable(target.ca)));
    }
    line(painter_.paint(
        padded("Name", name) + "  " + padded("CA", ca) + "  Verdict  Chance  First reason",
        Color::bold));
    for (const check::Judgement& target : report_.targets) {
      const std::string chance = target.chance ? percent(*target.chance) : "-";
      const bool has_reason = target.verdict != check::Verdict::ready && !target.findings.empty();
      const std::string word = upper(check::text(target.verdict));
      line(padded(printable(target.identifier), name) + "  " + padded(printable(target.ca), ca) +
           "  " + painter_.paint(word, target.verdict) + std::string(9 - word.size(), ' ') +
           std::string(6 - std::min<std::size_t>(6, chance.size()), ' ') + chance +
           (has_reason ? "  " + printable(target.findings.front().message) : ""));
    }
    line("");
  }

  // One line a name, the worst first.
  void summary() {
    std::vector<const check::Judgement*> order;
    std::size_t columns = 0;
    for (const check::Judgement& target : report_.targets) {
      order.push_back(&target);
      columns = std::max(columns, width(printable(target.identifier)));
    }
    std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
      return a->verdict != b->verdict && check::worse(a->verdict, b->verdict) == a->verdict;
    });
    line(painter_.paint("Summary", Color::bold));
    for (const check::Judgement* target : order) {
      const std::string word = upper(check::text(target->verdict));
      const bool told = target->verdict != check::Verdict::ready && !target->findings.empty();
      const std::string name = printable(target->identifier);
      line("  " + painter_.paint(word, target->verdict) + std::string(9 - word.size(), ' ') +
           (told ? padded(name, columns) + "  " + printable(target->findings.front().message)
                 : name));
    }
    line("");
  }

  const Report& report_;
  const Style& style_;
  Painter painter_;
  std::string text_;
};

}  // namespace

std::string render_text(const Report& report, const Style& style) {
  return TextRenderer(report, style).document();
}

}  // namespace dcv::report
