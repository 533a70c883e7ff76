#pragma once
// How long until lagging secondaries can have caught up with the newest copy of their zone.

#include <optional>
#include <string>
#include <vector>

#include "check/family.h"
#include "check/finding.h"

namespace dcv::check {

struct Wait {
  double seconds = 0;
  std::string reason;  // one sentence
};

// Empty unless, at some step, all that answer otherwise than the server with the newest SOA serial
// (or lack the expected values that it has) have older serials. Empty as well where the findings of
// the same judgement tell that such servers, or their addresses, are no more those of the zone.
std::optional<Wait> wait_for(const Case& test, const std::vector<Finding>& findings);

}  // namespace dcv::check
