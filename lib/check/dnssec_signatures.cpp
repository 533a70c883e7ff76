// Which of a record set's signatures counts, and how much is verified at most.
#include "check/dnssec_signatures.h"

#include <algorithm>

namespace dcv::check::dnssec {
namespace {

// Hostile zones have keys of one tag and signatures without end (KeyTrap, CVE-2023-50387). Unbound
// gives up on a set after 8 as well; 1000 with ordinary keys take less than a second and are ten
// times what a target with four servers and two aliases has.
constexpr int kMostTriesOfSet = 8;
constexpr std::size_t kMostSignatures = 1000;

constexpr double kExpiringSeconds = 48 * 3600;
// Signers that sign on the fly, or anew each day, have signatures that are short by design.
constexpr double kExpiringShare = 0.1;

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

bool is_rsa(std::uint8_t algorithm) {
  return algorithm == 5 || algorithm == 7 || algorithm == 8 || algorithm == 10;
}

// How many verifications with an ordinary key one with this key is worth. With RSA the time grows
// with the length of the exponent, mostly 3 bytes, and with the square of that of the modulus,
// mostly 256; zones may choose both (RFC 3110 2) such that one takes 10 ms.
std::size_t work_with(const dns::Dnskey& key) {
  constexpr std::size_t kLongExponent = 8, kLongModulus = 512;  // bytes
  if (!is_rsa(key.algorithm) || key.key.size() < 3) return 1;
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(key.key[at]); };
  const std::size_t exponent =
      byte(0) != 0 ? byte(0) : static_cast<std::size_t>(byte(1) << 8 | byte(2));
  const std::size_t modulus = key.key.size() - std::min(key.key.size(), exponent);
  const std::size_t times_longer = modulus / kLongModulus;
  return (1 + exponent / kLongExponent) * (1 + times_longer * times_longer);
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

double expiring_from(const dns::Rrsig& rrsig, double now) {
  const double begin = dns::date_near(rrsig.inception, now),
               end = dns::date_near(rrsig.expiration, now);
  return end - std::min(kExpiringSeconds, kExpiringShare * (end - begin));
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
  if (!afford(work_with(*dns::as_dnskey(key)))) return std::nullopt;
  return known_[identity] = dns::verify_signature(set.records, rrsig, key, now_);
}

bool Signatures::afford(std::size_t work) {
  if (work_ + work > kMostSignatures) limit_reached_ = true;
  if (!limit_reached_) work_ += work;
  return !limit_reached_;
}

std::string Signatures::limit_reached() const {
  return limit_reached_
             ? "DNSSEC of one name: the work of " + std::to_string(kMostSignatures) + " signatures"
             : "";
}

SignatureReport Signatures::report(dns::SignatureState state, const dns::Rrsig& rrsig) const {
  const double begin = dns::date_near(rrsig.inception, now_),
               end = dns::date_near(rrsig.expiration, now_);
  SignatureReport result{std::nullopt, rrsig.key_tag, end, rrsig.labels};
  switch (state) {
    case dns::SignatureState::valid:
      if (now_ > expiring_from(rrsig, now_)) result.fault = Fault::expiring;
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
