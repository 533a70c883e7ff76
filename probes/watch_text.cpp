// History in words.
#include "watch_text.h"

#include <algorithm>

#include "report/words.h"

namespace dcv::probes {
namespace {

std::string label(const Watch& watch) {
  return watch.name + "  (" + watch.method + ", " + watch.ca + ")";
}

std::string text_of(const check::Noted& noted) {
  std::string line = "  " + report::padded(std::string(check::text(noted.severity)), 8) + " " +
                     noted.id + "  " + noted.subject;
  if (!noted.message.empty()) line += "  " + noted.message;
  return report::printable(line) + "\n";
}

std::string text_of(const check::FactKey& key, const check::Fact& fact) {
  std::string line =
      "  " + report::padded(std::string(check::text(key.aspect)), 14) + " " + key.subject + "  ";
  std::string values;
  for (const auto& [value, held] : fact.values) values += (values.empty() ? "" : ", ") + value;
  return report::printable(line + (values.empty() ? "none" : values)) + "\n";
}

// It has not made signatures anew that it should have: why should it before they end?
bool is_signer_late(const Forecast& forecast) {
  return std::ranges::any_of(forecast.now.latest.findings, [](const check::Noted& each) {
    return each.id == "dnssec-signature-expiring";
  });
}

std::string text_of(const check::Outlook& outlook) {
  std::string text = "  from " + report::rfc3339(outlook.from) +
                     (outlook.unless_signed_anew ? ", unless signed anew  " : "  ") +
                     report::upper(check::text(outlook.verdict));
  if (outlook.chance && *outlook.chance < 1) text += "  chance " + report::percent(*outlook.chance);
  text += "\n";
  if (!outlook.perspectives.empty()) text += "    the CA asks " + outlook.perspectives + "\n";
  for (const check::Noted& each : outlook.findings) text += "  " + text_of(each);
  return text;
}

}  // namespace

std::string text_of(const Event& event) {
  return report::printable(report::rfc3339(event.at) + "  " + event.watch.name + "  " +
                           std::string(check::text(event.change.kind)) + "  " +
                           event.change.message) +
         "\n";
}

std::string text_of(const Stay& stay) {
  std::string text = label(stay.watch) + "\n  seen so from " + report::rfc3339(stay.first_seen) +
                     " to " + report::rfc3339(stay.last_seen) + "\n  verdict        " +
                     std::string(check::text(stay.snapshot.opinion.verdict)) + "\n";
  for (const auto& [key, fact] : stay.snapshot.facts) text += text_of(key, fact);
  for (const check::Noted& each : stay.snapshot.opinion.findings) text += text_of(each);
  return text;
}

std::string text_of(const Pair& pair) {
  std::string text = label(pair.after.watch) + "\n  from " +
                     report::rfc3339(pair.before.last_seen) + " to " +
                     report::rfc3339(pair.after.first_seen) + "\n";
  const auto changes = check::differences(pair.before.snapshot, pair.after.snapshot);
  for (const check::Change& each : changes)
    text +=
        "  " + report::printable(std::string(check::text(each.kind)) + "  " + each.message) + "\n";
  if (changes.empty()) text += "  nothing differs\n";
  return text;
}

std::vector<check::Outlook> ahead_of(const Forecast& forecast, std::optional<double> at) {
  std::vector<check::Outlook> ahead;
  for (const check::Outlook& each : forecast.ahead)
    if (!at || each.from <= *at) ahead.push_back(each);
  return ahead;
}

check::Verdict verdict_at(const Forecast& forecast, std::optional<double> at) {
  check::Verdict verdict = forecast.now.opinion.verdict, stale = check::Verdict::ready;
  for (const check::Outlook& each : ahead_of(forecast, at)) {
    if (each.unless_signed_anew) {
      stale = check::worse(stale, each.verdict);
    } else {
      verdict = at ? each.verdict : check::worse(verdict, each.verdict);
    }
  }
  return at || is_signer_late(forecast) ? check::worse(verdict, stale) : verdict;
}

std::string text_of(const Forecast& forecast, std::optional<double> at) {
  std::string text = label(forecast.watch) + "\n  now (" + report::rfc3339(forecast.last_seen) +
                     ")  " + report::upper(check::text(forecast.now.opinion.verdict)) + "\n";
  for (const check::Noted& each : forecast.now.opinion.findings)
    if (each.affects == check::Affects::ca) text += text_of(each);
  const auto ahead = ahead_of(forecast, at);
  for (const check::Outlook& each : ahead) text += text_of(each);
  if (ahead.empty())
    text += at ? "  nothing changes until " + report::rfc3339(*at) + "\n"
               : "  nothing is known to change\n";
  return text;
}

}  // namespace dcv::probes
