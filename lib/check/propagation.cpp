// Who sees the records: a row for each authority and each resolver, and what they come to.
#include "check/propagation.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "check/visibility.h"
#include "check/wait.h"
#include "observe/lookup.h"

namespace dcv::check {
namespace {

using observe::Exchange;
using observe::Purpose;
using observe::Sight;

constexpr Purpose kProofs[] = {Purpose::proof, Purpose::proof_again, Purpose::proof_tcp};

std::string word(const observe::Seen& seen, const Exchange& exchange) {
  switch (seen.sight) {
    case Sight::holds:
      return "holds";
    case Sight::partial:
      return "some values";
    case Sight::other:
      return "other value";
    case Sight::nodata:
      return "no " + dns::text(exchange.question.type);
    case Sight::nxdomain:
      return "NXDOMAIN";
    case Sight::fails:
      return exchange.reply->rcode == dns::Rcode::noerror ? "lame"
                                                          : dns::text(exchange.reply->rcode);
    case Sight::silent:
      return "silent";
    case Sight::not_asked:
      return "not asked";
  }
  return "";
}

// What the finding adds to the word.
std::string word_of(const visibility::Sighting& sighting, const std::string& plain) {
  static const std::pair<std::string_view, std::string_view> kWords[] = {
      {"visibility-old-value-cached", "old value"},
      {"visibility-stale-answer", "stale answer"},
      {"visibility-site-lags", "a site is behind"},
      {"visibility-bogus", "SERVFAIL (bogus)"},
      {"visibility-filtered", "filtered"},
      {"visibility-split-horizon", "another zone"},
      {"visibility-intercepted", "intercepted"},
      {"visibility-denials-rewritten", "rewritten"},
      {"visibility-caches-differ", "caches differ"},
      {"visibility-port-53-blocked", "port 53 blocked"},
      {"visibility-tls-name-wrong", "wrong certificate"},
      {"visibility-tls-failed", "TLS failed"},
      {"visibility-https-failed", "HTTPS failed"},
  };
  if (sighting.excused) return "no IPv6 here";
  for (const auto& [id, text] : kWords)
    if (id == sighting.id) return std::string(text);
  return plain;
}

// The finding that says why an authority's answer is not what is needed. That nothing is published
// says no more than the answer.
std::string reason_at(const Case& test, const Exchange& exchange,
                      const std::vector<Finding>& findings) {
  const Evidence asked = evidence_of(test, exchange);
  for (const bool same_question : {true, false})
    for (const Finding& finding : findings)
      for (const Evidence& each : finding.evidence)
        if (finding.id != "value-none")
          if (each.server == asked.server && (!same_question || each.question == asked.question))
            return finding.id;
  return "";
}

// At a name that is no alias, what is needed; at an alias, the very target that the walk followed.
observe::Seen seen_at(const observe::Step& step, const Exchange& exchange,
                      const std::vector<std::string>& needed) {
  observe::Seen seen = observe::see(exchange, needed);
  if (!step.target || !exchange.reply) return seen;
  const auto hop = dns::alias_at(*exchange.reply, step.name);
  if (hop) {
    seen.values = {hop->target.lower().text()};
    seen.ttl = hop->ttl;
    seen.sight = hop->target == *step.target ? Sight::holds : Sight::other;
  } else if (seen.sight == Sight::holds || seen.sight == Sight::partial) {
    seen.sight = Sight::other;
  }
  return seen;
}

Row authority_row(const Case& test, const observe::Step& step, const Exchange& first,
                  const std::vector<std::string>& needed, const std::vector<Finding>& findings) {
  Row row;
  row.zone = step.zone.lower().prose();
  row.who = first.server.lower().prose();
  row.address = first.address.text();
  row.transport = observe::text(first.transport);
  row.on_the_way = step.target.has_value();
  row.seen = seen_at(step, first, needed);
  row.word = word(row.seen, first);
  for (const Purpose purpose : kProofs) {
    for (const Exchange* exchange : test.select({.zone = &step.zone,
                                    .name = &step.name,
                                    .purpose = purpose,
                                    .address = &first.address})) {
      if (!exchange->reply) continue;
      if (const auto nsid = exchange->reply->edns ? exchange->reply->edns->nsid() : std::nullopt)
        row.instance = nsid->substr(0, visibility::kInstanceBytes);
      ++row.samples;
      row.samples_holding += seen_at(step, *exchange, needed).sight == Sight::holds ? 1 : 0;
    }
  }
  if (first.reply) row.round_trip = first.duration;
  row.counted = first.reply.has_value();
  row.holds = row.samples > 0 && row.samples_holding == row.samples;
  row.odd = !row.holds && row.seen.sight != Sight::not_asked;
  if (row.holds && row.on_the_way) row.word = "alias";
  if (row.holds || row.seen.sight == Sight::not_asked) return row;
  if (row.seen.sight == Sight::holds) row.word = "answers differ";
  row.reason = reason_at(test, first, findings);
  return row;
}

// The first question about the step to each address, by server and address.
std::vector<const Exchange*> asked_at(const Case& test, const observe::Step& step) {
  const observe::Settings& settings = test.observation.settings;
  std::map<std::pair<dns::Name, dns::IpAddress>, const Exchange*> asked;
  for (const Exchange* exchange :
       test.select({.zone = &step.zone, .name = &step.name, .purpose = Purpose::proof}))
    if (exchange->address.is_v4() ? settings.ipv4 : settings.ipv6)
      asked.emplace(std::pair(exchange->server, exchange->address), exchange);
  std::vector<const Exchange*> found;
  for (const auto& [address, exchange] : asked) found.push_back(exchange);
  return found;
}

// How far the answers lead: the alias at each step but the last, and there the records.
enum class Way { whole, broken, unseen };  // broken: none that answered has it; unseen: none did

Way way_through(const std::vector<Row>& rows) {
  if (std::ranges::none_of(rows, &Row::counted)) return Way::unseen;
  return std::ranges::any_of(rows, [](const Row& row) { return row.samples_holding > 0; })
             ? Way::whole
             : Way::broken;
}

double wait_at(const Case& test, const Row& row, double lag, const Deadlines& earlier) {
  const double now = test.observation.now;
  const auto told = earlier.find({row.zone, row.address});
  return told != earlier.end() && told->second > now ? std::min(lag, told->second - now) : lag;
}

Way add_authorities(const Case& test, const std::vector<std::string>& needed,
                    const std::vector<Finding>& findings, const Deadlines& earlier,
                    std::vector<Row>& rows) {
  const std::optional<Wait> lag = wait_for(test, findings);
  Way way = Way::whole;
  for (const observe::Step& step : test.target.steps) {
    std::vector<Row> own;
    for (const Exchange* exchange : asked_at(test, step)) {
      own.push_back(authority_row(test, step, *exchange, needed, findings));
      if (own.back().counted && !own.back().holds && lag)
        own.back().wait_seconds = wait_at(test, own.back(), lag->seconds, earlier);
    }
    std::ranges::stable_partition(own, &Row::odd);
    rows.insert(rows.end(), own.begin(), own.end());
    if (way == Way::whole) way = way_through(own);
  }
  const bool circles = !test.target.steps.empty() && test.target.steps.back().target;
  return circles && way == Way::whole ? Way::broken : way;
}

std::string country_of(const observe::Resolver& resolver) {
  return resolver.anycast ? "anycast" : resolver.country;
}

Row resolver_row(const visibility::Sighting& sighting) {
  const observe::PublicResolver& by = *sighting.by;
  Row row;
  row.eye = by.resolver.system ? Eye::system : Eye::resolver;
  row.address = visibility::address_text(by.endpoint);
  row.who = visibility::operator_text(by);
  if (row.who.empty()) row.who = row.address;
  row.transport = observe::text(by.endpoint.transport);
  row.country = country_of(by.resolver);
  row.instance = visibility::instance(sighting);
  row.samples = static_cast<int>(sighting.samples.size());
  row.samples_holding = sighting.holding;
  if (sighting.answered()) {
    row.seen = sighting.samples.front().seen;
    row.round_trip = sighting.samples.front().exchange->duration;
    row.word = word(row.seen, *sighting.samples.front().exchange);
  } else {
    row.seen.sight = sighting.shown != nullptr ? Sight::silent : Sight::not_asked;
    row.word = sighting.shown != nullptr ? "silent" : "not asked";
  }
  row.word = word_of(sighting, row.word);
  row.holds = sighting.answered() && sighting.holding == row.samples;
  row.odd = (!row.holds && sighting.shown != nullptr && !sighting.excused) || sighting.impostor;
  row.counted = sighting.answered() && sighting.id != "visibility-filtered" && !sighting.impostor;
  row.wait_seconds = sighting.wait;
  row.reason = sighting.id;
  return row;
}

// What differs comes first, then those that say nothing.
int place(const Row& row) {
  if (!row.odd) return 2;
  return row.seen.sight == Sight::silent ? 1 : 0;
}

void add_resolvers(const Case& test, std::vector<Row>& rows) {
  std::vector<Row> added;
  for (const visibility::Sighting& each : visibility::sightings_of(test))
    if (!visibility::of(each, observe::Purpose::view).empty()) added.push_back(resolver_row(each));
  std::stable_sort(added.begin(), added.end(), [](const Row& a, const Row& b) {
    return std::tuple(a.eye, place(a), a.who) < std::tuple(b.eye, place(b), b.who);
  });
  rows.insert(rows.end(), added.begin(), added.end());
}

void count(Propagation& result) {
  bool heals = true;
  for (const Row& row : result.rows) {
    if (!row.counted) continue;
    const bool authority = row.eye == Eye::authority;
    ++(row.on_the_way ? result.on_the_way : authority ? result.authorities : result.resolvers);
    if (row.holds) {
      ++(row.on_the_way ? result.leading
         : authority    ? result.authorities_holding
                        : result.resolvers_holding);
    } else if (row.wait_seconds) {
      result.wait_seconds = std::max(result.wait_seconds.value_or(0), *row.wait_seconds);
    } else {
      heals = false;
    }
  }
  if (!heals) result.wait_seconds.reset();
}

// What keeps validating resolvers from it, however many servers hold it, or keeps everybody from
// finding the servers.
const Finding* obstacle(const std::vector<Finding>& findings, std::string_view family) {
  const auto is_absence = [](const Finding& each) {
    return each.id == "alias-target-nxdomain" || each.id == "alias-target-nodata";
  };
  for (const Finding& each : findings)
    if (each.severity == Severity::error && each.affects == Affects::ca &&
        each.id.starts_with(family) && !is_absence(each))
      return &each;
  return nullptr;
}

const Finding* obstacle_to(Way way, const std::vector<Finding>& findings) {
  if (const Finding* found = obstacle(findings, "dnssec-")) return found;
  if (way == Way::whole) return nullptr;
  for (const std::string_view family : {"delegation-", "alias-", "transport-"})
    if (const Finding* found = obstacle(findings, family)) return found;
  return nullptr;
}

Verdict verdict_of(const Propagation& result, Way way, const Finding* obstacle) {
  if (obstacle != nullptr || way == Way::broken) return Verdict::blocked;
  if (way == Way::unseen) return Verdict::unknown;
  const bool all = result.authorities_holding == result.authorities &&
                   result.leading == result.on_the_way &&
                   result.resolvers_holding == result.resolvers;
  return all ? Verdict::ready : Verdict::at_risk;
}

std::string certainty_of(const Propagation& result, const std::vector<Finding>& findings) {
  const auto found = [&](std::string_view id) {
    return std::ranges::find(findings, id, &Finding::id) != findings.end();
  };
  if (found("visibility-port-53-blocked"))
    return "port 53 is blocked here; asked over TLS or HTTPS";
  if (found("visibility-intercepted"))
    return "port 53 is intercepted here; what answers is not whom was asked";
  if (found("transport-intercepted"))
    return "port 53 is intercepted here, so no authority could be asked";
  if (found("transport-no-network"))
    return "no authority could be asked from here; resolvers show what they hold";
  const auto some_authority = [&](Sight sight) {
    return std::ranges::any_of(result.rows, [&](const Row& row) {
      return row.eye == Eye::authority && row.seen.sight == sight;
    });
  };
  if (some_authority(Sight::silent)) return "some addresses of the authorities did not answer";
  if (some_authority(Sight::not_asked)) return "some addresses of the authorities were not asked";
  return "full";
}

std::string share(int holding, int asked, const std::string& whom) {
  return std::to_string(holding) + " of " + std::to_string(asked) + " " + whom;
}

// The first row in the way, told with its reason.
std::string culprit(const Propagation& result) {
  for (const Row& row : result.rows) {
    if (!row.counted || row.holds) continue;
    const std::string who = row.who == row.address ? row.who : row.who + " (" + row.address + ")";
    return "; " + who + ": " + row.word + (row.reason.empty() ? "" : " (" + row.reason + ")");
  }
  return "";
}

// Resolvers that do not answer are in no total: that all are silent has to be told.
std::string silence(const Propagation& result) {
  std::set<std::string> silent;
  for (const Row& row : result.rows) {
    if (row.eye == Eye::authority || row.seen.sight == Sight::not_asked) continue;
    if (row.seen.sight != Sight::silent) return "";
    silent.insert(row.address);
  }
  if (silent.empty()) return "";
  return silent.size() == 1
             ? "; the resolver asked did not answer"
             : "; none of " + std::to_string(silent.size()) + " resolvers asked answered";
}

std::string summary_of(const Case& test, const Propagation& result, const Finding* obstacle) {
  if (obstacle != nullptr) return obstacle->message + ".";
  if (result.verdict == Verdict::unknown)
    return std::string("No authority answered: whether the records are there could not be judged") +
           (result.resolvers == 0
                ? "."
                : "; " + share(result.resolvers_holding, result.resolvers, "resolvers") +
                      " hold them, perhaps from earlier.");
  std::string text = result.unpublished ? "Not published yet: " : "";
  text += share(result.authorities_holding, result.authorities, "addresses of the authorities");
  if (result.resolvers > 0)
    text += " and " + share(result.resolvers_holding, result.resolvers, "resolvers");
  text += result.authorities == 1 && result.resolvers == 0 ? " holds it" : " hold it";
  if (result.leading < result.on_the_way)
    text += "; " + share(result.leading, result.on_the_way, "on the way") + " lead there";
  text += silence(result);
  text += culprit(result);
  if (result.wait_seconds)
    text += "; all should within " + visibility::duration_text(*result.wait_seconds) + ", by " +
            visibility::clock_text(test.observation.now + *result.wait_seconds);
  return text + ".";
}

}  // namespace

Propagation propagation_of(const Case& test, const std::vector<Finding>& findings,
                           const Deadlines& earlier) {
  Propagation result;
  const visibility::Truth truth = visibility::truth_of(test);
  const Way way = add_authorities(test, truth.needed, findings, earlier, result.rows);
  add_resolvers(test, result.rows);
  count(result);
  const Finding* obstacle = obstacle_to(way, findings);
  result.verdict = verdict_of(result, way, obstacle);
  result.unpublished = result.verdict == Verdict::blocked && obstacle == nullptr;
  result.certainty = certainty_of(result, findings);
  result.summary = summary_of(test, result, obstacle);
  return result;
}

Deadlines deadlines_of(const Propagation& seen, double now) {
  Deadlines deadlines;
  for (const Row& row : seen.rows)
    if (row.eye == Eye::authority && row.wait_seconds)
      deadlines[{row.zone, row.address}] = now + *row.wait_seconds;
  return deadlines;
}

}  // namespace dcv::check
