// The probability that an order passes. Assumes that every perspective's resolver picks one
// address of each zone at random, and goes on to the next one when that is silent or lame.
#include "check/chance.h"

#include <cmath>
#include <map>

#include "check/path.h"
#include "check/vote.h"
#include "observe/lookup.h"

namespace dcv::check {
namespace {

constexpr double kFifthRemoteFrom = 1797292800;  // 2026-12-15T00:00:00Z

// The share of addresses that give the right answer; an address with several back ends counts by
// the share of its samples. A zone that nobody answers for passes nothing.
double share_at(const Case& test, const observe::Step& step, const observe::Zone& zone) {
  struct Samples {
    int right = 0, all = 0;
  };
  std::map<dns::IpAddress, Samples> addresses;
  for (const Vote& vote : votes(test, step, zone)) {
    Samples& samples = addresses[vote.exchange->address];
    samples.right += vote.right ? 1 : 0;
    ++samples.all;
  }
  if (addresses.empty()) return zone.apex == step.zone ? 0 : 1;
  double sum = 0;
  for (const auto& [address, samples] : addresses)
    sum += static_cast<double>(samples.right) / samples.all;
  return sum / static_cast<double>(addresses.size());
}

}  // namespace

int remote_perspectives(double now) {
  return now < kFifthRemoteFrom ? 4 : 5;
}

double pass_probability(double share, int remotes) {
  const double all = std::pow(share, remotes);
  const double all_but_one = remotes * std::pow(share, remotes - 1) * (1 - share);
  return share * (all + all_but_one);
}

std::optional<double> chance_of(const Case& test) {
  if (test.target.steps.empty()) return std::nullopt;
  double share = 1;
  for (const observe::Step& step : test.target.steps)
    for (const observe::Zone* zone : observe::probed_path(test.observation, step.zone))
      share *= share_at(test, step, *zone);
  return pass_probability(share, remote_perspectives(test.observation.now));
}

}  // namespace dcv::check
