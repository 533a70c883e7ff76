// From exchanges to facts about one zone, and from these to advice.
#include "check/advice.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "check/family.h"
#include "observe/lookup.h"
#include "rules/providers.h"

namespace dcv::check {
namespace {

using observe::Purpose;
using observe::StepEnd;

constexpr double kSlow = 0.5;               // seconds, for one question to one address
constexpr std::uint32_t kLongDenial = 900;  // seconds; longer than clients wait for an order
constexpr std::size_t kManyServers = 6;

// What was seen of the zone that holds the validation name.
struct Facts {
  const observe::Target& target;
  dns::Name owner, zone;
  std::size_t servers = 0, addresses = 0, usable = 0;
  double slowest = 0;  // seconds
  std::string slowest_at = {};
  std::optional<std::uint32_t> denial_ttl = {};  // seconds
  bool is_signed = false;
  std::optional<dns::Name> leads_to = {};  // by an alias
  bool own_zone = false;                   // the validation name is delegated by NS
  std::string disagreement = {};           // in words; empty: none
};

void add_replies(const observe::Observation& observation, Facts& facts) {
  std::set<dns::IpAddress> asked, usable;
  std::set<dns::Name> servers;
  for (const observe::Exchange* each : observe::select(
           observation, {.zone = &facts.zone, .name = &facts.owner, .purpose = Purpose::proof})) {
    if (each->outcome == observe::Outcome::not_asked) continue;
    asked.insert(each->address);
    servers.insert(each->server);
    if (each->kind && dns::is_useful(*each->kind)) usable.insert(each->address);
    if (each->duration <= facts.slowest) continue;
    facts.slowest = each->duration;
    facts.slowest_at = observe::label(*each);
  }
  facts.servers = servers.size();
  facts.addresses = asked.size();
  facts.usable = usable.size();
}

// The TTL of denials (RFC 2308 5).
void add_denial_ttl(const observe::Observation& observation, Facts& facts) {
  for (const observe::Exchange* each :
       observe::select(observation, {.zone = &facts.zone, .purpose = Purpose::zone_soa})) {
    if (!each->reply) continue;
    for (const dns::Record& record : each->reply->answer) {
      const auto soa = dns::as_soa(record);
      if (soa)
        facts.denial_ttl =
            std::max(facts.denial_ttl.value_or(0), std::min(soa->minimum, record.ttl));
    }
  }
}

bool has_ds(const observe::Observation& observation, const dns::Name& zone) {
  const auto asked = observe::select(observation, {.name = &zone, .purpose = Purpose::ds});
  return std::ranges::any_of(asked, [](const observe::Exchange* each) {
    return each->reply && std::ranges::any_of(each->reply->answer, [](const dns::Record& record) {
             return record.type == dns::RecordType::ds;
           });
  });
}

Facts facts_of(const observe::Observation& observation, const observe::Target& target,
               const Judgement* judgement) {
  const observe::Step& first = target.steps.front();
  Facts facts{.target = target, .owner = first.name.lower(), .zone = first.zone.lower()};
  add_replies(observation, facts);
  add_denial_ttl(observation, facts);
  facts.is_signed = has_ds(observation, facts.zone);
  if (first.end == StepEnd::alias) facts.leads_to = first.target;
  facts.own_zone = facts.zone == facts.owner;
  for (const Finding& each : judgement ? judgement->findings : std::vector<Finding>()) {
    const bool differs = each.id.starts_with("authority-") || each.id == "alias-targets-differ";
    if (differs && facts.disagreement.empty()) facts.disagreement = each.message + ".";
  }
  return facts;
}

std::string counted(std::size_t count, const std::string& noun, const std::string& plural) {
  return std::to_string(count) + " " + (count == 1 ? noun : plural);
}

std::string seconds_text(double seconds) {
  const long tenths = std::lround(seconds * 10);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

Advice method_advice(const observe::Observation& observation, const observe::Target& target) {
  const bool wildcard = target.identifier.starts_with("*.");
  if (wildcard)
    return {"method",
            "DNS-01: no other way of ACME shows control of a wildcard.",
            {"http-01 and tls-alpn-01 show control of one host only (BR 3.2.2.4.19 and 20)."}};
  const bool beside_wildcard = std::ranges::any_of(
      observation.targets,
      [&](const observe::Target& other) { return other.identifier == "*." + target.identifier; });
  if (beside_wildcard)
    return {"method",
            "DNS-01: its wildcard needs it, and one delegation serves both.",
            {"The validation name of a host and of its wildcard is the same (RFC 8555 8.4)."}};
  return {
      "method",
      "HTTP-01 will do if the CA can reach a web server of this host on port 80; DNS-01 if not, "
      "or if several machines or a CDN answer for it.",
      {"DNS-01 needs no open port, but a record for each order; HTTP-01 needs no change in DNS."}};
}

// What speaks for a delegation in the zone's own behaviour; empty: nothing.
std::vector<std::string> troubles(const Facts& facts) {
  std::vector<std::string> found;
  if (!facts.disagreement.empty()) found.push_back(facts.disagreement);
  if (facts.usable < facts.addresses)
    found.push_back(std::to_string(facts.addresses - facts.usable) + " of " +
                    counted(facts.addresses, "address", "addresses") + " of " + facts.zone.prose() +
                    " gave no usable answer.");
  if (facts.slowest > kSlow)
    found.push_back(facts.slowest_at + " took " + seconds_text(facts.slowest) + " to answer.");
  if (facts.denial_ttl && *facts.denial_ttl > kLongDenial)
    found.push_back("A denial from " + facts.zone.prose() + " is kept for " +
                    std::to_string(*facts.denial_ttl) +
                    " s by caches that asked before the record was there.");
  if (facts.servers >= kManyServers)
    found.push_back(std::to_string(facts.servers) + " servers of " + facts.zone.prose() +
                    " must have a new record before the CA asks.");
  return found;
}

std::string in_order(const Facts& facts) {
  std::string text = counted(facts.servers, "server", "servers") + " of " + facts.zone.prose() +
                     " at " + counted(facts.addresses, "address", "addresses") +
                     (facts.addresses == 1 ? " answers" : " agree and answer") + " within " +
                     seconds_text(kSlow);
  if (facts.denial_ttl)
    text += "; a denial is kept for " + std::to_string(*facts.denial_ttl) + " s";
  return text + ".";
}

Advice delegated_already(const observe::Observation& observation, const Facts& facts) {
  if (facts.own_zone)
    return {"delegation",
            facts.owner.prose() + " is delegated already: it is a zone of its own.",
            {"dcv-delegate --verify checks both sides of it."}};
  const auto known =
      rules::recognise(facts.owner, dns::RecordType::cname, *facts.leads_to, observation.providers);
  const bool named = !known.empty() && known.front().target_fits;
  return {"delegation",
          facts.owner.prose() + " is delegated already: it is an alias for " +
              facts.leads_to->lower().prose() +
              (named ? " (" + known.front().provider->title + ")" : "") + ".",
          {"One name can be one alias only: another delegation would take its place.",
           "dcv-delegate --verify checks it."}};
}

Advice worth(const Facts& facts) {
  std::vector<std::string> reasons = troubles(facts);
  const bool troubled = !reasons.empty();
  if (!troubled) reasons.push_back(in_order(facts));
  reasons.push_back(
      "A client that delegates holds no key to " + facts.zone.prose() +
      ": whoever takes its credentials can get certificates, but change no other record.");
  reasons.push_back(
      "It makes waiting no shorter by itself: the servers of the target have to agree too.");
  return {"delegation",
          troubled ? "Worth it: what holds up new records in " + facts.zone.prose() +
                         " does not hold up a zone with nothing but tokens."
                   : "Not for the sake of speed. Worth it where " + facts.zone.prose() +
                         " has no API, or its key is too powerful to lie on a server.",
          reasons};
}

Advice kind(const Facts& facts) {
  std::vector<std::string> reasons = {
      "A CNAME is one record that stays; NS adds a zone whose SOA, NS and address records have to "
      "be kept, on both sides alike.",
      "Whoever runs the target can get certificates for " + facts.owner.parent().prose() +
          ": a CNAME may lead to a provider or to a zone of yours, NS only to servers that you "
          "choose."};
  if (facts.is_signed)
    reasons.push_back(facts.zone.prose() +
                      " is signed: a delegated zone needs no DS record unless it is signed itself; "
                      "the target of a CNAME is judged by its own zone.");
  return {"kind", "CNAME, unless you run name servers that have an interface for tokens: then NS.",
          reasons};
}

const Judgement* judgement_of(const observe::Target& target,
                              const std::vector<Judgement>& judgements) {
  const auto found = std::ranges::find(judgements, target.identifier, &Judgement::identifier);
  return found == judgements.end() ? nullptr : &*found;
}

}  // namespace

std::vector<Advised> advise(const observe::Observation& observation,
                            const std::vector<Judgement>& judgements) {
  std::vector<Advised> all;
  for (const observe::Target& target : observation.targets) {
    const Facts facts = facts_of(observation, target, judgement_of(target, judgements));
    Advised advised{.identifier = target.identifier,
                    .validation_name = facts.owner.text(),
                    .zone = facts.zone.text(),
                    .judged = facts.usable > 0,
                    .advice = {method_advice(observation, target)}};
    if (facts.leads_to || facts.own_zone) {
      advised.advice.push_back(delegated_already(observation, facts));
    } else if (advised.judged) {
      advised.advice.push_back(worth(facts));
      advised.advice.push_back(kind(facts));
    }
    all.push_back(std::move(advised));
  }
  return all;
}

}  // namespace dcv::check
