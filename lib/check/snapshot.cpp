// Reads facts off an observation: each with all values that any server gives, and whether all of
// them were heard.
#include "check/snapshot.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <tuple>

#include "check/authority_view.h"
#include "check/caa.h"
#include "check/provider.h"
#include "check/value_shape.h"
#include "dns/identifier.h"
#include "dns/reply_kind.h"
#include "rules/place_that_counts.h"
#include "rules/token_shape.h"

namespace dcv::check {
namespace {

using observe::Exchange;
using observe::Purpose;

constexpr std::array<std::string_view, 10> kAspects = {
    "alias", "parent-servers", "zone-servers", "glue",     "ds",
    "caa",   "soa-minimum",    "ttl",          "provider", "value"};

// As it is kept: in lower case, with the final dot.
std::string kept(const dns::Name& name) {
  return name.lower().text();
}

// Of all that were asked, those that gave a usable reply.
struct Heard {
  std::vector<const Exchange*> replies;
  bool complete = true;
};

Heard heard(const Case& test, const observe::Selection& selection) {
  Heard found;
  for (const Exchange* each : test.select(selection)) {
    if (each->reply && dns::is_useful(*each->kind) && each->kind != dns::ReplyKind::referral) {
      found.replies.push_back(each);
    } else if (each->outcome != observe::Outcome::unreachable) {
      found.complete = false;  // with no route from here, nobody was asked
    }
  }
  return found;
}

// What the servers of its parent say of a zone.
struct Referrals {
  std::vector<const Exchange*> replies;
  bool complete = true;  // each that was asked about the zone said something
};

Referrals referrals_to(const Case& test, const observe::Zone& zone) {
  Referrals found;
  for (const observe::ExchangeId id : zone.delegation) {
    const Exchange& each = test.observation.exchanges.at(id);
    if (each.kind == dns::ReplyKind::referral) found.replies.push_back(&each);
  }
  std::map<dns::IpAddress, bool> asked;
  for (const Exchange* each : test.select({.zone = &zone.parent})) {
    if (each->purpose == Purpose::ds || !each->question.name.is_within(zone.apex)) continue;
    if (each->outcome == observe::Outcome::unreachable) continue;
    const bool said = each->kind && dns::is_useful(*each->kind);
    bool& any = asked.try_emplace(each->address, false).first->second;
    any = any || said;
  }
  for (const auto& [address, said] : asked) found.complete = found.complete && said;
  return found;
}

bool has_arrived(const observe::Target& target) {
  if (target.steps.empty()) return false;
  const observe::StepEnd end = target.steps.back().end;
  return end == observe::StepEnd::answer || end == observe::StepEnd::nodata ||
         end == observe::StepEnd::nxdomain;
}

void bound(Fact& fact) {
  if (fact.values.size() <= kMostValues) return;
  const std::size_t more = fact.values.size() - kMostValues;
  fact.values.erase(std::next(fact.values.begin(), kMostValues), fact.values.end());
  fact.values["and " + std::to_string(more) + " more"] = {};
  fact.sides.clear();
}

std::string text(const dns::Ds& record) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digest;
  for (const char byte : record.digest) {
    digest += kDigits[static_cast<unsigned char>(byte) >> 4];
    digest += kDigits[static_cast<unsigned char>(byte) & 15];
  }
  return std::to_string(record.key_tag) + " " + std::to_string(record.algorithm) + " " +
         std::to_string(record.digest_type) + " " + digest;
}

// Reads one place.
class Reader {
 public:
  // `shared`: other records belong there, too, so that only tokens are of interest.
  Reader(const Case& test, bool shared, Snapshot& snapshot)
      : test_(test), shared_(shared), snapshot_(snapshot) {}

  void read() {
    for (const observe::Step& step : test_.target.steps) {
      read_step(step);
      for (const observe::Zone* zone : observe::probed_path(test_.observation, step.zone))
        read_zone(*zone);
    }
    read_provider();
    read_values();
  }

  // For all places alike.
  void read_caa() {
    const caa::Climb climb = caa::climb_of(test_);
    if (climb.levels.empty()) return;
    const std::string subject = kept(climb.levels.front().level->name);
    snapshot_.scope.insert(subject);
    Fact found;
    for (const caa::Level& level : climb.levels) {
      if (level.standing != caa::Standing::answered) return;
      found.complete = found.complete && level.failures.empty();
      if (climb.decisive && &level == &climb.levels[*climb.decisive]) {
        for (const caa::View& view : level.views)
          for (const dns::Caa& record : view.records)
            put(found, kept(level.last->name) + " " + caa::text(record));
        break;
      }
    }
    fact(Aspect::caa, "", subject) = found;
  }

 private:
  Fact& fact(Aspect aspect, const std::string& zone, const std::string& subject) {
    return snapshot_.facts[{aspect, zone, subject}];
  }

  static void put(Fact& fact, const std::string& value) { fact.values.try_emplace(value); }

