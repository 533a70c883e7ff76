#pragma once
// What one server or resolver shows of the records that are looked for, in one word. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "observe/observation.h"

namespace dcv::observe {

enum class Sight {
  holds,      // all expected values; without expected ones: data of the type
  partial,    // some of the expected values
  other,      // data of the type, none of it expected
  nodata,     // the name exists without the type
  nxdomain,   // the name does not exist
  fails,      // SERVFAIL, REFUSED, any other rcode, a referral, a lame reply
  silent,     // no usable reply
  not_asked,  // by a limit, a family switched off, or before its time
};

struct Seen {
  Sight sight = Sight::not_asked;
  std::vector<std::string> values;   // sorted, without repetition: TXT content as bytes, else RDATA
                                     // in presentation form
  std::optional<std::uint32_t> ttl;  // seconds, the least on the way, aliases included
  std::optional<std::uint32_t> negative_ttl;  // seconds left of a denial: min(TTL of the SOA,
                                              // its minimum) (RFC 2308 5)
  std::optional<dns::Name> denied_by;         // owner of the SOA in a denial: the zone that denies
};

// One record's content as in Seen::values; empty for a TXT record that cannot be read.
std::optional<std::string> value_of(const dns::Record& record);

// What the user expects, written as value_of() writes it: "ns1.example" is "ns1.example.".
std::string value_expected(const std::string& wanted, dns::RecordType type);

// The reply read from the question's name on through its aliases to records of its type. For an
// authority that answers with an alias only, into a zone it does not serve, the caller asks with
// the name of the last step.
Seen see(const Exchange& exchange, const std::vector<std::string>& expected);

// What each address of the last step's zone showed of the proof, in the order sent. An address is
// left out while its family is switched off.
struct AuthoritySight {
  const Exchange* exchange = nullptr;
  Seen seen;
};
std::vector<AuthoritySight> authorities(const Observation& observation, const Target& target);

// True when at least one authority answers and all that answer hold the expected values, or,
// without expected ones, hold the same values. Silent ones do not count against it: they cannot
// plant anything in a cache. For types other than TXT and CNAME it is enough that none denies.
bool authorities_agree(const Observation& observation, const Target& target);
// Why they do not, in one sentence without a full stop; empty when they do.
std::string disagreement(const Observation& observation, const Target& target);

std::string_view text(Sight value);

}  // namespace dcv::observe
