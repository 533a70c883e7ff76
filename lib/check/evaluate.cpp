// Runs every family on every target for every CA and puts the judgements together.
#include "check/evaluate.h"

#include <algorithm>

#include "check/ca.h"
#include "check/catalogue.h"
#include "check/causes.h"
#include "check/chance.h"
#include "check/provider.h"
#include "check/transport.h"
#include "check/verdict.h"
#include "check/wait.h"
#include "rules/place_that_counts.h"

namespace dcv::check {
namespace {

constexpr std::string_view kBoulder = "letsencrypt";  // the CA that runs it

std::vector<Finding> sorted_by_cause(std::vector<Finding> findings) {
  find_causes(findings);
  std::vector<const Finding*> all;
  for (const Finding& each : findings) all.push_back(&each);
  std::vector<Finding> sorted;
  for (const std::size_t index : order_by_cause(all)) sorted.push_back(std::move(findings[index]));
  return sorted;
}

// Families come in the order of cause and effect, so their order is kept where no rule says more.
std::vector<Finding> findings_of(const Case& test) {
  std::vector<Finding> findings;
  for (const Family* family : families())
    if (applies(*family, test)) family->check(test, findings);
  // What was heard of servers then came from somebody else.
  if (transport::is_intercepted(findings))
    std::erase_if(findings, [](const Finding& each) { return each.affects != Affects::client; });
  for (Finding& each : findings) {
    std::string& action = each.remedy.action;
    if (!action.empty() && !action.ends_with('.')) action += '.';
  }
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.severity < b.severity; });
  return sorted_by_cause(std::move(findings));
}

// Blocked means that the CA refuses, however many servers agree. What makes an order a risk without
// a server that answers otherwise (signatures, delays, what fails now and then) the formula does
// not know, so it tells nothing then.
std::optional<double> told_chance(const Case& test, Verdict verdict) {
  if (verdict == Verdict::unknown) return std::nullopt;
  if (verdict == Verdict::blocked) return 0;
  const std::optional<double> chance = chance_of(test);
  return verdict == Verdict::at_risk && chance == 1 ? std::nullopt : chance;
}

Judgement judge(const Case& test) {
  Judgement judgement;
  judgement.identifier = test.target.identifier;
  judgement.method = test.target.method;
  judgement.ca = test.profile.name;
  judgement.validation_name = test.target.validation_name.text();
  judgement.final_name =
      test.target.steps.empty() ? judgement.validation_name : test.target.steps.back().name.text();
  judgement.provider = provider::title(test);
  judgement.findings = findings_of(test);
  judgement.verdict = verdict_of(test, judgement.findings);
  judgement.chance = told_chance(test, judgement.verdict);
  judgement.measures = measures_of(test);
  judgement.next_step = next_step(test, judgement.verdict, judgement.findings);
  const bool words_known = test.profile.name == kBoulder;
  if (judgement.verdict == Verdict::blocked && words_known &&
      !ca::is_our_trouble(test, judgement.findings))
    judgement.ca_error = ca::error_text(test);
  if (judgement.verdict != Verdict::at_risk) return judgement;
  if (const std::optional<Wait> wait = wait_for(test, judgement.findings)) {
    judgement.wait_seconds = wait->seconds;
    judgement.wait_reason = wait->reason;
  }
  return judgement;
}

}  // namespace

std::string_view text(Verdict verdict) {
  switch (verdict) {
    case Verdict::ready:
      return "ready";
    case Verdict::at_risk:
      return "at-risk";
    case Verdict::blocked:
      return "blocked";
    case Verdict::unknown:
      return "unknown";
  }
  return "unknown";
}

int exit_status(Verdict verdict) {
  return static_cast<int>(verdict);
}

Verdict worse(Verdict a, Verdict b) {
  const auto rank = [](Verdict verdict) {
    switch (verdict) {
      case Verdict::ready:
        return 0;
      case Verdict::at_risk:
        return 1;
      case Verdict::unknown:
        return 2;
      case Verdict::blocked:
        return 3;
    }
    return 2;
  };
  return rank(a) < rank(b) ? b : a;
}

std::vector<Judgement> evaluate(const observe::Observation& observation,
                                std::optional<double> signatures_at) {
  std::vector<observe::CaProfile> profiles = observation.profiles;
  if (profiles.empty()) profiles.push_back(observe::default_profile());
  const Overview overview(observation, signatures_at);
  std::vector<Judgement> judgements;
  for (const observe::Target& target : observation.targets) {
    const observe::Target placed = rules::at_its_place(target, overview.exchanges);
    for (const observe::CaProfile& profile : profiles)
      if (target.profile.empty() || target.profile == profile.name)
        judgements.push_back(judge({observation, placed, profile, overview}));
  }
  return judgements;
}

}  // namespace dcv::check
