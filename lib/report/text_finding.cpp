// Lays out a finding for people at a terminal.
#include "report/text_finding.h"

#include <algorithm>

#include "report/color.h"
#include "report/words.h"

namespace dcv::report {
namespace {

constexpr std::size_t kEvidenceShown = 3;

std::string label_of(const check::Finding& finding) {
  return std::string(check::text(finding.severity)) + "[" + printable(finding.id) + "]";
}

class FindingText {
 public:
  explicit FindingText(const Style& style)
      : style_(style),
        painter_(style.color),
        bar_("   " + painter_.paint("|", Color::blue) + " ") {}

  std::string text(const check::Finding& finding, const std::string& note, bool explains,
                   const check::Finding* before) {
    const std::string label = label_of(finding);
    line(painter_.paint(label, finding.severity) +
         painter_.paint(folded(": " + printable(finding.message), style_.width, columns(label), 2),
                        Color::bold) +
         (is_brief(finding, style_) && !note.empty()
              ? painter_.paint("  (" + printable(note) + ")", Color::dim)
              : ""));
    if (is_brief(finding, style_)) return text_;
    std::string notes(affects_note(finding.affects, explains));
    if (!notes.empty()) notes = "  (" + notes + ")";
    if (!note.empty()) notes += "  (" + printable(note) + ")";
    if (finding.cause) notes += "  (explained by " + printable(finding.cause->id) + ")";
    line("  " + painter_.paint("-->", Color::blue) + " " + printable(finding.subject) +
         painter_.paint(notes, Color::dim));
    if (before != nullptr && !finding.evidence.empty() && before->evidence == finding.evidence) {
      line(bar_ + painter_.paint("the same as above", Color::dim));
    } else {
      evidence(finding.evidence);
    }
    remedy(finding.remedy);
    return text_;
  }

 private:
  void line(const std::string& content) { text_ += content + "\n"; }

  // Under the question where several rows share it, else beside it.
  void evidence(const std::vector<check::Evidence>& all) {
    if (all.empty()) return;
    const std::size_t shown =
        style_.verbosity > 0 ? all.size() : std::min(all.size(), kEvidenceShown);
    const bool same_question =
        all.size() > 1 && std::all_of(all.begin(), all.end(), [&](const auto& each) {
          return each.question == all.front().question;
        });
    std::size_t server = 0, question = 0;
    for (std::size_t i = 0; i < shown; ++i) {
      server = std::max(server, columns(printable(all[i].server)));
      question = std::max(question, columns(printable(all[i].question)));
    }
    if (same_question) line(bar_ + printable(all.front().question));
    for (std::size_t i = 0; i < shown; ++i) {
      line(bar_ + (same_question ? "  " : "") + padded(printable(all[i].server), server) + "  " +
           (same_question ? "" : padded(printable(all[i].question), question) + "  ") +
           printable(seen(all[i])));
    }
    if (shown < all.size()) {
      line(bar_ + (same_question ? "  " : "") +
           painter_.paint("and " + std::to_string(all.size() - shown) + " more (-v shows all)",
                          Color::dim));
    }
  }

  void remedy(const check::Remedy& remedy) {
    if (!remedy.action.empty()) {
      line("   " + painter_.paint("=", Color::blue) +
           folded(" fix: " + printable(remedy.action), style_.width, 4, 10));
    }
    for (const check::Edit& edit : remedy.edits) {
      line("     in zone " + printable(without_dot(edit.zone)) +
           (edit.server.empty() ? "" : ", server " + printable(without_dot(edit.server))) + ":");
      for (const std::string& record : edit.remove) {
        line("     " + painter_.paint("- " + printable(record), Color::red));
      }
      for (const std::string& record : edit.add) {
        line("     " + painter_.paint("+ " + printable(record), Color::green));
      }
    }
  }

  const Style& style_;
  Painter painter_;
  std::string bar_;
  std::string text_;
};

}  // namespace

bool is_brief(const check::Finding& finding, const Style& style) {
  return finding.severity == check::Severity::info && style.verbosity <= 0;
}

std::string finding_text(const check::Finding& finding, const std::string& note, bool explains,
                         const check::Finding* before, const Style& style) {
  return FindingText(style).text(finding, note, explains, before);
}

std::string explained_text(const check::Finding& finding, const std::string& note,
                           const Style& style) {
  const Painter painter(style.color);
  const std::string label = label_of(finding), lead = "   = explains: ";
  const std::string told =
      ": " + printable(finding.message) + (note.empty() ? "" : "  (" + printable(note) + ")");
  return "   " + painter.paint("=", Color::blue) +
         " explains: " + painter.paint(label, finding.severity) +
         folded(told, style.width, columns(lead) + columns(label), 10) + "\n";
}

}  // namespace dcv::report