  // Aliases and TTLs at one name.
  void read_step(const observe::Step& step) {
    const std::string name = kept(step.name);
    snapshot_.scope.insert(name);
    const Heard all =
        heard(test_, {.zone = &step.zone, .name = &step.name, .purpose = Purpose::proof});
    if (all.replies.empty()) return;
    const bool is_proof = test_.target.type == dns::RecordType::cname;
    std::optional<std::uint32_t> ttl;
    for (const Exchange* each : all.replies) {
      const auto hop = dns::alias_at(*each->reply, step.name);
      if (hop && !is_proof) put(fact(Aspect::alias, "", name), kept(hop->target));
      for (const dns::Record& record : each->reply->answer)
        if (record.owner == step.name && record.type != dns::RecordType::rrsig)
          ttl = std::max(ttl.value_or(0), record.ttl);
    }
    if (!is_proof) fact(Aspect::alias, "", name).complete = all.complete;
    if (ttl) fact(Aspect::ttl, "", name).values = {{std::to_string(*ttl), {}}};
  }

  void read_zone(const observe::Zone& zone) {
    const std::string apex = kept(zone.apex);
    snapshot_.scope.insert(apex);
    if (!snapshot_.zones.insert(apex).second) return;
    read_parent(zone, apex);
    const Heard sets = heard(test_, {.zone = &zone.apex, .purpose = Purpose::zone_ns});
    for (const Exchange* each : sets.replies)
      for (const dns::Record& record : each->reply->answer)
        if (const auto host = dns::as_target(record);
            host && record.type == dns::RecordType::ns && record.owner == zone.apex)
          put(fact(Aspect::zone_servers, "", apex), kept(*host));
    mark(Aspect::zone_servers, apex, sets);
    const Heard soas = heard(test_, {.zone = &zone.apex, .purpose = Purpose::zone_soa});
    for (const Exchange* each : soas.replies)
      for (const dns::Record& record : each->reply->answer)
        if (const auto soa = dns::as_soa(record))
          put(fact(Aspect::soa_minimum, "", apex), std::to_string(soa->minimum));
    mark(Aspect::soa_minimum, apex, soas);
    read_ds(zone, apex);
  }

  // Two servers of a registry are asked, and not always the same two.
  bool is_sampled(const observe::Zone& zone) const {
    const observe::Zone* parent = observe::find_zone(test_.observation, zone.parent);
    return parent == nullptr || !parent->probed;
  }

  void read_parent(const observe::Zone& zone, const std::string& apex) {
    bool any = false;
    for (const observe::NameServer& server : zone.servers) any = any || server.in_parent;
    if (!any || !zone.referred) return;
    const Referrals all = referrals_to(test_, zone);
    for (const observe::NameServer& server : zone.servers) {
      if (!server.in_parent) continue;
      const std::string host = kept(server.name);
      snapshot_.scope.insert(host);
      put(fact(Aspect::parent_servers, "", apex), host);
      if (!server.name.is_within(zone.apex)) continue;  // no address of it is the parent's to give
      Fact& glue = fact(Aspect::glue, apex, host);
      glue.complete = all.complete;
      for (const dns::IpAddress& address : server.glue) put(glue, address.text());
    }
    fact(Aspect::parent_servers, "", apex).complete = all.complete;
    if (is_sampled(zone))
      for (const Exchange* each : all.replies) read_side(zone, *each->reply);
  }

  // What one server of the parent gives, of what was taken over from it.
  void read_side(const observe::Zone& zone, const dns::Message& reply) {
    const std::string apex = kept(zone.apex);
    std::set<std::string> hosts;
    for (const dns::Record& record : reply.authority) {
      const auto host = dns::as_target(record);
      if (!host || record.type != dns::RecordType::ns || record.owner != zone.apex) continue;
      const auto server = std::ranges::find(zone.servers, *host, &observe::NameServer::name);
      if (server == zone.servers.end() || !hosts.insert(kept(*host)).second) continue;
      if (!host->is_within(zone.apex)) continue;
      std::set<std::string> addresses;
      for (const dns::Record& extra : reply.additional)
        if (const auto address = dns::as_address(extra);
            address && extra.owner == *host && std::ranges::count(server->glue, *address) > 0)
          addresses.insert(address->text());
      fact(Aspect::glue, apex, kept(*host)).sides.insert(addresses);
    }
    fact(Aspect::parent_servers, "", apex).sides.insert(hosts);
  }

  void read_ds(const observe::Zone& zone, const std::string& apex) {
    Heard said = heard(test_, {.zone = &zone.parent, .name = &zone.apex, .purpose = Purpose::ds});
    if (said.replies.empty()) return;
    Fact& ds = fact(Aspect::ds, "", apex);
    for (const Exchange* each : said.replies) {
      std::set<std::string> side;
      for (const dns::Record& record : each->reply->answer)
        if (const auto view = dns::as_ds(record); view && record.owner == zone.apex)
          side.insert(text(*view));
      for (const std::string& value : side) put(ds, value);
      if (is_sampled(zone)) ds.sides.insert(side);
    }
    ds.complete = said.complete && referrals_to(test_, zone).complete;
  }

