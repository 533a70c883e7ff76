#pragma once
// One zone as an authoritative server sees it: names, cuts, wildcards, denials (RFC 1034 4.3.2,
// RFC 4592, RFC 6672, RFC 4035 3.1, RFC 5155 7.2). Knows nothing of packets or of other zones.

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "dns/record.h"

namespace dcv::lab {

struct Lookup {
  enum class Kind {
    answer,
    alias,     // CNAME, or DNAME and the CNAME made from it; `target` says where it leads
    referral,  // a zone cut below the apex
    nodata,
    nxdomain,
    too_long,  // the name after DNAME substitution is none (YXDOMAIN)
  };
  Kind kind = Kind::nxdomain;
  std::vector<dns::Record> answer, authority, additional;
  dns::Name target;
};

class Zone {
 public:
  // `records` as from a zone file. Those outside `apex` are kept out of sight.
  Zone(dns::Name apex, const std::vector<dns::Record>& records);

  const dns::Name& apex() const { return apex_; }
  std::optional<std::uint32_t> serial() const;  // of the SOA, if there is one

  // `name` must lie within the zone. With `dnssec`, signatures and denials are added as far as
  // the zone has them.
  Lookup lookup(const dns::Name& name, dns::RecordType type, bool dnssec) const;

 private:
  using Node = std::map<dns::RecordType, std::vector<dns::Record>>;
  struct Place;   // where in the tree a name ends
  class Builder;  // collects the records of one lookup

  const Node* node(const dns::Name& name) const;
  bool exists(const dns::Name& name) const;  // with data, or an empty non-terminal
  Place find(const dns::Name& name, dns::RecordType type) const;

  dns::Name apex_;
  std::map<dns::Name, Node> nodes_;  // in canonical order, so that NSEC owners are neighbours
  std::optional<dns::Nsec3> nsec3_;  // any of the chain, for its salt and iterations
};

}  // namespace dcv::lab
