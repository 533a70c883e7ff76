// The probability that an order passes. Assumes that every perspective's resolver picks one
// address of each zone at random, and goes on to the next one when that is silent or lame.
// tests/lab/odds.py holds that against Unbound: it knows no address yet, so all are equal to it
// (within its band of 400 ms), IPv4 and IPv6 alike. Servers without glue it looks up first, three
// hosts at a time, and takes the address that comes first: as good as random where the look-ups
// take different times, as they do outside a lab.
#include "check/chance.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "check/caa.h"
#include "check/path.h"
#include "check/refused.h"
#include "check/tls.h"
#include "check/vote.h"
#include "check/web.h"
#include "observe/lookup.h"

namespace dcv::check {
namespace {

using Replies = std::set<const observe::Exchange*>;

// A resolver that knows nothing yet goes by the parent: its name servers, at the glue it gives.
// What the zone alone says of them comes too late for the one record. Two servers may share an
// address, so the name that it was asked by does not matter.
bool is_asked(const observe::Zone& zone, const dns::IpAddress& address) {
  const auto in_parent = [](const observe::NameServer& server) { return server.in_parent; };
  if (!zone.referred || std::ranges::none_of(zone.servers, in_parent)) return true;
  return std::ranges::any_of(zone.servers, [&](const observe::NameServer& server) {
    const auto& known = server.glue.empty() ? server.addresses : server.glue;
    return server.in_parent && std::ranges::find(known, address) != known.end();
  });
}

// The share of addresses that give the right answer, among those whose answers are not refused; an
// address with several back ends counts by the share of its samples. A zone that nobody answers for
// passes nothing.
double share_at(const Case& test, const observe::Step& step, const observe::Zone& zone,
                const Replies& refused) {
  struct Samples {
    int right = 0, all = 0;
  };
  std::vector<Vote> cast = votes(test, step, zone);
  const auto is_late = [&](const Vote& vote) { return !is_asked(zone, vote.exchange->address); };
  if (!std::ranges::all_of(cast, is_late)) std::erase_if(cast, is_late);
  const auto is_refused = [&](const Vote& vote) { return refused.contains(vote.exchange); };
  if (!std::ranges::all_of(cast, is_refused)) std::erase_if(cast, is_refused);
  std::map<dns::IpAddress, Samples> addresses;
  for (const Vote& vote : cast) {
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

// The product over all zones of the path.
double share_of_path(const Case& test, const Replies& refused) {
  double share = 1;
  for (const observe::Step& step : test.target.steps)
    for (const observe::Zone* zone : observe::probed_path(test.observation, step.zone))
      share *= share_at(test, step, *zone, refused);
  return share;
}

double share_of_proof(const Case& test) {
  if (web::is_for(test)) return web::right_share(test);
  if (tls::is_for(test)) return tls::right_share(test) * web::naming_share(test);
  const double share = share_of_path(test, {});
  return share < 1 ? share_of_path(test, refused_replies(test)) : share;
}

}  // namespace

double pass_probability(double share, int remotes, int may_fail) {
  double enough = 0;
  double ways = 1;  // to choose which of the remotes fail
  for (int failing = 0; failing <= std::min(may_fail, remotes); ++failing) {
    enough += ways * std::pow(share, remotes - failing) * std::pow(1 - share, failing);
    ways = ways * (remotes - failing) / (failing + 1);
  }
  return share * enough;
}

std::optional<double> chance_of(const Case& test) {
  if (test.target.steps.empty()) return std::nullopt;
  const double share = share_of_proof(test);
  const observe::Quorum quorum = quorum_at(test.profile, test.observation.now);
  // The CA asks for CAA in a round of its own, with the same quorum.
  return pass_probability(share, quorum.remotes, quorum.may_fail) *
         pass_probability(caa::permitting_share(test), quorum.remotes, quorum.may_fail);
}

}  // namespace dcv::check
