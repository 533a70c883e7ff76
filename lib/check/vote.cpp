// What the addresses of a zone say to the proof question, reduced to right or wrong for the CA.
#include "check/vote.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "check/persist.h"
#include "observe/lookup.h"
#include "observe/sight.h"

namespace dcv::check {
namespace {

using dns::ReplyKind;

bool is_proof(observe::Purpose purpose) {
  return purpose == observe::Purpose::proof || purpose == observe::Purpose::proof_again;
}

// Accepted by Unbound as the final word, though not all of it is right (measured for wrong_zone and
// not_authoritative; it asks elsewhere after a negative answer without SOA).
bool is_final(ReplyKind kind) {
  switch (kind) {
    case ReplyKind::answer:
    case ReplyKind::alias:
    case ReplyKind::nodata:
    case ReplyKind::nxdomain:
    case ReplyKind::referral:
    case ReplyKind::wrong_zone:
    case ReplyKind::not_authoritative:
      return true;
    default:
      return false;
  }
}

bool is_denial_without_soa(ReplyKind kind) {
  return kind == ReplyKind::nodata_without_soa || kind == ReplyKind::nxdomain_without_soa;
}

std::set<std::string> values_in(const observe::Exchange& exchange) {
  std::set<std::string> values;
  for (const dns::Record& record : exchange.reply->answer) {
    if (record.type != exchange.question.type) continue;
    if (const auto value = observe::value_of(record)) values.insert(*value);
  }
  return values;
}

std::string meaning(const observe::Exchange& exchange, const observe::Step& step) {
  if (*exchange.kind == ReplyKind::referral) return "referral";
  const bool follows = dns::follows_aliases(exchange.question.type);
  const auto hop = follows ? dns::alias_at(*exchange.reply, step.name) : std::nullopt;
  if (hop) return "alias " + hop->target.lower().text();
  std::string text = "values";
  for (const std::string& value : values_in(exchange))
    text += " \"" + dns::escape(value, "") + "\"";
  return text;
}

// What most replies mean; of equally frequent meanings the first in the alphabet.
std::string most_frequent(const std::vector<const observe::Exchange*>& replies,
                          const observe::Step& step) {
  std::map<std::string, int> counts;
  for (const observe::Exchange* exchange : replies) ++counts[meaning(*exchange, step)];
  const auto most =
      std::max_element(counts.begin(), counts.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == counts.end() ? std::string() : most->first;
}

bool has_all(const observe::Exchange& exchange, const std::vector<std::string>& expected) {
  const std::set<std::string> values = values_in(exchange);
  return std::all_of(expected.begin(), expected.end(),
                     [&](const std::string& value) { return values.contains(value); });
}

// Resolvers have not fallen back from silence to TCP or to plain DNS for years.
bool is_heard(const observe::Exchange& exchange) {
  return !exchange.udp_silent && exchange.edns != observe::EdnsSupport::dropped;
}

// Replies to the proof question that count: those that a resolver hears; only if there are none,
// what we got by other means (a lost packet looks like that too), then negative ones without SOA.
std::vector<const observe::Exchange*> counted(const Case& test, const observe::Step& step,
                                              const observe::Zone& zone) {
  std::vector<const observe::Exchange*> heard, unheard, without_soa;
  for (const observe::Exchange* exchange :
       test.select({.zone = &zone.apex, .name = &step.name, .purpose = {}})) {
    if (!is_proof(exchange->purpose) || !exchange->kind) continue;
    if (is_final(*exchange->kind)) (is_heard(*exchange) ? heard : unheard).push_back(exchange);
    if (is_denial_without_soa(*exchange->kind)) without_soa.push_back(exchange);
  }
  return !heard.empty() ? heard : !unheard.empty() ? unheard : without_soa;
}

}  // namespace

std::vector<Vote> votes(const Case& test, const observe::Step& step, const observe::Zone& zone) {
  const std::vector<const observe::Exchange*> replies = counted(test, step, zone);
  const bool last = &step == &test.target.steps.back();
  const bool above = zone.apex != step.zone;
  const std::string usual = most_frequent(replies, step);
  std::vector<Vote> cast;
  for (const observe::Exchange* exchange : replies) {
    std::string said = meaning(*exchange, step);
    bool right = said == usual;
    if (above && said == "referral")
      right = true;
    else if (step.target)
      right = said == "alias " + step.target->lower().text();
    else if (last && !test.target.expected.empty())
      right = has_all(*exchange, test.target.expected);
    else if (const auto accepted = persist::is_accepted(test, values_in(*exchange));
             last && accepted)
      right = *accepted;
    cast.push_back({exchange, std::move(said), right});
  }
  return cast;
}

}  // namespace dcv::check
