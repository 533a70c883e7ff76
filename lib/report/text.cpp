// The report for people at a terminal: the verdict first, then each finding with who said what and
// the records to change, then what to do next.
#include <algorithm>

#include "report/color.h"
#include "report/formats.h"
#include "report/groups.h"
#include "report/text_finding.h"
#include "report/words.h"

namespace dcv::report {
namespace {

// Actions may lack the final dot that a next step has.
bool is_fix(const std::string& next_step, const check::Finding& finding) {
  const std::string& fix = finding.remedy.action;
  return !fix.empty() && without_dot(fix) == without_dot(next_step);
}

bool has_reason(const check::Judgement& target) {
  return target.verdict != check::Verdict::ready && !target.findings.empty();
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
      each_target();
      if (report_.targets.size() > 1) summary();
    }
    line(painter_.paint(stats_line(report_.stats), Color::dim));
    return text_;
  }

  std::string each_target() {
    std::vector<Group> targets;  // each CA's judgement apart
    for (const check::Judgement& target : report_.targets) targets.push_back({{&target}});
    for (const Group& target : targets) judgement(target, twin_of(target, targets));
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

  void judgement(const Group& group, const Group* twin) {
    const check::Judgement& target = group.first();
    verdict_line(target);
    if (twin != nullptr) return as_for(*twin);
    const std::string chance = chance_text(target);
    line(std::string(sentence(target.verdict)) +
         (chance.empty() ? "" : " Chance that it passes: " + chance + "."));
    body(group);
  }

  // What has been told of another name is not told again.
  void as_for(const Group& twin) { line("As for " + printable(twin.first().identifier) + ".\n"); }

  // What stands below the verdicts.
  void body(const Group& group) {
    way(group.first());
    findings(group);
    const std::vector<SharedText> errors = ca_errors_of(group);
    if (!errors.empty()) line("");
    told("The CA would say", errors);
    advice(group);
    text_ += "\n";
  }

  // Where aliases lead, and to whom.
  void way(const check::Judgement& target) {
    const bool alias = target.final_name != target.validation_name && !target.final_name.empty();
    if (!alias && target.provider.empty()) return;
    line(painter_.paint(
        printable(target.validation_name) + (alias ? " → " + printable(target.final_name) : "") +
            (target.provider.empty() ? "" : "  (" + printable(target.provider) + ")"),
        Color::dim));
  }

  // Several CAs: their verdicts in one table, then for each name what was found, told once.
  void side_by_side() {
    table();
    const std::vector<Group> all = groups(report_);
    for (const Group& group : all) {
      const check::Judgement& target = group.first();
      line(painter_.paint(printable(target.identifier), Color::bold) + "  " +
           painter_.paint("(" + printable(target.method) + ")", Color::dim));
      if (const Group* twin = twin_of(group, all)) {
        as_for(*twin);
      } else {
        body(group);
      }
    }
  }

  void findings(const Group& group) {
    const check::Finding* before = nullptr;
    for (const SharedFinding& each : findings_of(group)) {
      if (each.explained && style_.verbosity <= 0) {
        text_ += explained_text(*each.finding, whose(each), style_);
        continue;
      }
      line("");
      text_ += finding_text(*each.finding, whose(each), each.explains, before, style_);
      before = each.finding;
    }
  }

  // What to do next, unless the fix of a finding has said it, and how long a wait takes.
  void advice(const Group& group) {
    std::vector<SharedText> next = next_steps_of(group);
    const std::vector<SharedFinding> found = findings_of(group);
    std::erase_if(next, [&](const SharedText& step) {
      return std::any_of(found.begin(), found.end(), [&](const auto& each) {
        return is_fix(step.text, *each.finding) && !is_brief(*each.finding, style_);
      });
    });
    const std::vector<SharedText> waits = waits_of(group);
    if (!next.empty() || !waits.empty()) line("");
    told("Next", next);
    told("Wait", waits);
  }

  void told(const std::string& label, const std::vector<SharedText>& texts) {
    for (const SharedText& each : texts)
      labelled(label + (each.cas.empty() ? "" : " (" + listed(each.cas) + ")"), each.text);
  }

  void labelled(const std::string& label, const std::string& content) {
    const std::string safe = printable(label) + ":";
    line(painter_.paint(safe, Color::bold) + " " +
         folded(printable(content), style_.width, columns(safe) + 1, 2));
  }

  // A row for each name and CA; chance and finding where any has one.
  void table() {
    std::size_t name = columns("Name"), ca = columns("CA");
    bool chances = false, reasons = false;
    for (const check::Judgement& target : report_.targets) {
      name = std::max(name, columns(printable(target.identifier)));
      ca = std::max(ca, columns(printable(target.ca)));
      chances = chances || !chance_text(target).empty();
      reasons = reasons || has_reason(target);
    }
    line(painter_.paint(padded("Name", name) + "  " + padded("CA", ca) + "  Verdict" +
                            (chances ? "  Chance" : "") + (reasons ? "  First finding" : ""),
                        Color::bold));
    for (const check::Judgement& target : report_.targets) {
      const std::string word = upper(check::text(target.verdict));
      std::string row = padded(printable(target.identifier), name) + "  " +
                        padded(printable(target.ca), ca) + "  " +
                        painter_.paint(word, target.verdict) + std::string(9 - word.size(), ' ');
      if (chances) row += padded(chance_text(target), 8);
      if (has_reason(target)) row += printable(target.findings.front().id);
      line(row.substr(0, row.find_last_not_of(' ') + 1));
    }
    line("");
  }

  // With the method where the name is there with several.
  std::string summary_name(const check::Judgement& target) const {
    const bool several =
        std::any_of(report_.targets.begin(), report_.targets.end(), [&](const auto& other) {
          return other.identifier == target.identifier && other.method != target.method;
        });
    return printable(target.identifier) +
           (several ? "  (" + printable(target.method) + ")" : std::string());
  }

  // One line a name, the worst first.
  void summary() {
    std::vector<const check::Judgement*> order;
    std::size_t width = 0;
    for (const check::Judgement& target : report_.targets) {
      order.push_back(&target);
      width = std::max(width, columns(summary_name(target)));
    }
    std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
      return a->verdict != b->verdict && check::worse(a->verdict, b->verdict) == a->verdict;
    });
    line(painter_.paint("Summary", Color::bold));
    for (const check::Judgement* target : order) {
      const std::string word = upper(check::text(target->verdict));
      const std::string name = summary_name(*target);
      line("  " + painter_.paint(word, target->verdict) + std::string(9 - word.size(), ' ') +
           (has_reason(*target)
                ? padded(name, width) + "  " + printable(target->findings.front().id)
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

std::string render_targets(const Report& report, const Style& style) {
  return TextRenderer(report, style).each_target();
}

}  // namespace dcv::report
