// Finds the moments at which a judgement may differ, and judges by each of them.
#include "check/outlook.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <set>

#include "check/dnssec_signatures.h"
#include "check/family.h"
#include "observe/sight.h"
#include "rules/method.h"
#include "rules/persist_record.h"
#include "rules/requirements.h"

namespace dcv::check {
namespace {

const observe::CaProfile* profile_of(const observe::Observation& observation,
                                     const std::string& name) {
  const auto found = std::ranges::find(observation.profiles, name, &observe::CaProfile::name);
  return found == observation.profiles.end() ? nullptr : &*found;
}

// A moment takes a whole evaluation, and anybody may publish records without end.
constexpr std::size_t kMostEndsOfRecords = 32;

// The moments after the lasting records end that are looked for, the earliest first.
std::set<double> ends_of_records(const observe::Observation& observation) {
  std::set<dns::Name> names;
  for (const observe::Target& target : observation.targets)
    if (rules::proof_of(rules::method_of(target.method)) == rules::Proof::persist &&
        !target.steps.empty())
      names.insert(target.steps.back().name);
  std::set<double> ends;
  for (const observe::Exchange& each : observation.exchanges) {
    if (!each.reply || !observe::asks_for_proof(each.purpose)) continue;
    if (!names.contains(each.question.name)) continue;
    for (const dns::Record& record : each.reply->answer)
      if (const auto value = dns::as_txt(record))
        if (const auto until = rules::parse_persist_record(*value).until)
          if (static_cast<double>(*until) >= observation.now)
            ends.insert(static_cast<double>(*until) + 1);
  }
  if (ends.size() > kMostEndsOfRecords)
    ends.erase(std::next(ends.begin(), kMostEndsOfRecords), ends.end());
  return ends;
}

void drop_out_of_range(const observe::Observation& observation, std::set<double>& moments) {
  std::erase_if(moments, [&](double moment) {
    return moment <= observation.now || moment > observation.now + kOutlookSeconds;
  });
}

// Those that no signer can do anything about.
std::set<double> fixed_moments(const observe::Observation& observation) {
  std::set<double> moments = ends_of_records(observation);
  const rules::Requirements& rules = rules::requirements();
  for (const rules::MethodRule& each : rules.methods) {
    if (each.discouraged) moments.insert(*each.discouraged);
    if (each.ends) moments.insert(*each.ends);
  }
  moments.insert(rules.caa_parameters_from);
  for (const observe::CaProfile& profile : observation.profiles)
    for (const observe::Quorum& quorum : profile.quorum) moments.insert(quorum.from);
  drop_out_of_range(observation, moments);
  return moments;
}

// When the signatures that end first should have been made anew, and when they end.
std::set<double> moments_of_signatures(const observe::Observation& observation,
                                       const Judgement& judgement) {
  const std::optional<double> end = judgement.measures.signature_end;
  if (!end) return {};
  double late = *end;
  for (const observe::Exchange& exchange : observation.exchanges) {
    if (!exchange.reply) continue;
    for (const auto* section : {&exchange.reply->answer, &exchange.reply->authority})
      for (const dns::Record& record : *section)
        if (const auto rrsig = dns::as_rrsig(record);
            rrsig && dns::date_near(rrsig->expiration, observation.now) == *end)
          late = std::min(late, dnssec::expiring_from(*rrsig, observation.now));
  }
  std::set<double> moments = {std::floor(late) + 1, *end + 1};
  drop_out_of_range(observation, moments);
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

std::set<Noted> concerns_of(const Judgement& judgement) {
  std::set<Noted> found;
  for (const Finding& each : judgement.findings)
    if (concerns_ca(each))
      found.insert({each.id, each.subject, each.severity, each.affects, each.message});
  return found;
}

std::vector<Noted> without(const std::set<Noted>& some, const std::set<Noted>& old) {
  std::vector<Noted> added;
  std::ranges::set_difference(some, old, std::back_inserter(added));
  return added;
}

bool differs(const Judgement& a, const Judgement& b) {
  return a.verdict != b.verdict || a.chance != b.chance;
}

// Judges the observation by later clocks, each once.
class Later {
 public:
  explicit Later(const observe::Observation& observation)
      : later_(observation), signatures_at_(observation.now) {}

  const std::vector<Judgement>& signed_anew(double moment) {
    return judged(moment, signed_anew_, signatures_at_);
  }
  const std::vector<Judgement>& as_seen(double moment) {
    return judged(moment, as_seen_, std::nullopt);
  }

 private:
  using Known = std::map<double, std::vector<Judgement>>;

  const std::vector<Judgement>& judged(double moment, Known& known, std::optional<double> at) {
    const auto [place, is_new] = known.try_emplace(moment);
    later_.now = moment;
    if (is_new) place->second = evaluate(later_, at);
    return place->second;
  }

  observe::Observation later_;
  double signatures_at_;
  Known signed_anew_, as_seen_;
};

// What comes even if signatures are made anew.
std::vector<Outlook> sure_outlooks(const observe::Observation& observation, Later& later,
                                   const std::set<double>& moments, const Judgement& now,
                                   std::size_t index) {
  std::vector<Outlook> outlooks;
  const observe::CaProfile* profile = profile_of(observation, now.ca);
  const Judgement* before = &now;
  double previous = observation.now;
  for (const double moment : moments) {
    const Judgement& after = later.signed_anew(moment).at(index);
    Outlook outlook{moment, after.verdict, after.chance,
                    without(concerns_of(after), concerns_of(*before)),
                    perspectives_text(profile, previous, moment)};
    if (differs(*before, after) || !outlook.findings.empty() || !outlook.perspectives.empty())
      outlooks.push_back(std::move(outlook));
    before = &after;
    previous = moment;
  }
  return outlooks;
}

// What comes besides if they are not.
void add_ends_of_signatures(const observe::Observation& observation, Later& later,
                            const Judgement& now, std::size_t index,
                            std::vector<Outlook>& outlooks) {
  std::set<Noted> told;
  for (const double moment : moments_of_signatures(observation, now)) {
    const Judgement& anew = later.signed_anew(moment).at(index);
    const Judgement& after = later.as_seen(moment).at(index);
    told.merge(concerns_of(anew));
    Outlook outlook{moment, after.verdict, after.chance, without(concerns_of(after), told),
                    "",     true};
    told.merge(concerns_of(after));
    if (differs(anew, after) || !outlook.findings.empty()) outlooks.push_back(std::move(outlook));
  }
}

}  // namespace

std::vector<std::vector<Outlook>> outlooks_of(const observe::Observation& observation,
                                              const std::vector<Judgement>& judgements) {
  Later later(observation);
  std::vector<std::vector<Outlook>> all;
  const std::set<double> moments = fixed_moments(observation);
  for (std::size_t i = 0; i < judgements.size(); ++i) {
    all.push_back(sure_outlooks(observation, later, moments, judgements[i], i));
    add_ends_of_signatures(observation, later, judgements[i], i, all.back());
    std::ranges::stable_sort(all.back(), {}, &Outlook::from);
  }
  return all;
}

}  // namespace dcv::check
