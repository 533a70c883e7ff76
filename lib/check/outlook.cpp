// Finds the moments at which a judgement may differ, and judges by each of them.
#include "check/outlook.h"

#include <algorithm>
#include <set>

#include "check/family.h"
#include "observe/sight.h"
#include "rules/persist_record.h"
#include "rules/requirements.h"

namespace dcv::check {
namespace {

const observe::CaProfile* profile_of(const observe::Observation& observation,
                                     const std::string& name) {
  const auto found = std::ranges::find(observation.profiles, name, &observe::CaProfile::name);
  return found == observation.profiles.end() ? nullptr : &*found;
}

// The moment after each lasting record of the observation ends.
void add_ends_of_records(const observe::Observation& observation, std::set<double>& moments) {
  for (const observe::Exchange& each : observation.exchanges) {
    if (!each.reply || !observe::asks_for_proof(each.purpose)) continue;
    for (const dns::Record& record : each.reply->answer)
      if (const auto value = dns::as_txt(record))
        if (const auto until = rules::parse_persist_record(*value).until)
          moments.insert(static_cast<double>(*until) + 1);
  }
}

std::set<double> moments_of(const observe::Observation& observation,
                            const std::vector<Judgement>& judgements) {
  std::set<double> moments;
  for (const Judgement& each : judgements)
    if (each.measures.signature_end) moments.insert(*each.measures.signature_end + 1);
  add_ends_of_records(observation, moments);
  const rules::Requirements& rules = rules::requirements();
  for (const rules::MethodRule& each : rules.methods) {
    if (each.discouraged) moments.insert(*each.discouraged);
    if (each.ends) moments.insert(*each.ends);
  }
  moments.insert(rules.caa_parameters_from);
  for (const observe::CaProfile& profile : observation.profiles)
    for (const observe::Quorum& quorum : profile.quorum) moments.insert(quorum.from);
  std::erase_if(moments, [&](double moment) {
    return moment <= observation.now || moment > observation.now + kOutlookSeconds;
  });
  return moments;
}

std::string perspectives_text(const observe::CaProfile* profile, double before, double after) {
  if (profile == nullptr) return "";
  const observe::Quorum old = observe::quorum_at(*profile, before);
  const observe::Quorum now = observe::quorum_at(*profile, after);
  if (old.remotes == now.remotes && old.may_fail == now.may_fail) return "";
  return std::to_string(now.remotes) + " remote perspectives, of which " +
         std::to_string(now.may_fail) + " may fail, instead of " + std::to_string(old.remotes) +
         " and " + std::to_string(old.may_fail);
}

bool concerns_ca(const Finding& finding) {
  return finding.affects == Affects::ca && finding.severity <= Severity::warning;
}

std::vector<Noted> new_findings(const Judgement& before, const Judgement& after) {
  std::set<Noted> known;
  for (const Finding& each : before.findings)
    if (concerns_ca(each)) known.insert({each.id, each.subject});
  std::vector<Noted> added;
  for (const Finding& each : after.findings) {
    const Noted noted{each.id, each.subject, each.severity, each.affects, each.message};
    if (concerns_ca(each) && !known.contains(noted)) added.push_back(noted);
  }
  return added;
}

}  // namespace

std::vector<std::vector<Outlook>> outlooks_of(const observe::Observation& observation,
                                              const std::vector<Judgement>& judgements) {
  std::vector<std::vector<Outlook>> all(judgements.size());
  const std::set<double> moments = moments_of(observation, judgements);
  if (moments.empty()) return all;
  observe::Observation later = observation;
  std::vector<Judgement> before = judgements;
  for (const double moment : moments) {
    const double previous = later.now;
    later.now = moment;
    std::vector<Judgement> after = evaluate(later);
    for (std::size_t i = 0; i < after.size() && i < before.size(); ++i) {
      Outlook outlook{moment, after[i].verdict, after[i].chance, new_findings(before[i], after[i]),
                      perspectives_text(profile_of(observation, after[i].ca), previous, moment)};
      const bool differs = before[i].verdict != after[i].verdict ||
                           before[i].chance != after[i].chance || !outlook.findings.empty() ||
                           !outlook.perspectives.empty();
      if (differs) all[i].push_back(std::move(outlook));
    }
    before = std::move(after);
  }
  return all;
}

}  // namespace dcv::check
