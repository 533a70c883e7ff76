#pragma once
// Private to lib/dns: what the two kinds of denial, NSEC and NSEC3, share.

#include <cstddef>
#include <vector>

#include "dns/dnssec.h"

namespace dcv::dns {

// What is to be denied, and by which records.
struct Denial {
  std::vector<Record> records;  // the NSEC or the NSEC3 records of `zone`, those that may be used
  Name name;
  RecordType type = RecordType::a;
  Name zone;
  bool nxdomain = false;    // the reply says that the name does not exist
  bool delegation = false;  // a referral to `name`: the parent's side of a cut must be shown
};

// True if a node of `denial.name` with these types has not the type asked for: neither it nor an
// alias is there, and the record is from the right side of a zone cut (RFC 6840 4.1 and 4.4).
bool types_deny(const std::vector<RecordType>& types, const Denial& denial);

// The node is a delegation or a DNAME, so it says nothing of the names below (RFC 6840 4.1).
bool hides_descendants(const std::vector<RecordType>& types);

DenialState nsec_denial(const Denial& denial);
DenialState nsec3_denial(const Denial& denial);
// As for check_expansion().
DenialState nsec_expansion(const Denial& denial, std::size_t labels);
DenialState nsec3_expansion(const Denial& denial, std::size_t labels);

}  // namespace dcv::dns
