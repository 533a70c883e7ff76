// Advice as text.

#include "report/color.h"
#include "report/delegate.h"
#include "report/words.h"

namespace dcv::report {
namespace {

std::string heading(const std::string& about) {
  if (about == "method") return "Method";
  return about == "kind" ? "CNAME or NS" : "Delegation";
}

class AdviceText {
 public:
  explicit AdviceText(const Style& style) : style_(style), painter_(style.color) {}

  std::string text(const check::Advised& advised) {
    text_ = painter_.paint(printable(advised.identifier), Color::bold) + "  " +
            painter_.paint("(" + printable(without_dot(advised.validation_name)) + " in the zone " +
                               printable(without_dot(advised.zone)) + ")",
                           Color::dim) +
            "\n";
    for (const check::Advice& each : advised.advice) advice(each);
    if (!advised.judged)
      text_ += "The servers of the zone gave no usable answer; dcv-preflight says why.\n";
    return text_ + "\n";
  }

 private:
  void advice(const check::Advice& advice) {
    const std::string label = heading(advice.about) + ": ";
    text_ += painter_.paint(label, Color::bold) +
             folded(printable(advice.answer), style_.width, columns(label), 2) + "\n";
    for (const std::string& reason : advice.reasons)
      text_ += "  - " + folded(printable(reason), style_.width, 4, 4) + "\n";
  }

  const Style& style_;
  Painter painter_;
  std::string text_;
};

}  // namespace

std::string render_advice_text(const std::vector<check::Advised>& advised,
                               const observe::Stats& stats, const Style& style) {
  std::string text;
  for (const check::Advised& each : advised) text += AdviceText(style).text(each);
  return text + Painter(style.color).paint(stats_line(stats), Color::dim) + "\n";
}

}  // namespace dcv::report
