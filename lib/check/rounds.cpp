// Waiting for records, round by round: the policy. It never gives up before the patience is over,
// since people mend things while they wait; each sentence says what is in the way.
#include "check/rounds.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <vector>

namespace dcv::check {
namespace {

constexpr double kFirstInterval = 0.75;    // seconds between looks that do not agree
constexpr double kAgreeingInterval = 0.3;  // between looks that do
constexpr double kElapsedShare = 40;       // the interval grows with 1/40 of the time gone by
constexpr double kLongest = 15;            // the longest interval, unless the end is far away
constexpr double kLongestFar = 60;
constexpr double kShareOfEta = 20;  // far: the interval is 1/20 of what is left
constexpr double kJitter = 0.2;     // both ways
constexpr double kRetryCaches = 5;  // resolvers that failed for no reason with an end
constexpr double kAfterExpiry = 0.25, kExpiryJitter = 0.75;  // TTLs are whole seconds

double jittered(double seconds, double random) {
  return seconds * (1 + kJitter * (2 * std::clamp(random, 0.0, 1.0) - 1));
}

// Longer the longer it takes, and never past the time at which it is said to be over.
double interval(std::optional<double> eta, double elapsed, double random) {
  const double most = eta ? std::clamp(*eta / kShareOfEta, kLongest, kLongestFar) : kLongest;
  const double usual = jittered(std::clamp(elapsed / kElapsedShare, kFirstInterval, most), random);
  return eta ? std::min(usual, std::max(*eta, kAgreeingInterval)) : usual;
}

std::optional<double> longest_wait_of_authorities(const Propagation& seen) {
  std::optional<double> longest;
  for (const Row& row : seen.rows)
    if (row.eye == Eye::authority && row.wait_seconds)
      longest = std::max(longest.value_or(0), *row.wait_seconds);
  return longest;
}

// How many more resolvers have to hold the records.
int lacking(const Quorum& quorum, int holding, int asked) {
  int more = 1;
  while (holding + more < asked && !quorum.reached(holding + more, asked)) ++more;
  return more;
}

// When the quorum can be reached: as many denials as have to must have run out by then.
double until_quorum(const Propagation& seen, const Quorum& quorum, double retry) {
  std::vector<double> waits;
  for (const Row& row : seen.rows)
    if (row.eye != Eye::authority && row.counted && !row.holds)
      waits.push_back(row.wait_seconds.value_or(retry));
  if (waits.empty()) return retry;
  std::sort(waits.begin(), waits.end());
  const auto last =
      static_cast<std::size_t>(lacking(quorum, seen.resolvers_holding, seen.resolvers));
  return waits[std::min(last, waits.size()) - 1];
}

std::string seconds_text(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f s", seconds);
  return text;
}

// At each alias on the way as well as where the records are.
bool have_it(const Propagation& seen, const Quorum& quorum) {
  const bool led = seen.on_the_way == 0 || quorum.reached(seen.leading, seen.on_the_way);
  return led && quorum.reached(seen.authorities_holding, seen.authorities);
}

Step stop(Verdict verdict, std::string sentence) {
  return {Step::Do::stop, 0, verdict, std::move(sentence)};
}

Step out_of_patience(const WaitRules& rules, const Propagation& seen) {
  return stop(seen.verdict == Verdict::ready ? Verdict::at_risk : seen.verdict,
              "The " + seconds_text(rules.patience) + " to wait are over. " + seen.summary);
}

}  // namespace

Result<Quorum> Quorum::parse(std::string_view text) {
  if (text == "all") return Quorum{};
  if (text == "any") return Quorum{1, 0};
  Quorum quorum;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, quorum.least);
  if (first.ec == std::errc() && first.ptr != end && *first.ptr == '/') {
    const auto second = std::from_chars(first.ptr + 1, end, quorum.of);
    const bool clean = second.ec == std::errc() && second.ptr == end;
    if (clean && quorum.least >= 1 && quorum.of >= quorum.least) return quorum;
  }
  return Error{"\"" + dns::escape(text, "\"") + "\" is no quorum: all, any or N/M, such as 2/3"};
}

bool Quorum::reached(int holding, int asked) const {
  if (asked <= 0) return false;
  if (least == 0) return holding >= asked;
  if (of == 0) return holding >= std::min(least, asked);
  return static_cast<std::int64_t>(holding) * of >= static_cast<std::int64_t>(least) * asked;
}

// Servers that had the records and answer without them now: no cache does that, nor a late
// transfer.
std::string Rounds::lost(const Propagation& seen) const {
  if (seen.authorities < asked_ || seen.authorities_holding >= most_holding_) return "";
  return "The records were at " + std::to_string(most_holding_) + " of " + std::to_string(asked_) +
         " addresses of the authorities and are gone again from " +
         std::to_string(most_holding_ - seen.authorities_holding) +
         ": something deletes them, such as a clean-up that comes too early or another program "
         "that manages the zone. ";
}

Step Rounds::after_authorities(const Propagation& seen, double elapsed, double random) {
  const bool judged = seen.verdict == Verdict::ready || seen.verdict == Verdict::at_risk;
  const double left = rules_.patience - elapsed;
  if (seen.authorities_holding > most_holding_) {
    most_holding_ = seen.authorities_holding;
    asked_ = seen.authorities;
  }
  if (judged && have_it(seen, rules_.authorities)) {
    if (++agreeing_ >= rules_.rounds) {
      const std::string stands = std::to_string(seen.authorities_holding) + " of " +
                                 std::to_string(seen.authorities) +
                                 " addresses of the authorities hold the records";
      if (!rules_.with_public) return stop(Verdict::ready, stands + ".");
      return {Step::Do::ask_resolvers, 0, Verdict::ready, stands + "; now the resolvers."};
    }
    const std::string looks =
        std::to_string(agreeing_) + " of " + std::to_string(rules_.rounds) + " looks in a row";
    if (left <= 0)
      return stop(Verdict::at_risk, "The " + seconds_text(rules_.patience) +
                                        " to wait are over, and enough had it in " + looks +
                                        " only. " + seen.summary);
    return {Step::Do::ask_authorities, std::min(jittered(kAgreeingInterval, random), left),
            seen.verdict, "Enough have it, in " + looks + "."};
  }
  agreeing_ = 0;
  if (left <= 0) {
    Step last = out_of_patience(rules_, seen);
    last.sentence = lost(seen) + last.sentence;
    return last;
  }
  const double after = interval(longest_wait_of_authorities(seen), elapsed, random);
  return {Step::Do::ask_authorities, std::min(after, left), seen.verdict,
          lost(seen) + seen.summary};
}

Step Rounds::after_resolvers(const Propagation& seen, double elapsed, double random) {
  if (rules_.resolvers.reached(seen.resolvers_holding, seen.resolvers))
    return stop(Verdict::ready, std::to_string(seen.resolvers_holding) + " of " +
                                    std::to_string(seen.resolvers) +
                                    " resolvers hold the records, and the authorities do.");
  const double left = rules_.patience - elapsed;
  if (left <= 0 && seen.resolvers == 0)
    return stop(Verdict::unknown, "The authorities hold the records, but no resolver answered.");
  if (left <= 0) return out_of_patience(rules_, seen);
  const double retry = std::clamp(elapsed / kElapsedShare, kRetryCaches, kLongestFar);
  const double expiry = until_quorum(seen, rules_.resolvers, retry);
  const double after = expiry + kAfterExpiry + kExpiryJitter * std::clamp(random, 0.0, 1.0);
  return {Step::Do::ask_resolvers, std::min(after, left), seen.verdict, seen.summary};
}

}  // namespace dcv::check
