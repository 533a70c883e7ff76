#pragma once
// Private to the DNSSEC family, but for expiring_from(): what is wrong with the signatures of one
// record set.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dns/dnssec.h"

namespace dcv::check::dnssec {

enum class Fault {
  expired,
  not_yet_valid,
  wrong,  // does not fit the data, or is by a key that the zone has not
  missing,
  expiring,  // good, but not for long
  denial_missing,
  denial_wrong,
};

// All records of one owner and type in a reply, and the zone's signatures over them.
struct SignedSet {
  std::vector<dns::Record> records, signatures;
};
SignedSet set_in(const std::vector<dns::Record>& section, const dns::Name& owner,
                 dns::RecordType type, const dns::Name& zone);

struct SignatureReport {
  std::optional<Fault> fault;
  std::uint16_t key_tag = 0;
  double date = 0;         // Unix seconds: when it expired or expires, or begins
  std::size_t labels = 0;  // of the signature that decided
};

// When a signer is late that has not replaced it, Unix seconds; `now` tells which era it is of.
double expiring_from(const dns::Rrsig& rrsig, double now);

// Judges sets by the clock given; remembers what was verified, and verifies only so much.
class Signatures {
 public:
  explicit Signatures(double now) : now_(now) {}

  // One good signature is enough. Not judged, so without a fault, when the limit is reached.
  SignatureReport judge(const SignedSet& set, const std::vector<dns::Record>& keys);
  // Whether so much more may be computed, in verifications with an ordinary key: then it counts.
  bool afford(std::size_t work);
  // In words; empty as long as everything was judged.
  std::string limit_reached() const;

 private:
  std::optional<dns::SignatureState> state(const SignedSet& set, const dns::Record& rrsig,
                                           const dns::Record& key);
  SignatureReport report(dns::SignatureState state, const dns::Rrsig& rrsig) const;

  double now_;
  std::map<std::string, dns::SignatureState> known_;
  std::size_t work_ = 0;  // done so far, in verifications with an ordinary key
  bool limit_reached_ = false;
};

}  // namespace dcv::check::dnssec
