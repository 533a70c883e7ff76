// Zabbix' low-level discovery as JSON.
#include <nlohmann/json.hpp>

#include "discovery.h"

namespace dcv::probes {
namespace {

nlohmann::ordered_json item(const resolve::PlannedTarget& target, const std::string& ca) {
  const auto places = resolve::places_of(target);
  return {{"{#DCV.NAME}", target.identifier.text},
          {"{#DCV.METHOD}", target.method},
          {"{#DCV.CA}", ca},
          {"{#DCV.VALIDATION_NAME}", places ? places->front().name.text() : ""}};
}

}  // namespace

std::string zabbix_discovery(const resolve::Plan& plan) {
  auto list = nlohmann::ordered_json::array();
  for (const resolve::PlannedTarget& target : plan.targets) {
    for (const observe::CaProfile& profile : plan.profiles) {
      if (target.profile.empty() || target.profile == profile.name)
        list.push_back(item(target, profile.name));
    }
  }
  return list.dump() + "\n";
}

}  // namespace dcv::probes
