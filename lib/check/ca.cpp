// The family "ca": where a resolver like the CA's fares otherwise than the servers one by one
// suggest. It comes last and is silent where an earlier finding explains that.
#include "check/ca.h"

#include <algorithm>
#include <cstdio>
#include <set>

#include "check/path.h"
#include "observe/lookup.h"
#include "observe/sight.h"

namespace dcv::check {
namespace ca {
namespace {

using observe::CaAnswer;
using Answers = std::vector<const CaAnswer*>;

const FindingKind& kFails = kKinds[0];
const FindingKind& kSlow = kKinds[1];
const FindingKind& kSeesOther = kKinds[2];

bool any_for_ca(const std::vector<Finding>& findings, Severity severity) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& each) {
    return each.affects == Affects::ca && each.severity == severity;
  });
}

std::string question_text(const CaAnswer& answer) {
  return answer.question.name.lower().text() + " " + dns::text(answer.question.type);
}

std::string seconds_text(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f s", seconds);
  return text;
}

std::set<std::string> values(const dns::Message& reply, dns::RecordType type) {
  std::set<std::string> found;
  for (const dns::Record& record : reply.answer) {
    if (record.type != type) continue;
    if (const auto value = observe::value_of(record)) found.insert(*value);
  }
  return found;
}

std::string values_text(const CaAnswer& answer) {
  const std::string type = dns::text(answer.question.type);
  const auto found =
      answer.reply ? values(*answer.reply, answer.question.type) : std::set<std::string>();
  std::string text;
  for (const std::string& value : found)
    text += (text.empty() ? type + " " : ", ") +
            (answer.question.type == dns::RecordType::txt ? dns::quoted(value) : value);
  if (!text.empty()) return text;
  return answer.rcode == dns::Rcode::nxdomain ? "NXDOMAIN" : "no " + type + " record";
}

std::string outcome_text(const CaAnswer& answer) {
  if (!answer.finished) return "no answer within " + seconds_text(answer.duration);
  if (!is_failure(answer)) return values_text(answer) + " after " + seconds_text(answer.duration);
  return failure_text(answer) +
         (answer.reason.empty() ? "" : ", " + dns::escape(answer.reason, ""));
}

std::string perspective_text(int perspective) {
  return perspective == 0 ? "primary perspective"
                          : "remote perspective " + std::to_string(perspective);
}

Finding finding(const Case& test, const FindingKind& kind,
                std::map<std::string, std::string> arguments, const Answers& answers) {
  const dns::Question& question = answers.front()->question;
  arguments["question"] =
      "the " + dns::text(question.type) + " records of " + question.name.lower().prose();
  Finding made =
      make_finding(kind, answers.front()->question.name.lower().text(), std::move(arguments));
  for (const CaAnswer* answer : answers)
    made.evidence.push_back({perspective_text(answer->perspective), question_text(*answer),
                             outcome_text(*answer), test.observation.started_at});
  return made;
}

template <typename Predicate>
Answers filtered(const Answers& answers, Predicate predicate) {
  Answers found;
  std::copy_if(answers.begin(), answers.end(), std::back_inserter(found),
               [&](const CaAnswer* answer) { return predicate(*answer); });
  return found;
}

Finding failure(const Case& test, const Answers& failing, std::size_t asked) {
  const CaAnswer& first = *failing.front();
  Finding made = finding(test, kFails,
                         {{"failed", std::to_string(failing.size())},
                          {"asked", std::to_string(asked)},
                          {"reason", outcome_text(first)}},
                         failing);
  made.remedy.action =
      first.bogus ? "Mend the signatures that the reason names, or take the DS record out of the "
                    "parent zone until they are right"
                  : "Follow the way from the root with unbound-host -d, which has the same "
                    "resolver, and mend the server or delegation at which it gives up";
  return made;
}

