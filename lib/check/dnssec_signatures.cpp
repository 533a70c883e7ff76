// Which of a record set's signatures counts, and how much is verified at most.
#include "check/dnssec_signatures.h"

#include <algorithm>

namespace dcv::check::dnssec {
namespace {

// Hostile zones have keys of one tag and signatures without end (KeyTrap, CVE-2023-50387). Unbound
// gives up on a set after 8 as well; 1000 take less than a second and are ten times what a target
// with four servers and two aliases has.
constexpr int kMostTriesOfSet = 8;
constexpr std::size_t kMostSignatures = 1000;

constexpr double kExpiringSeconds = 48 * 3600;
// Signers that sign on the fly, or anew each day, have signatures that are short by design.
constexpr double kExpiringShare = 0.1;

// The date that a 32-bit one stands for, near `now` (RFC 4034 3.1.5).
double absolute(std::uint32_t date, double now) {
  const auto clock = static_cast<std::uint32_t>(static_cast<std::int64_t>(now));
  return now + static_cast<std::int32_t>(date - clock);
}

// From best to worst: the signature nearest to being good tells what is to be mended.
int rank(dns::SignatureState state) {
  switch (state) {
    case dns::SignatureState::valid:
      return 0;
    case dns::SignatureState::expired:
      return 1;
    case dns::SignatureState::not_yet_valid:
      return 2;
    case dns::SignatureState::wrong:
      return 3;
    case dns::SignatureState::unsupported:
      return 4;
  }
  return 4;
}

bool fits(const dns::Rrsig& rrsig, const dns::Record& key) {
  const auto view = dns::as_dnskey(key);
  return view && view->key_tag == rrsig.key_tag && view->algorithm == rrsig.algorithm;
}

}  // namespace

SignedSet set_in(const std::vector<dns::Record>& section, const dns::Name& owner,
                 dns::RecordType type, const dns::Name& zone) {
  SignedSet set;
  for (const dns::Record& record : section) {
    if (record.owner != owner) continue;
    if (record.type == type) set.records.push_back(record);
    const auto rrsig = dns::as_rrsig(record);
    if (rrsig && rrsig->covered == type && rrsig->signer == zone) set.signatures.push_back(record);
  }
  return set;
}

SignatureReport Signatures::judge(const SignedSet& set, const std::vector<dns::Record>& keys) {
  if (set.signatures.empty()) return {.fault = Fault::missing};
  std::optional<dns::SignatureState> best;
  dns::Rrsig best_rrsig = *dns::as_rrsig(set.signatures.front());
  int tries = 0;
  for (const dns::Record& record : set.signatures) {
    const auto rrsig = dns::as_rrsig(record);
    for (const dns::Record& key : keys) {
      if (!fits(*rrsig, key) || ++tries > kMostTriesOfSet) continue;
      const auto found = state(set, record, key);
      if (!found) return {};
      const bool later = best == found && rrsig->expiration > best_rrsig.expiration;
      if (best && rank(*best) <= rank(*found) && !later) continue;
      best = found;
      best_rrsig = *rrsig;
    }
  }
  return report(best.value_or(dns::SignatureState::wrong), best_rrsig);
}

std::optional<dns::SignatureState> Signatures::state(const SignedSet& set, const dns::Record& rrsig,
                                                     const dns::Record& key) {
  std::string identity = rrsig.owner.lower().wire() + rrsig.rdata + key.rdata;
  for (const dns::Record& record : set.records) identity += record.rdata;
  const auto known = known_.find(identity);
  if (known != known_.end()) return known->second;
  if (known_.size() >= kMostSignatures) return std::nullopt;
  return known_[identity] = dns::verify_signature(set.records, rrsig, key, now_);
}

SignatureReport Signatures::report(dns::SignatureState state, const dns::Rrsig& rrsig) const {
  const double begin = absolute(rrsig.inception, now_), end = absolute(rrsig.expiration, now_);
  SignatureReport result{std::nullopt, rrsig.key_tag, end, rrsig.labels};
  switch (state) {
    case dns::SignatureState::valid:
      if (end - now_ < kExpiringSeconds && end - now_ < kExpiringShare * (end - begin))
        result.fault = Fault::expiring;
      break;
    case dns::SignatureState::expired:
      result.fault = Fault::expired;
      break;
    case dns::SignatureState::not_yet_valid:
      result.fault = Fault::not_yet_valid;
      result.date = begin;
      break;
    case dns::SignatureState::wrong:
      result.fault = Fault::wrong;
      break;
    case dns::SignatureState::unsupported:
      break;
  }
  return result;
}

}  // namespace dcv::check::dnssec
