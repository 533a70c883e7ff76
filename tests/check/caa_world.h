#pragma once
// Worlds with CAA records, and what the family "caa" finds in them.

#include "check/caa.h"
#include "support/observation_builder.h"

namespace dcv::testing {

inline const std::string kApp = "app.shop.example.";
inline const std::vector<std::string> kServers = {"45.90.28.10", "2a07:a8c0::10", "45.90.30.10",
                                                  "2a07:a8c1::10"};

inline Reply caa_reply(const std::string& owner, const Lines& values) {
  Lines lines;
  for (const std::string& value : values) lines.push_back(owner + " 3600 IN CAA " + value);
  return data(lines);
}

// The healthy world, in which nobody has CAA records at the three levels.
inline ObservationBuilder quiet_world(const std::string& identifier = "app.shop.example") {
  ObservationBuilder world = healthy_world();
  observe::Target& target = world.observation.targets.front();
  target.identifier = identifier;
  const auto level = [&](const std::string& name, const std::string& zone) {
    observe::Step step;
    step.name = dns::Name::of(name);
    step.zone = dns::Name::of(zone);
    step.end = StepEnd::nodata;
    target.caa.push_back({step.name, {step}});
    world.asked_all(Purpose::caa, zone, name, RecordType::caa, nodata(zone));
  };
  level(kApp, kZone);
  level(kZone, kZone);
  level("example.", "example.");
  return world;
}

inline ObservationBuilder world_with(const Lines& values,
                                     const std::string& identifier = "app.shop.example") {
  ObservationBuilder world = quiet_world(identifier);
  world.asked_all(Purpose::caa, kZone, kZone, RecordType::caa, caa_reply(kZone, values));
  return world;
}

inline void everywhere(ObservationBuilder& world, const std::string& name, const std::string& zone,
                       const Reply& reply) {
  world.asked_all(Purpose::caa, zone, name, RecordType::caa, reply);
}

inline void at(ObservationBuilder& world, const std::string& address, const std::string& name,
               const Reply& reply) {
  world.asked(Purpose::caa, kZone, address, name, RecordType::caa, reply);
}

// The level's name is an alias to www.cdn.example, whose servers say `reply`.
inline void alias_to_cdn(ObservationBuilder& world, const Reply& reply) {
  world.zone("cdn.example.", "example.").server("ns.cdn.example.", {"45.90.60.10"});
  world.asked_all(Purpose::zone_soa, "cdn.example.", "cdn.example.", RecordType::soa,
                  data({soa_line("cdn.example.")}));
  everywhere(world, kApp, kZone, data({cname_line(kApp, "www.cdn.example.")}));
  everywhere(world, "www.cdn.example.", "cdn.example.", reply);
  std::vector<observe::Step>& steps = world.observation.targets.front().caa.front().steps;
  steps.front().end = StepEnd::alias;
  steps.front().target = dns::Name::of("www.cdn.example.");
  observe::Step last;
  last.name = *steps.front().target;
  last.zone = dns::Name::of("cdn.example.");
  last.end = StepEnd::answer;
  steps.push_back(last);
}

inline std::vector<check::Finding> found(
    const ObservationBuilder& world,
    const observe::CaProfile& profile = observe::default_profile()) {
  std::vector<check::Finding> findings;
  check::kCaaFamily.check({world.observation, world.observation.targets.front(), profile,
                           check::Overview(world.observation)},
                          findings);
  return findings;
}

// "error caa-forbids shop.example."
inline std::vector<std::string> caa_told(
    const ObservationBuilder& world,
    const observe::CaProfile& profile = observe::default_profile()) {
  std::vector<std::string> lines;
  for (const check::Finding& each : found(world, profile))
    lines.push_back(std::string(text(each.severity)) + " " + each.id + " " + each.subject);
  return lines;
}

using Told = std::vector<std::string>;

inline double share(const ObservationBuilder& world,
                    const observe::CaProfile& profile = observe::default_profile()) {
  return check::caa::permitting_share({world.observation, world.observation.targets.front(),
                                       profile, check::Overview(world.observation)});
}

}  // namespace dcv::testing
