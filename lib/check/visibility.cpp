// The family "visibility": the rows, and one finding for each cause with all resolvers that it
// concerns. Why a view differs is explained elsewhere.
#include "check/visibility.h"

#include <algorithm>

namespace dcv::check {
namespace visibility {
namespace {

constexpr FindingKind kVisibilityKinds[] = {
    {"visibility-authority-lacks", Severity::info, Affects::client,
     "No wait for caches helps before the authorities of {zone} have the records: {detail}",
     "RFC 2308 5", "0.1.0"},
    {"visibility-bogus", Severity::error, Affects::ca,
     "{name} fails DNSSEC validation at {resolvers} ({detail})", "RFC 4035 5.5, BR 3.2.2.4",
     "0.1.0"},
    {"visibility-site-lags", Severity::warning, Affects::ca,
     "{name} is not there for {resolvers}, which met a copy of {zone} that is older than all seen "
     "from here ({detail}): some site of its name servers is behind",
     "RFC 1034 4.3.5, BR 3.2.2.9", "0.1.0"},
    {"visibility-negative-cached", Severity::warning, Affects::client,
     "{ca}: {name} is still denied by {resolvers}, for {wait} more, until {until}, since it was "
     "asked for before the records were there",
     "RFC 2308 5", "0.1.0"},
    {"visibility-parent-negative-cached", Severity::warning, Affects::client,
     "{ca}: {name} is still denied by {resolvers} on the word of {detail}, above {zone}, for "
     "{wait} more, until {until}",
     "RFC 2308 5, RFC 8020 2", "0.1.0"},
    {"visibility-denied-by-nsec", Severity::warning, Affects::client,
     "{ca}: {name} is denied by {resolvers} out of a cached NSEC record of {detail}, which denies "
     "names that nobody asked for too, for {wait} more, until {until}",
     "RFC 8198 5.1", "0.1.0"},
    {"visibility-old-value-cached", Severity::warning, Affects::client,
     "{ca}: {name} still has what no authority has any more, {detail}, in the caches of "
     "{resolvers}, for {wait} more, until {until}",
     "RFC 1035 3.2.1", "0.1.0"},
    {"visibility-stale-answer", Severity::warning, Affects::client,
     "{ca}: {name} gets an answer whose time is over from {resolvers} ({detail}); it tries the "
     "authorities again in {wait}, at {until}",
     "RFC 8767 4", "0.1.0"},
    {"visibility-caches-differ", Severity::warning, Affects::client,
     "{ca}: {name} is there or not at {resolvers}, depending on the cache that answers ({detail} "
     "answers had it), for {wait} more, until {until}",
     "RFC 2308 5", "0.1.0"},
    {"visibility-other-value", Severity::warning, Affects::client,
     "{name} has {detail} at {resolvers}, which no authority says and no cache explains",
     "RFC 1034 3.6", "0.1.0"},
    {"visibility-split-horizon", Severity::warning, Affects::client,
     "Another {zone} is shown by {resolvers}: {detail}", "RFC 6950 4.1", "0.1.0"},
    {"visibility-intercepted", Severity::warning, Affects::client,
     "Port 53 is intercepted on the way to {resolvers}: {detail}", "RFC 5358 1", "0.1.0"},
    {"visibility-filtered", Severity::notice, Affects::client,
     "{name} is kept back by the policy of {resolvers} ({detail})", "RFC 8914 4.16", "0.1.0"},
    {"visibility-denials-rewritten", Severity::notice, Affects::client,
     "Names that do not exist get data from {resolvers}: {detail}", "RFC 2308 2", "0.1.0"},
    {"visibility-ttl-rewritten", Severity::notice, Affects::client,
     "{name} is shown with a higher TTL than that of the authorities by {resolvers}: {detail}",
     "RFC 1035 3.2.1", "0.1.0"},
    {"visibility-port-53-blocked", Severity::notice, Affects::client,
     "Outside of this network no resolver answers over port 53 ({resolvers}), while others answer "
     "over TLS or HTTPS",
     "RFC 7858 1", "0.1.0"},
    {"visibility-resolver-fails", Severity::warning, Affects::client,
     "{name} could not be resolved by {resolvers}: {detail}", "RFC 9520 2", "0.1.0"},
    {"visibility-resolver-refuses", Severity::notice, Affects::client,
     "The question for {name} was refused by {resolvers}: {detail}", "RFC 8914 4.19", "0.1.0"},
    {"visibility-resolver-silent", Severity::notice, Affects::client,
     "No answer came from {resolvers}: {detail}", "RFC 1035 4.2", "0.1.0"},
    {"visibility-tls-name-wrong", Severity::warning, Affects::client,
     "The certificate shown by {resolvers} is for another name: {detail}", "RFC 8310 8.1", "0.1.0"},
    {"visibility-tls-failed", Severity::notice, Affects::client,
     "No TLS session came about with {resolvers}: {detail}", "RFC 7858 3.2", "0.1.0"},
    {"visibility-https-failed", Severity::notice, Affects::client,
     "No DNS answer came over HTTPS from {resolvers}: {detail}", "RFC 8484 4.2", "0.1.0"},
};

using Group = std::vector<const Sighting*>;

struct Scene {
  const Case& test;
  const Truth& truth;
  const std::vector<Sighting>& sightings;
};

std::string distinct(const Group& group) {
  std::vector<std::string> details;
  for (const Sighting* each : group)
    if (!each->detail.empty() && std::ranges::find(details, each->detail) == details.end())
      details.push_back(each->detail);
  return joined(details);
}

std::optional<double> longest_wait(const Group& group) {
  std::optional<double> longest;
  for (const Sighting* each : group)
    if (each->wait) longest = std::max(longest.value_or(0), *each->wait);
  return longest;
}

std::map<std::string, std::string> arguments_of(const Scene& scene, const Group& group) {
  const observe::Target& target = scene.test.target;
  std::vector<std::string> labels;
  for (const Sighting* each : group) labels.push_back(label(*each->by));
  std::map<std::string, std::string> arguments = {
      {"name", target.validation_name.lower().prose()},
      {"zone", target.steps.back().zone.lower().prose()},
      {"resolvers", joined(labels)},
      {"count", std::to_string(labels.size())},
      {"detail", distinct(group)},
      {"ca", ca_text(scene.test.profile)},
  };
  const auto own = std::ranges::find_if(
      group, [&](const Sighting* each) { return is_of_ca(scene.test.profile, *each->by); });
  if (own != group.end())
    arguments["ca"] =
        "In the way of " + scene.test.profile.title + ", which asks " + label(*(*own)->by);
  if (const std::optional<double> wait = longest_wait(group)) {
    arguments["wait"] = duration_text(*wait);
    arguments["wait_seconds"] = std::to_string(static_cast<long>(*wait));
    arguments["until"] = clock_text(scene.test.observation.now + *wait);
  }
  return arguments;
}

Evidence evidence_by(const Scene& scene, const Sighting& sighting,
                     const observe::Exchange& exchange) {
  Evidence evidence = evidence_of(scene.test, exchange);
  evidence.server = label(*sighting.by);
  evidence.saw = exchange.reply
                     ? reply_text({&exchange, observe::see(exchange, {})}, exchange.question.type)
                     : sighting.detail;
  return evidence;
}

Finding finding(const Scene& scene, std::string_view id, const Group& group,
                std::map<std::string, std::string> more = {}) {
  std::map<std::string, std::string> arguments = arguments_of(scene, group);
  for (auto& [key, value] : more) arguments[key] = std::move(value);
  Finding made =
      make_finding(*std::ranges::find(kVisibilityKinds, id, &FindingKind::id),
                   scene.test.target.validation_name.lower().text(), std::move(arguments));
  for (const Sighting* each : group)
    made.evidence.push_back(evidence_by(scene, *each, *each->shown));
  std::vector<const observe::PublicResolver*> by;
  for (const Sighting* each : group) by.push_back(each->by);
  made.remedy.action = remedy_text(id, made.arguments, by);
  return made;
}

bool any_starts_with(const std::vector<Finding>& findings, std::string_view start, Affects whom) {
  return std::ranges::any_of(findings, [&](const Finding& each) {
    return each.id.starts_with(start) && each.affects == whom;
  });
}

// What DNSSEC says was judged at the authorities, and they were found right: then the resolver has
// old keys or signatures in its cache. Where it was not judged, the CA's resolver will say the same
// as these, unless others that validate see nothing wrong.
void weigh_bogus(const Scene& scene, const std::vector<Finding>& findings, Finding& made) {
  const bool judged = !scene.test.observation.trust_anchors.empty() &&
                      !any_starts_with(findings, "dnssec-anchor-outdated", Affects::client);
  const bool others_validate = std::ranges::any_of(scene.sightings, [](const Sighting& each) {
    return each.answered() && each.id != "visibility-bogus" && each.by->resolver.validates != "no";
  });
  if (judged) made.affects = Affects::client;
  if (judged || others_validate) made.severity = Severity::warning;
}

// What to do where the CA itself asks these resolvers.
std::string own_action(const observe::CaProfile& ca, const Finding& made) {
  const std::string& name = made.arguments.at("name");
  const auto until = made.arguments.find("until");
  if (until == made.arguments.end())
    return "Order once the resolvers of " + ca.title + " show the records of " + name +
           ": mend them, or let it ask others.";
  const std::string action = "Order after " + until->second + ", or have " + name +
                             " flushed from the resolvers of " + ca.title;
  if (made.id == "visibility-negative-cached" || made.id == "visibility-denied-by-nsec")
    return action + "; a lower SOA minimum of " + made.arguments.at("zone") +
           " shortens the next wait.";
  if (made.id == "visibility-old-value-cached")
    return action + "; a lower TTL of the records shortens the next wait.";
  return action + ".";
}

// A private CA sees what its own resolvers show. One that refuses us may serve the CA all the same.
void weigh_own(const Scene& scene, const Group& group, Finding& made) {
  const auto is_own = [&](const Sighting& each) {
    return each.answered() && !each.impostor && each.id != "visibility-resolver-refuses" &&
           is_of_ca(scene.test.profile, *each.by);
  };
  const auto lacks = [&](const Sighting* each) {
    return is_own(*each) && each->holding < static_cast<int>(each->samples.size());
  };
  if (std::ranges::none_of(group, lacks)) return;
  const bool any_holds = std::ranges::any_of(
      scene.sightings, [&](const Sighting& each) { return is_own(each) && each.holding > 0; });
  made.affects = Affects::ca;
  made.severity = any_holds ? Severity::warning : Severity::error;
  made.remedy.action = own_action(scene.test.profile, made);
}

// Nothing is known of the authorities, and a finding of the transport says why.
bool never_reached(const std::vector<Finding>& findings) {
  return std::ranges::any_of(findings, [](const Finding& each) {
    return each.id == "transport-no-network" || each.id == "transport-intercepted";
  });
}

void add_lack(const Scene& scene, std::vector<Finding>& findings) {
  if (never_reached(findings)) return;
  const Truth& truth = scene.truth;
  const std::string& withheld = scene.test.target.views_withheld;
  if (withheld.empty() && (truth.held || truth.lacking == 0)) return;
  const std::string share =
      std::to_string(truth.lacking) + " of " + std::to_string(truth.asked) + " addresses lack them";
  findings.push_back(finding(scene, "visibility-authority-lacks", {},
                             {{"lacking", std::to_string(truth.lacking)},
                              {"asked", std::to_string(truth.asked)},
                              {"detail", withheld.empty() ? share : withheld}}));
  for (const observe::AuthoritySight& each :
       observe::authorities(scene.test.observation, scene.test.target))
    if (each.exchange->reply &&
        observe::see(*each.exchange, truth.needed).sight != observe::Sight::holds)
      findings.back().evidence.push_back(evidence_of(scene.test, *each.exchange));
}

void add_causes(const Scene& scene, std::vector<Finding>& findings) {
  for (const FindingKind& kind : kVisibilityKinds) {
    Group group;
    for (const Sighting& each : scene.sightings)
      if (each.id == kind.id && each.shown != nullptr) group.push_back(&each);
    if (group.empty() || kind.id == "visibility-authority-lacks" || is_sign(kind.id)) continue;
    if (kind.id == "visibility-bogus" && (any_starts_with(findings, "dnssec-", Affects::ca) ||
                                          any_starts_with(findings, "ca-", Affects::ca)))
      continue;
    Finding made = finding(scene, kind.id, group);
    if (kind.id == "visibility-bogus") weigh_bogus(scene, findings, made);
    weigh_own(scene, group, made);
    findings.push_back(std::move(made));
  }
}

// Those told of a resolver whether or not it holds the records.
void add_signs(const Scene& scene, std::vector<Finding>& findings) {
  for (const Impostors& each : intercepted(scene.sightings)) {
    findings.push_back(
        finding(scene, "visibility-intercepted", each.sightings, {{"detail", each.reason}}));
    for (const Sighting* sighting : each.sightings)
      for (const observe::Exchange& exchange : sighting->by->identity)
        if (exchange.reply)
          findings.back().evidence.push_back(evidence_by(scene, *sighting, exchange));
  }
  for (const auto& sign_of : {split_horizon, rewritten_denials, raised_ttl}) {
    Group group;
    std::vector<Sighting> copies;
    copies.reserve(scene.sightings.size());
    for (const Sighting& each : scene.sightings) {
      std::optional<Sign> sign = sign_of(scene.test, scene.truth, each);
      if (!sign) continue;
      copies.push_back(each);
      copies.back().id = sign->id;
      copies.back().detail = std::move(sign->detail);
      copies.back().shown = sign->shown;
      copies.back().wait.reset();
    }
    for (const Sighting& each : copies) group.push_back(&each);
    if (group.empty()) continue;
    findings.push_back(finding(scene, group.front()->id, group));
    weigh_own(scene, group, findings.back());
  }
}

void check(const Case& test, std::vector<Finding>& findings) {
  const observe::Target& target = test.target;
  if (target.steps.empty() || (target.views.empty() && target.views_withheld.empty())) return;
  const Truth truth = truth_of(test);
  const std::vector<Sighting> sightings = sightings_of(test);
  const Scene scene{test, truth, sightings};
  add_lack(scene, findings);
  add_causes(scene, findings);
  add_signs(scene, findings);
}

}  // namespace
}  // namespace visibility

const Family kVisibilityFamily = {"visibility", visibility::kVisibilityKinds, visibility::check};

}  // namespace dcv::check
