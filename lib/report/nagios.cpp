// The report as a monitoring plug-in prints it: one status line with performance data, then a line
// a finding (https://www.monitoring-plugins.org/doc/guidelines.html).
#include <algorithm>
#include <map>

#include "report/formats.h"
#include "report/groups.h"
#include "report/words.h"

namespace dcv::report {
namespace {

// The bar begins performance data, so it must not stand in what others wrote.
std::string safe(std::string_view text) {
  return replaced(printable(text), '|', "/");
}

std::string reason(const check::Judgement& target) {
  if (!target.findings.empty() && target.verdict != check::Verdict::ready) {
    return safe(target.findings.front().message);
  }
  return std::string(sentence(target.verdict));
}

// "app.shop.example", or "app.shop.example at sectigo" where several CAs are judged for.
std::string subject(const check::Judgement& target, bool several_cas) {
  return safe(target.identifier) + (several_cas ? " at " + safe(target.ca) : "");
}

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

std::string performance(const Report& report) {
  std::string text = "queries=" + std::to_string(report.stats.queries) +
                     " round_trips=" + std::to_string(report.stats.round_trips) +
                     " time=" + fixed(report.stats.seconds, 3) + "s";
  std::optional<double> chance, wait;
  for (const check::Judgement& target : report.targets) {
    if (target.chance) chance = std::min(chance.value_or(1), *target.chance);
    if (target.wait_seconds) wait = std::max(wait.value_or(0), *target.wait_seconds);
  }
  if (chance) text += " chance=" + fixed(*chance, 4) + ";;;0;1";
  if (wait) text += " wait=" + fixed(*wait, 0) + "s";
  return text;
}

}  // namespace

std::string render_nagios(const Report& report) {
  const bool several_cas = has_several_cas(report);
  std::string summary = "nothing was asked for";
  const auto worst = std::find_if(report.targets.begin(), report.targets.end(),
                                  [&](const auto& each) { return each.verdict == report.verdict; });
  if (worst != report.targets.end()) {
    summary = subject(*worst, several_cas) + ": " + reason(*worst);
    if (report.targets.size() > 1) summary = tally(report) + "; " + summary;
  }
  std::string text = "DCV " + upper(check::text(report.verdict)) + " - " + summary + " | " +
                     performance(report) + "\n";
  for (const Group& group : groups(report)) {
    for (const SharedFinding& each : findings_of(group)) {
      const std::string note = safe(whose(each));
      text += safe(group.first().identifier) + (note.empty() ? "" : " (" + note + ")") + ": " +
              std::string(check::text(each.finding->severity)) + "[" + safe(each.finding->id) +
              "]: " + safe(each.finding->message) +
              (each.explained ? " (explained by " + safe(each.finding->cause->id) + ")" : "") +
              "\n";
    }
  }
  return text;
}

}  // namespace dcv::report