void check_failures(const Case& test, bool warned, std::vector<Finding>& findings) {
  const Answers proofs = proof_answers(test);
  const Answers failing = filtered(proofs, is_failure);
  if (!failing.empty()) {
    const bool always = failing.size() == proofs.size();
    if (!always && warned) return;
    findings.push_back(failure(test, failing, proofs.size()));
    if (!always) findings.back().severity = Severity::warning;
    return;
  }
  if (warned) return;
  for (const CaAnswer* answer : caa_answers(test)) {
    const bool top_level = answer->question.name.label_count() == 1;
    if (top_level && !test.profile.asks_top_level) continue;
    if (is_failure(*answer)) {
      findings.push_back(failure(test, {answer}, 1));
      if (test.profile.failure_may_permit) findings.back().severity = Severity::warning;
      return;
    }
    if (answer->reply && !answer->reply->answer.empty()) return;  // the climb ends here
  }
}

void check_times(const Case& test, std::vector<Finding>& findings) {
  Answers late = filtered(proof_answers(test), is_late);
  if (late.empty()) late = filtered(caa_answers(test), is_late);
  if (late.empty()) return;
  const CaAnswer& slowest = **std::max_element(
      late.begin(), late.end(),
      [](const CaAnswer* a, const CaAnswer* b) { return a->duration < b->duration; });
  const std::string more = slowest.finished ? "" : "more than ";
  findings.push_back(finding(
      test, kSlow,
      {{"time", more + seconds_text(slowest.duration)}, {"limit", seconds_text(kLateAfter)}},
      late));
  findings.back().remedy.action =
      "Find the slow servers on the way from the root with dcv-trace --servers, and replace them "
      "or "
      "take them out of the NS set";
}

// Everything that any server says to the question for the proof at the end of the walk.
std::set<std::set<std::string>> said_by_servers(const Case& test) {
  std::set<std::set<std::string>> said;
  const dns::Name& name = test.target.steps.back().name;
  for (const observe::Exchange* exchange : test.select({.name = &name, .purpose = {}}))
    if (exchange->reply && exchange->question.type == test.target.type)
      said.insert(values(*exchange->reply, test.target.type));
  return said;
}

void check_values(const Case& test, std::vector<Finding>& findings) {
  const std::set<std::set<std::string>> said = said_by_servers(test);
  const Answers proofs = proof_answers(test);
  const Answers other = filtered(proofs, [&](const CaAnswer& answer) {
    return answer.finished && answer.reply && !is_failure(answer) &&
           !said.contains(values(*answer.reply, test.target.type));
  });
  if (other.empty() || said.empty()) return;
  findings.push_back(finding(test, kSeesOther,
                             {{"saw", values_text(*other.front())},
                              {"failed", std::to_string(other.size())},
                              {"asked", std::to_string(proofs.size())}},
                             other));
  findings.back().remedy.action =
      "Run it again, and from another network; if it stays, ask the registry's servers one by one "
      "with dig which of them points elsewhere";
}

void check(const Case& test, std::vector<Finding>& findings) {
  const bool nothing_to_say = test.target.steps.empty() || proof_answers(test).empty();
  if (nothing_to_say || is_our_trouble(test, findings) || any_for_ca(findings, Severity::error))
    return;
  const bool warned = any_for_ca(findings, Severity::warning);
  const std::size_t before = findings.size();
  check_failures(test, warned, findings);
  if (warned || findings.size() > before) return;
  check_times(test, findings);
  if (findings.size() == before) check_values(test, findings);
}

}  // namespace

bool is_our_trouble(const Case& test, const std::vector<Finding>& findings) {
  constexpr std::string_view kOurs[] = {"transport-no-network", "transport-intercepted",
                                        "transport-limit-reached", "dnssec-anchor-outdated"};
  return !test.overview.ipv6_works ||
         std::any_of(findings.begin(), findings.end(), [&](const Finding& each) {
           return std::find(std::begin(kOurs), std::end(kOurs), each.id) != std::end(kOurs);
         });
}

}  // namespace ca

const Family kCaFamily{"ca", ca::kKinds, ca::check};

}  // namespace dcv::check
