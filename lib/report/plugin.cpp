// States and one-line texts of monitoring plug-ins.
#include "report/plugin.h"

#include <algorithm>
#include <map>

#include "report/groups.h"
#include "report/words.h"

namespace dcv::report {
namespace {

// "2 blocked, 1 at-risk of 3 names", or "... of 1 name at 3 CAs".
std::string tally(const Report& report) {
  std::map<check::Verdict, std::size_t> counts;
  for (const check::Judgement& target : report.targets) ++counts[target.verdict];
  std::string text;
  for (const check::Verdict verdict : {check::Verdict::blocked, check::Verdict::unknown,
                                       check::Verdict::at_risk, check::Verdict::ready}) {
    if (counts[verdict] == 0) continue;
    if (!text.empty()) text += ", ";
    text += std::to_string(counts[verdict]) + " " + std::string(check::text(verdict));
  }
  const std::vector<Group> names = groups(report);
  text += " of " + counted(names.size(), "name");
  return has_several_cas(report) ? text + " at " + counted(names.front().judgements.size(), "CA")
                                 : text;
}

}  // namespace

std::string_view text(State state) {
  switch (state) {
    case State::ok:
      return "OK";
    case State::warning:
      return "WARNING";
    case State::critical:
      return "CRITICAL";
    case State::unknown:
      return "UNKNOWN";
  }
  return "";
}

int exit_status(State state) {
  return static_cast<int>(state);
}

State state_of(check::Verdict verdict) {
  return static_cast<State>(check::exit_status(verdict));
}

State worse(State a, State b) {
  const auto rank = [](State state) {
    return state == State::critical ? 4 : static_cast<int>(state);
  };
  return rank(a) >= rank(b) ? a : b;
}

std::string plugin_safe(std::string_view text) {
  return replaced(printable(text), '|', "/");
}

std::string subject_of(const Report& report, const check::Judgement& target) {
  return plugin_safe(target.identifier) +
         (has_several_cas(report) ? " at " + plugin_safe(target.ca) : "");
}

std::string reason_of(const check::Judgement& target) {
  if (!target.findings.empty() && target.verdict != check::Verdict::ready) {
    return plugin_safe(target.findings.front().message);
  }
  return std::string(sentence(target.verdict));
}

std::string summary_of(const Report& report) {
  const auto worst = std::find_if(report.targets.begin(), report.targets.end(),
                                  [&](const auto& each) { return each.verdict == report.verdict; });
  if (worst == report.targets.end()) return "nothing was asked for";
  const std::string first = subject_of(report, *worst) + ": " + reason_of(*worst);
  return report.targets.size() > 1 ? tally(report) + "; " + first : first;
}

std::vector<FindingLine> finding_lines(const Report& report) {
  std::vector<FindingLine> lines;
  for (const Group& group : groups(report)) {
    for (const SharedFinding& each : findings_of(group)) {
      const std::string note = plugin_safe(whose(each));
      lines.push_back(
          {each.finding,
           plugin_safe(group.first().identifier) + (note.empty() ? "" : " (" + note + ")") + ": " +
               std::string(check::text(each.finding->severity)) + "[" +
               plugin_safe(each.finding->id) + "]: " + plugin_safe(each.finding->message) +
               (each.explained ? " (explained by " + plugin_safe(each.finding->cause->id) + ")"
                               : "")});
    }
  }
  return lines;
}

}  // namespace dcv::report
