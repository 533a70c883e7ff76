// From the questions that a time-out ended to the stages of a run.
#include "stages.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace dcv::probes {
namespace {

using observe::Purpose;

// In the order of a run.
enum Stage { walk, proof, caa, trust, web, ca_resolver, resolvers };
constexpr std::array<std::string_view, 7> kWords = {
    "the delegation walk", "the proof",       "CAA", "the chain of trust", "the web servers",
    "the CA's resolver",   "public resolvers"};

Stage stage_of(Purpose purpose) {
  switch (purpose) {
    case Purpose::delegation:
    case Purpose::address:
    case Purpose::unused_address:
    case Purpose::zone_soa:
    case Purpose::zone_ns:
      return walk;
    case Purpose::caa:
      return caa;
    case Purpose::ds:
    case Purpose::dnskey:
      return trust;
    default:
      return observe::asks_resolver(purpose) ? resolvers : proof;
  }
}

// As the transports say it of each question that they did not finish.
constexpr std::string_view kTimeIsUp = "the run's time-out of ";

struct Open {
  std::array<bool, kWords.size()> stages = {};
  bool timed_out = false;

  void add(Stage stage, std::string_view detail) {
    if (detail.starts_with(kTimeIsUp)) stages[stage] = true;
  }
};

Open open_stages(const observe::Observation& observation) {
  Open open;
  const observe::Stats& stats = observation.stats;
  open.timed_out = std::ranges::any_of(
      stats.limits, [](const std::string& limit) { return limit.starts_with(kTimeIsUp); });
  for (const observe::Exchange& each : observation.exchanges)
    open.add(stage_of(each.purpose), each.detail);
  for (const observe::Target& target : observation.targets) {
    for (const observe::Fetch& fetch : target.web.fetches) open.add(web, fetch.detail);
    for (const observe::Handshake& each : target.web.handshakes) open.add(web, each.detail);
    for (const observe::View& view : target.views)
      for (const observe::Exchange& each : view.exchanges) open.add(resolvers, each.detail);
  }
  // The CA's resolver has no limits but its end.
  const bool unfinished = std::ranges::any_of(
      observation.ca_answers, [](const observe::CaAnswer& answer) { return !answer.finished; });
  if (unfinished && (open.timed_out || stats.seconds >= observation.settings.timeout))
    open.timed_out = open.stages[ca_resolver] = true;
  return open;
}

}  // namespace

std::string time_out_text(const observe::Observation& observation) {
  const Open open = open_stages(observation);
  if (!open.timed_out) return "";
  std::string words;
  for (std::size_t i = 0; i < kWords.size(); ++i) {
    if (open.stages[i]) words += (words.empty() ? "" : ", ") + std::string(kWords[i]);
  }
  std::string seconds = std::to_string(observation.settings.timeout);  // "2.500000"
  seconds.erase(seconds.find_last_not_of('0') + 1);
  if (seconds.ends_with('.')) seconds.pop_back();
  return "the time-out of " + seconds + " s was reached" +
         (words.empty() ? "" : " during: " + words);
}

}  // namespace dcv::probes
