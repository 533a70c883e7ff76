#pragma once
// The look at web servers, once addresses are known: what a CA would fetch from each address of
// each name, over redirects to the end, and the handshakes of tls-alpn-01.

#include <functional>
#include <map>
#include <vector>

#include "net/web.h"
#include "observe/observation.h"
#include "resolve/collect.h"

namespace dcv::resolve {

// The addresses of both families of each host, aliases followed; hosts without any may be missing.
using LookUp = std::function<std::map<dns::Name, std::vector<dns::IpAddress>>(
    const std::vector<dns::Name>& hosts)>;

// One sight for each target of the plan, empty where it has no wish for one. All at once, redirects
// in rounds; what several targets want of one address is fetched from there once.
std::vector<observe::WebSight> look_at_web(const Plan& plan, net::Web& web, const LookUp& look_up);

}  // namespace dcv::resolve
