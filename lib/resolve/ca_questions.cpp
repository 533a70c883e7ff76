// What the CA eye asks.
#include "resolve/ca_questions.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "resolve/limits.h"

namespace dcv::resolve {
namespace {

using dns::RecordType;

// The first of the profiles that resolve alike, and how many remote perspectives the keenest has.
struct Kind {
  observe::CaProfile profile;
  int remotes = 0;
};

std::vector<Kind> kinds(const Plan& plan) {
  std::vector<observe::CaProfile> profiles = plan.profiles;
  if (profiles.empty()) profiles.push_back(observe::default_profile());
  std::vector<Kind> found;
  for (const observe::CaProfile& profile : profiles) {
    auto kind = std::find_if(found.begin(), found.end(), [&](const Kind& each) {
      return observe::resolve_alike(each.profile, profile);
    });
    if (kind == found.end()) kind = found.insert(kind, {profile, 0});
    kind->remotes = std::max(kind->remotes, observe::quorum_at(profile, plan.now).remotes);
  }
  return found;
}

// The records and the labels of the CAA climb, each once. Remote perspectives are asked for those
// of `proofs`; what else may do, or is needed besides, one perspective suffices for.
struct Names {
  std::vector<dns::Question> proofs, others;
  std::vector<dns::Name> caa;
};

Names names_of(const Plan& plan) {
  Names names;
  std::set<std::pair<dns::Name, dns::RecordType>> asked;
  for (const PlannedTarget& target : plan.targets) {
    const Result<std::vector<dns::Question>> places = places_of(target);
    if (!places) continue;
    for (const dns::Question& place : *places) {
      if (!asked.insert({place.name, place.type}).second) continue;
      (place == places->front() ? names.proofs : names.others).push_back(place);
    }
  }
  std::set<dns::Name> seen;
  for (const PlannedTarget& target : plan.targets) {
    if (!plan.caa) break;
    for (dns::Name name = target.identifier.name; !name.is_root(); name = name.parent())
      if (seen.insert(name).second) names.caa.push_back(name);
  }
  return names;
}

}  // namespace

std::vector<CaQuestion> ca_questions(const Plan& plan) {
  const Names names = names_of(plan);
  const std::vector<Kind> asked = kinds(plan);
  std::vector<CaQuestion> questions;
  for (const Kind& kind : asked) {
    for (const dns::Question& proof : names.proofs) questions.push_back({kind.profile, 0, proof});
    for (const dns::Question& other : names.others) questions.push_back({kind.profile, 0, other});
    for (const dns::Name& name : names.caa)
      questions.push_back({kind.profile, 0, {name, RecordType::caa}});
  }
  for (int remote = 1;; ++remote) {
    std::vector<CaQuestion> more;
    for (const Kind& kind : asked)
      for (const dns::Question& proof : names.proofs)
        if (remote <= kind.remotes) more.push_back({kind.profile, remote, proof});
    if (more.empty() || questions.size() + more.size() > kCaQuestions) return questions;
    std::move(more.begin(), more.end(), std::back_inserter(questions));
  }
}

}  // namespace dcv::resolve