  // A set that is never empty: without any value nothing is known.
  void mark(Aspect aspect, const std::string& zone, const Heard& all) {
    const auto found = snapshot_.facts.find({aspect, "", zone});
    if (found != snapshot_.facts.end()) found->second.complete = all.complete;
  }

  void read_provider() {
    if (!has_arrived(test_.target)) return;
    const std::string subject = kept(test_.target.validation_name);
    snapshot_.scope.insert(subject);
    Fact& found = fact(Aspect::provider, "", subject);
    const auto delegated = provider::delegated(test_);
    if (!delegated) return;
    const rules::Match& match = delegated->match;
    put(found, match.provider->title + (match.id.empty() ? "" : " " + dns::escape(match.id, "")));
  }

  void read_values() {
    const rules::Proof proof = rules::proof_of(rules::method_of(test_.target.method));
    if (proof == rules::Proof::web || proof == rules::Proof::mail) return;
    const ProofView view = proof_view(test_);
    if (view.addresses.empty()) return;
    const observe::Step& last = test_.target.steps.back();
    const std::string subject = kept(test_.target.validation_name);
    snapshot_.scope.insert(subject);
    Fact& found = fact(Aspect::value, "", subject);
    found.complete =
        heard(test_, {.zone = &last.zone, .name = &last.name, .purpose = Purpose::proof}).complete;
    for (const std::string& value : view.values()) {
      const bool wanted = std::ranges::count(test_.target.expected, value) > 0;
      const bool is_token = is_digest(value) || rules::any_token_form(view.type, value) != nullptr;
      if (shared_ && !wanted && !is_token) continue;
      found.values[dns::escape(value, "")].may_stay =
          wanted || !is_token || proof == rules::Proof::persist;
    }
  }

  const Case& test_;
  const bool shared_;
  Snapshot& snapshot_;
};

// The target at each place where the CA may find the proof. Which of them counts is another one
// from look to look, so each is looked at as if there were no other.
std::vector<observe::Target> at_each_place(const observe::Target& target,
                                           const observe::Index& exchanges) {
  observe::Target own = target;
  own.others.clear();
  std::vector<observe::Target> places = {rules::at_its_place(own, exchanges)};
  const bool one_is_enough =
      rules::proof_of(rules::method_of(target.method)) == rules::Proof::token;
  if (!one_is_enough) return places;  // then the others are what the CA needs besides
  for (const observe::Place& place : target.others) {
    own.validation_name = place.name;
    own.type = place.type;
    own.steps = place.steps;
    own.expected = target.expected;
    places.push_back(rules::at_its_place(own, exchanges));
  }
  return places;
}

Snapshot snapshot_of(const Case& test, const Judgement& judgement) {
  Snapshot snapshot{.name = judgement.identifier,
                    .method = judgement.method,
                    .ca = judgement.ca,
                    .validation_name = judgement.validation_name,
                    .final_name = judgement.final_name};
  if (test.target.steps.empty()) return snapshot;
  const std::vector<observe::Target> places = at_each_place(test.target, test.overview.exchanges);
  snapshot.arrived = std::ranges::all_of(places, has_arrived);
  for (const observe::Target& place : places) {
    const bool shared = places.size() > 1 && place.type == dns::RecordType::txt &&
                        dns::host_of(place.validation_name) == place.validation_name;
    const Case at_place{test.observation, place, test.profile, test.overview};
    Reader(at_place, shared, snapshot).read();
  }
  Reader(test, false, snapshot).read_caa();
  for (auto& [key, fact] : snapshot.facts) bound(fact);
  snapshot.opinion.verdict = judgement.verdict;
  for (const Finding& each : judgement.findings)
    snapshot.opinion.findings.insert(
        {each.id, each.subject, each.severity, each.affects, each.message});
  snapshot.latest = snapshot.opinion;
  return snapshot;
}

}  // namespace

std::vector<Snapshot> snapshots_of(const observe::Observation& observation,
                                   const std::vector<Judgement>& judgements) {
  std::vector<observe::CaProfile> profiles = observation.profiles;
  if (profiles.empty()) profiles.push_back(observe::default_profile());
  const Overview overview(observation);
  std::vector<Snapshot> snapshots;
  for (const observe::Target& target : observation.targets) {
    for (const observe::CaProfile& profile : profiles)
      if (target.profile.empty() || target.profile == profile.name)
        snapshots.push_back(
            snapshot_of({observation, target, profile, overview}, judgements.at(snapshots.size())));
  }
  return snapshots;
}

std::string_view text(Aspect aspect) {
  return kAspects.at(static_cast<std::size_t>(aspect));
}

Aspect aspect_of(std::string_view text) {
  const auto* const found = std::ranges::find(kAspects, text);
  if (found == kAspects.end())
    throw std::invalid_argument("there is no aspect " + dns::quoted(text));
  return static_cast<Aspect>(found - kAspects.begin());
}

}  // namespace dcv::check
