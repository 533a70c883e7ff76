// Runs one survey to its end, with the CA eye beside it.
#include "resolve/collect.h"

#include <algorithm>
#include <memory>

#include "observe/lookup.h"
#include "resolve/ca_questions.h"
#include "resolve/ca_resolver.h"
#include "resolve/limits.h"
#include "resolve/survey.h"
#include "resolve/web_eye.h"
#include "rules/place_that_counts.h"

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

void run(Survey& survey, net::Transport& transport) {
  do {
    transport.run();
  } while (survey.release_stuck());
}

LookUp look_up_in(Survey& survey, net::Transport& transport) {
  return [&](const std::vector<dns::Name>& hosts) {
    for (const dns::Name& host : hosts)
      for (const dns::RecordType type : {dns::RecordType::a, dns::RecordType::aaaa})
        survey.look_for({host, type});
    run(survey, transport);
    std::map<dns::Name, std::vector<dns::IpAddress>> found;
    for (const dns::Name& host : hosts) found[host] = survey.addresses_of(host);
    return found;
  };
}

void add_web(std::vector<observe::WebSight> sights, const net::Web& web,
             observe::Observation& observation) {
  for (std::size_t i = 0; i < std::min(sights.size(), observation.targets.size()); ++i)
    observation.targets[i].web = std::move(sights[i]);
  observation.stats.queries += web.sent();
  const std::vector<std::string> limits = web.limits_reached();
  std::vector<std::string>& all = observation.stats.limits;
  for (const std::string& limit : limits)
    if (std::ranges::find(all, limit) == all.end()) all.push_back(limit);
}

}  // namespace

Result<std::vector<dns::Question>> places_of(const PlannedTarget& target) {
  if (!target.places.empty()) return target.places;
  const Result<dns::Name> name = dns::acme_challenge_name(target.identifier);
  if (!name) return Error{name.error()};
  return std::vector<dns::Question>{{*name, dns::RecordType::txt}};
}

observe::Observation collect(const Plan& plan, net::Transport& transport, net::Web* web) {
  std::vector<CaQuestion> questions;
  if (plan.ca_eye) questions = ca_questions(plan);
  const bool cut = questions.size() > kCaQuestions;
  if (cut) questions.erase(questions.begin() + std::ptrdiff_t{kCaQuestions}, questions.end());
  CaResolver ca_eye(plan, questions);

  Survey survey(plan, transport);
  survey.start();
  run(survey, transport);
  std::vector<observe::WebSight> sights;
  if (web) sights = look_at_web(plan, *web, look_up_in(survey, transport));
  observe::Observation observation = survey.finish();
  if (web) add_web(std::move(sights), *web, observation);
  const observe::Index exchanges(observation);
  for (observe::Target& target : observation.targets) rules::move_to_place(target, exchanges);

  observation.ca_answers = ca_eye.finish(patience(observation, plan, transport.elapsed()));
  observation.stats.seconds = transport.elapsed();
  if (cut)
    observation.stats.limits.push_back("questions to the CA's resolver: " +
                                       std::to_string(kCaQuestions));
  return observation;
}

}  // namespace dcv::resolve
