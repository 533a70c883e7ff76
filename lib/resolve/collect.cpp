// Runs one survey to its end, with the CA eye beside it.
#include "resolve/collect.h"

#include <algorithm>
#include <memory>

#include "resolve/ca_questions.h"
#include "resolve/ca_resolver.h"
#include "resolve/limits.h"
#include "resolve/survey.h"

namespace dcv::resolve {
namespace {

// How long the CA eye is worth waiting for, in seconds from now.
double patience(const observe::Observation& observation, const Plan& plan, double elapsed) {
  const bool dead = std::ranges::all_of(observation.targets, [](const observe::Target& target) {
    return target.steps.back().end == observe::StepEnd::no_usable_reply;
  });
  const double most = dead ? kCaPatienceWithDeadServers : kCaPatience;
  return std::min(most, plan.settings.timeout) - elapsed;
}

}  // namespace

Result<std::vector<dns::Question>> places_of(const PlannedTarget& target) {
  if (!target.places.empty()) return target.places;
  const Result<dns::Name> name = dns::acme_challenge_name(target.identifier);
  if (!name) return Error{name.error()};
  return std::vector<dns::Question>{{*name, dns::RecordType::txt}};
}

observe::Observation collect(const Plan& plan, net::Transport& transport) {
  std::vector<CaQuestion> questions;
  if (plan.ca_eye) questions = ca_questions(plan);
  const bool cut = questions.size() > kCaQuestions;
  if (cut) questions.erase(questions.begin() + std::ptrdiff_t{kCaQuestions}, questions.end());
  CaResolver ca_eye(plan, questions);

  Survey survey(plan, transport);
  survey.start();
  do {
    transport.run();
  } while (survey.release_stuck());
  observe::Observation observation = survey.finish();

  observation.ca_answers = ca_eye.finish(patience(observation, plan, transport.elapsed()));
  observation.stats.seconds = transport.elapsed();
  if (cut)
    observation.stats.limits.push_back("questions to the CA's resolver: " +
                                       std::to_string(kCaQuestions));
  return observation;
}

}  // namespace dcv::resolve
