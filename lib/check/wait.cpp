// How long until lagging secondaries can have caught up: the SOA refresh of their own old copy
// (RFC 1035 3.3.13), after which they ask their primary again even if no NOTIFY reached them.
#include "check/wait.h"

#include <algorithm>
#include <map>

#include "check/caa.h"
#include "check/copies.h"
#include "check/vote.h"
#include "observe/lookup.h"

namespace dcv::check {
namespace {

// The vote of the newest copy; null when no voter's serial is known.
const Vote* newest_of(const std::map<dns::IpAddress, Copy>& copies, const std::vector<Vote>& cast) {
  const Vote* newest = nullptr;
  for (const Vote& vote : cast) {
    const auto copy = copies.find(vote.exchange->address);
    if (copy == copies.end()) continue;
    if (newest == nullptr ||
        is_newer_serial(copy->second.soa.serial, copies.at(newest->exchange->address).soa.serial))
      newest = &vote;
  }
  return newest;
}

// The lagging copy that may take longest; null when a different answer has another cause than lag.
const Copy* slowest_lagging(const std::map<dns::IpAddress, Copy>& copies,
                            const std::vector<Vote>& cast, const Vote& newest, bool by_value) {
  const std::uint32_t newest_serial = copies.at(newest.exchange->address).soa.serial;
  const Copy* slowest = nullptr;
  for (const Vote& vote : cast) {
    if (by_value ? vote.right : vote.meaning == newest.meaning) continue;
    const auto copy = copies.find(vote.exchange->address);
    if (copy == copies.end() || !is_newer_serial(newest_serial, copy->second.soa.serial))
      return nullptr;
    if (slowest == nullptr || slowest->soa.refresh < copy->second.soa.refresh)
      slowest = &copy->second;
  }
  return slowest;
}

std::string reason_text(const Copy& lagging, const Copy& newest) {
  return observe::label(*lagging.exchange) + " still has serial " +
         std::to_string(lagging.soa.serial) + " of " + lagging.exchange->zone.lower().prose() +
         " while " + observe::label(*newest.exchange) + " has " +
         std::to_string(newest.soa.serial) +
         "; a secondary asks its primary again after the SOA refresh of " +
         std::to_string(lagging.soa.refresh) + " s at the latest.";
}

std::optional<Wait> wait_among(const Case& test, const observe::Zone& zone,
                               const std::vector<Vote>& cast, bool by_value) {
  const std::map<dns::IpAddress, Copy> copies = copies_of(test, zone.apex);
  const Vote* newest = newest_of(copies, cast);
  if (newest == nullptr || (by_value && !newest->right)) return std::nullopt;
  const Copy* lagging = slowest_lagging(copies, cast, *newest, by_value);
  if (lagging == nullptr) return std::nullopt;
  const Copy& ahead = copies.at(newest->exchange->address);
  return Wait{static_cast<double>(lagging->soa.refresh), reason_text(*lagging, ahead)};
}

std::optional<Wait> wait_at(const Case& test, const observe::Step& step) {
  const observe::Zone* zone = observe::find_zone(test.observation, step.zone);
  if (zone == nullptr) return std::nullopt;
  const bool by_value = !test.target.expected.empty() && &step == &test.target.steps.back();
  return wait_among(test, *zone, votes(test, step, *zone), by_value);
}

// Right are the CAA records with which most perspectives pass.
std::optional<Wait> wait_for_caa(const Case& test, const caa::Climb& climb, std::size_t index) {
  const caa::Level& level = climb.levels[index];
  const observe::Zone* zone = observe::find_zone(test.observation, level.last->zone);
  if (zone == nullptr || level.views.size() < 2) return std::nullopt;
  double best = 0;
  for (const caa::View& view : level.views)
    best = std::max(best, caa::share_of(test, climb, index, view));
  std::vector<Vote> cast;
  for (const caa::View& view : level.views)
    for (const observe::Exchange* exchange : view.shown)
      cast.push_back(
          {exchange, caa::text(view.records), caa::share_of(test, climb, index, view) == best});
  return wait_among(test, *zone, cast, true);
}

// Servers and addresses that the zone has given up and its parent has not are told of no change.
bool is_given_up(const Finding& finding) {
  return finding.id.starts_with("authority-") && finding.cause &&
         finding.cause->id.starts_with("delegation-");
}

}  // namespace

std::optional<Wait> wait_for(const Case& test, const std::vector<Finding>& findings) {
  if (std::ranges::any_of(findings, is_given_up)) return std::nullopt;
  std::optional<Wait> longest;
  for (const observe::Step& step : test.target.steps) {
    std::optional<Wait> wait = wait_at(test, step);
    if (wait && (!longest || longest->seconds < wait->seconds)) longest = std::move(wait);
  }
  if (longest) return longest;
  const caa::Climb climb = caa::climb_of(test);
  for (std::size_t i = 0; i < climb.levels.size() && !longest; ++i)
    longest = wait_for_caa(test, climb, i);
  return longest;
}

}  // namespace dcv::check
