// The expected value at the host itself, without the label in front that the method wants.
#include "check/value.h"
#include "dns/identifier.h"

namespace dcv::check::value {

bool check_label_lost(const Sight& sight, std::vector<Finding>& findings) {
  if (sight.test.target.steps.size() != 1) return false;
  const dns::Name& own = sight.test.target.steps.front().name;
  const dns::Name host = dns::host_of(own);
  for (const observe::Exchange* exchange :
       sight.test.select({.name = &host, .purpose = observe::Purpose::suspicion})) {
    const auto data = proof_data(*exchange);
    if (!data) continue;
    Edit move{.zone = exchange->zone.lower().text(), .server = {}, .remove = {}, .add = {}};
    for (const auto& [value, record] : data->records) {
      if (!sight.missing.contains(value)) continue;
      move.remove.push_back(dns::zone_line(record));
      move.add.push_back(dns::zone_line(dns::make_txt(own.lower(), record.ttl, value)));
    }
    if (move.remove.empty()) continue;
    const std::string there = host.lower().prose();
    Finding finding = found(sight, "value-label-lost", {}, {{"found", there}});
    finding.evidence.push_back(evidence_of(sight.test, *exchange));
    finding.remedy = {"Move the record from " + there + " to " + sight.prose() + ".",
                      {std::move(move)}};
    findings.push_back(std::move(finding));
    return true;
  }
  return false;
}

}  // namespace dcv::check::value
