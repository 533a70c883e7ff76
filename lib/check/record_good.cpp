// What is worth knowing of a token that is where the CA finds it.
#include <algorithm>

#include "check/record.h"
#include "dns/identifier.h"

namespace dcv::check::record {
namespace {

// Seconds. Azure Front Door's guide has its value published with an hour, and warns of making a new
// one before that has passed; QuoVadis advises half of it.
constexpr std::uint32_t kLongTtl = 3600;

void check_above(const Sight& sight, std::vector<Finding>& findings) {
  const auto identifier = dns::parse_identifier(sight.test.target.identifier);
  const dns::Name& place = sight.test.target.validation_name;
  if (!identifier || !identifier->name.is_below(dns::host_of(place))) return;
  const std::string where = place.lower().prose();
  findings.push_back(found(sight, "record-covers-from-above", sight.seen,
                           {{"name", where}, {"identifier", sight.test.target.identifier}}));
  findings.back().subject = place.lower().text();
  findings.back().remedy.action =
      "Nothing needs to be done; keep the record at " + where + " until the order is through.";
}

void check_left_over(const Sight& sight, std::vector<Finding>& findings) {
  if (sight.expected.empty() || sight.type() != dns::RecordType::txt) return;
  Values more = sight.seen;
  std::erase_if(more, [&](const std::string& value) {
    return sight.expected.contains(value) || !sight.is_token(value);
  });
  if (more.empty()) return;
  findings.push_back(found(sight, "record-left-over", more));
  findings.back().remedy.action =
      "Remove those that no open order and no other name needs any more.";
}

void check_ttl(const Sight& sight, std::vector<Finding>& findings) {
  if (sight.type() != dns::RecordType::txt) return;
  std::uint32_t longest = 0;
  for (const AddressView& address : sight.view.addresses) {
    for (const auto& [value, record] : address.data().records) {
      const bool token =
          sight.expected.empty() ? sight.is_token(value) : sight.expected.contains(value);
      if (token) longest = std::max(longest, record.ttl);
    }
  }
  if (longest < kLongTtl) return;
  findings.push_back(
      found(sight, "record-ttl-long", sight.seen, {{"ttl", std::to_string(longest)}}));
  findings.back().remedy.action =
      "Before you ask for a new value lower the TTL to five minutes, and wait for so long as it "
      "was.";
}

}  // namespace

void check_good(const Sight& sight, std::vector<Finding>& findings) {
  check_above(sight, findings);
  check_left_over(sight, findings);
  check_ttl(sight, findings);
}

}  // namespace dcv::check::record
