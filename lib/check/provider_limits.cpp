// What keeps a right delegation from working: CAA that its CAs may not issue by, and denials that
// caches keep for long.
#include <algorithm>

#include "check/alias.h"
#include "check/caa.h"
#include "check/provider.h"
#include "observe/ca_profile_json.h"

namespace dcv::check::provider {

namespace {

constexpr std::uint32_t kLongestDenial = 3600;  // seconds; longer ones outlast most waits

const observe::CaProfile* profile_named(const observe::Observation& observation,
                                        const std::string& name) {
  for (const auto* profiles : {&observation.profiles, &observe::shipped_ca_table().profiles}) {
    const auto found = std::ranges::find(*profiles, name, &observe::CaProfile::name);
    if (found != profiles->end()) return &*found;
  }
  return nullptr;
}

std::string titles_of(const std::vector<const observe::CaProfile*>& profiles) {
  std::vector<std::string> titles;
  for (const observe::CaProfile* profile : profiles) titles.push_back(profile->title);
  return joined(titles);
}

// Only the provider publishes proofs there, and its CAs are others.
void check_ca(const Case& test, const Delegated& delegation,
              const std::vector<const observe::CaProfile*>& profiles,
              std::vector<Finding>& findings) {
  const observe::Provider& row = *delegation.match.provider;
  if (!row.on_demand || test.profile.identities.empty()) return;
  if (!test.target.expected.empty() && alias::holds_proof(test)) return;
  Finding finding = found("provider-ca-differs", delegation.step->name,
                          {{"owner", alias::prose(delegation.step->name)},
                           {"provider", row.title},
                           {"ca", test.profile.title},
                           {"cas", titles_of(profiles)}});
  if (const auto* shown = alias::alias_reply(test, *delegation.step))
    finding.evidence = alias::evidence(test, {shown});
  finding.remedy.action = "Order through " + row.title + ", or remove the delegation and let " +
                          test.profile.title + " validate you.";
  findings.push_back(std::move(finding));
}

// The profiles of the CAs; none when one of them is not known, since that one may be allowed.
std::vector<const observe::CaProfile*> profiles_of(const Case& test, const observe::Provider& row) {
  std::vector<const observe::CaProfile*> profiles;
  for (const std::string& name : row.cas) {
    const observe::CaProfile* profile = profile_named(test.observation, name);
    if (!profile) return {};
    profiles.push_back(profile);
  }
  return profiles;
}

std::uint32_t denial_seconds(const observe::Exchange& exchange, const dns::Name& zone) {
  if (!exchange.reply) return 0;
  const auto record = dns::soa_record_in(*exchange.reply);
  const auto soa = record ? dns::as_soa(*record) : std::nullopt;
  return soa && record->owner == zone ? std::min(record->ttl, soa->minimum) : 0;
}

}  // namespace

void check_caa(const Case& test, std::vector<Finding>& findings) {
  const auto delegation = delegated(test);
  if (!delegation) return;
  const observe::Provider& row = *delegation->match.provider;
  // What CAA means for one of them the family of CAA says.
  if (std::ranges::find(row.cas, test.profile.name) != row.cas.end()) return;
  const auto profiles = profiles_of(test, row);
  if (profiles.empty()) return;
  check_ca(test, *delegation, profiles, findings);
  for (const observe::CaProfile* profile : profiles) {
    const Case as_other{test.observation, test.target, *profile, test.overview};
    if (caa::permitting_share(as_other) > 0 || caa::is_undecided(as_other)) return;
  }
  const Case as_first{test.observation, test.target, *profiles.front(), test.overview};
  const caa::Climb climb = caa::climb_of(as_first);
  if (!climb.decisive || !climb.levels[*climb.decisive].has_records()) return;
  const caa::Level& level = climb.levels[*climb.decisive];
  Finding finding = found("provider-caa-forbids", level.level->name,
                          {{"name", caa::prose(level.level->name)},
                           {"provider", row.title},
                           {"cas", titles_of(profiles)}});
  finding.evidence = caa::evidence(test, level.views.front().shown);
  if (caa::is_own(as_first, level))
    finding.remedy = caa::publish(as_first, level, "issue", level.views.front().ttl);
  else
    finding.remedy.action = "Allow one of them by a CAA record at the name.";
  findings.push_back(std::move(finding));
}

void check_denials(const Case& test, std::vector<Finding>& findings) {
  const observe::Step& last = test.target.steps.back();
  const bool elsewhere =
      last.zone != test.target.steps.front().zone || last.zone == test.target.validation_name;
  if (!elsewhere) return;
  const observe::Zone* zone = observe::find_zone(test.observation, last.zone);
  if (!zone || !zone->probed) return;
  if (const auto by = delegated(test); by && by->match.provider->on_demand) return;
  const observe::Exchange* shown = nullptr;
  std::uint32_t longest = kLongestDenial;
  for (const observe::Exchange* exchange : test.select({.zone = &last.zone})) {
    const std::uint32_t seconds = denial_seconds(*exchange, last.zone);
    if (seconds <= longest) continue;
    longest = seconds;
    shown = exchange;
  }
  if (!shown) return;
  Finding finding = found("provider-denials-kept", last.zone,
                          {{"zone", alias::prose(last.zone)},
                           {"name", alias::prose(test.target.validation_name)},
                           {"seconds", std::to_string(longest)}});
  finding.evidence = alias::evidence(test, {shown});
  finding.remedy.action = "Set the minimum in the SOA record of " + alias::prose(last.zone) +
                          " to 300, and ask no resolver for the proof before it is published.";
  findings.push_back(std::move(finding));
}

}  // namespace dcv::check::provider
