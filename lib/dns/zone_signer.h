#pragma once
// DNSSEC signing of a whole zone with ldns, for the lab: keys, DNSKEY, NSEC or NSEC3 chain and
// RRSIG.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dns/record.h"

namespace dcv::dns {

// Denial by hashed names (RFC 5155).
struct Nsec3Options {
  std::uint16_t iterations = 0;
  std::string salt;      // bytes
  bool opt_out = false;  // unsigned delegations have no record of their own
};

struct SigningOptions {
  std::uint32_t inception = 0;          // Unix seconds
  std::uint32_t expiration = 0;         // Unix seconds
  std::optional<Nsec3Options> nsec3{};  // instead of NSEC
};

struct SignedCopies {
  std::vector<std::vector<Record>> copies;  // each with DNSKEY, NSEC or NSEC3, and RRSIG records
  std::vector<Record> ds;                   // the DS records for the parent (SHA-256)
};

// Signs the copies of one zone that its servers hold (they may differ) with one fresh ECDSA P-256
// key that serves as KSK and ZSK. Each copy must hold the SOA of `apex`. Delegations and glue are
// left unsigned as RFC 4035 2.2 asks.
Result<SignedCopies> sign_zones(const Name& apex, const std::vector<std::vector<Record>>& copies,
                                const SigningOptions& options);
// The same with options for each copy.
Result<SignedCopies> sign_zones(const Name& apex, const std::vector<std::vector<Record>>& copies,
                                const std::vector<SigningOptions>& options);

}  // namespace dcv::dns
