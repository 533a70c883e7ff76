#pragma once
// What there is to watch, for systems that make their items from a list.

#include <string>

#include "resolve/collect.h"

namespace dcv::probes {

// Zabbix' low-level discovery: an object for each name, method and CA of the plan.
std::string zabbix_discovery(const resolve::Plan& plan);

}  // namespace dcv::probes
