#pragma once
// DNSSEC primitives (RFC 4034, 4035, 5155, 6840, 9276): one signature, one DS, one denial at a
// time. Pure; the clock is an argument. Cryptography by ldns and OpenSSL.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "dns/message.h"
#include "dns/record.h"

namespace dcv::dns {

bool is_supported_algorithm(
    std::uint8_t algorithm);                         // RSASHA256, RSASHA512, ECDSA P-256 and P-384,
                                                     // Ed25519, Ed448; RSASHA1 too (RFC 8624)
bool is_supported_digest(std::uint8_t digest_type);  // SHA-256, SHA-384; SHA-1 too
std::string algorithm_text(std::uint8_t algorithm);  // "ECDSAP256SHA256"; "algorithm 99"

enum class SignatureState {
  valid,
  expired,        // `now` is after the expiration
  not_yet_valid,  // `now` is before the inception; no clock skew is allowed for
  wrong,          // the cryptography does not fit, or labels or signer are impossible
  unsupported,    // the algorithm is not known here
};

// Checks `rrsig` over `rrset` (all records of one owner and type, TTLs as received) with one key
// whose tag and algorithm fit. Serial-number arithmetic for the dates (RFC 4034 3.1.5). A wildcard
// expansion (labels below the owner's) is verified as such.
SignatureState verify_signature(const std::vector<Record>& rrset, const Record& rrsig,
                                const Record& dnskey, double now);

// The date that a 32-bit one of a signature stands for, near `now` (RFC 4034 3.1.5): Unix seconds,
// without a fraction whatever `now` has.
double date_near(std::uint32_t date, double now);

// True if the DS digest is that of the key (RFC 4034 5.1.4); false too for unsupported digests.
bool ds_matches(const Record& ds, const Record& dnskey);

// The DS record of a key, with a SHA-256 digest: what to give to the parent zone.
Record make_ds(const Record& dnskey, std::uint32_t ttl);

// The hashed owner label, base32hex in lower case (RFC 5155 5).
std::string nsec3_label(const Name& name, const std::string& salt, std::uint16_t iterations);

// More than that validators do not compute (Unbound val-nsec3-keysize-iterations; RFC 9276 3.2).
constexpr std::uint16_t kMostNsec3Iterations = 150;

enum class DenialState {
  proven,
  missing,   // no NSEC or NSEC3 record at all
  wrong,     // there are some, but they do not deny it (or say that it exists)
  insecure,  // NSEC3 with more iterations than kMostNsec3Iterations, or an opt-out span: nothing is
             // proven, nothing is wrong
};

// Does the authority section of `reply` (NODATA, NXDOMAIN, or an insecure referral: type DS) prove
// that `name` has no `type` in `zone`? Looks at the records' spans and bitmaps only; signatures are
// verified apart.
DenialState check_denial(const Message& reply, const Name& name, RecordType type, const Name& zone);

// For an answer made from a wildcard whose signature has `labels` labels: does the authority
// section prove that no name nearer than the wildcard exists (RFC 4035 5.3.4, RFC 5155 8.8)?
DenialState check_expansion(const Message& reply, const Name& name, std::size_t labels,
                            const Name& zone);

}  // namespace dcv::dns
