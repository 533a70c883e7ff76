// One signature, one DS, one hash at a time; see dnssec.h.

#include "dns/dnssec.h"

#include <stdbool.h>  // NOLINT: before ldns.h, which defines bool as a macro otherwise

#include <ldns/ldns.h>
#include <openssl/evp.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <string_view>

#include "dns/bytes.h"
#include "dns/ldns_bridge.h"

namespace dcv::dns {
namespace {

constexpr std::uint16_t kZoneKeyFlag = 0x0100;  // RFC 4034 2.1.1
constexpr std::uint16_t kRevokeFlag = 0x0080;   // RFC 5011 2.1
constexpr std::uint8_t kProtocol = 3;           // RFC 4034 2.1.2

struct AlgorithmRow {
  std::uint8_t number;
  std::string_view text;  // as IANA registers it
  bool supported;
};
constexpr AlgorithmRow kAlgorithms[] = {
    {1, "RSAMD5", false},
    {3, "DSA", false},
    {5, "RSASHA1", true},
    {6, "DSA-NSEC3-SHA1", false},
    {7, "RSASHA1-NSEC3-SHA1", true},
    {8, "RSASHA256", true},
    {10, "RSASHA512", true},
    {12, "ECC-GOST", false},
    {13, "ECDSAP256SHA256", true},
    {14, "ECDSAP384SHA384", true},
    {15, "ED25519", true},
    {16, "ED448", true},
    {17, "SM2SM3", false},
    {23, "ECC-GOST12", false},
};

const AlgorithmRow* row_of(std::uint8_t algorithm) {
  const auto* found = std::ranges::find(kAlgorithms, algorithm, &AlgorithmRow::number);
  return found == std::end(kAlgorithms) ? nullptr : found;
}

struct ListDeleter {
  void operator()(ldns_rr_list* list) const { ldns_rr_list_deep_free(list); }
};
using LdnsList = std::unique_ptr<ldns_rr_list, ListDeleter>;

// The records once each (RFC 4034 6.3); null when ldns cannot read one.
LdnsList to_ldns_list(const std::vector<Record>& rrset) {
  LdnsList list(ldns_rr_list_new());
  if (!list) return nullptr;
  for (std::size_t i = 0; i < rrset.size(); ++i) {
    const bool repeated = std::any_of(rrset.begin(), rrset.begin() + static_cast<std::ptrdiff_t>(i),
                                      [&](const Record& r) { return r.rdata == rrset[i].rdata; });
    if (repeated) continue;
    LdnsRecord record = to_ldns(rrset[i]);
    if (!record || !ldns_rr_list_push_rr(list.get(), record.get())) return nullptr;
    static_cast<void>(record.release());  // the list owns it now
  }
  return list;
}

// Labels without the root's and a leftmost asterisk (RFC 4034 3.1.3).
std::size_t signed_labels(const Name& owner) {
  return owner.label_count() - (owner.is_wildcard() ? 1 : 0);
}

// RFC 4035 5.3.1, but for the dates.
bool may_sign(const std::vector<Record>& rrset, const Record& record, const Rrsig& rrsig,
              const Record& dnskey) {
  const auto key = as_dnskey(dnskey);
  if (rrset.empty() || !key) return false;
  const Record& first = rrset.front();
  const bool one_set = std::ranges::all_of(rrset, [&](const Record& each) {
    return each.owner == first.owner && each.type == first.type;
  });
  return one_set && record.owner == first.owner && rrsig.covered == first.type &&
         first.owner.is_within(rrsig.signer) && rrsig.signer == dnskey.owner &&
         rrsig.labels <= signed_labels(first.owner) &&
         rrsig.labels >= signed_labels(rrsig.signer) && rrsig.key_tag == key->key_tag &&
         rrsig.algorithm == key->algorithm && key->protocol == kProtocol &&
         (key->flags & kZoneKeyFlag) != 0 &&
         ((key->flags & kRevokeFlag) == 0 || first.type == RecordType::dnskey);
}

// Serial-number arithmetic (RFC 1982): true if `a` comes before `b`.
bool is_before(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::int32_t>(a - b) < 0;
}

bool crypto_fits(const std::vector<Record>& rrset, const Record& rrsig, const Record& dnskey) {
  const LdnsList set = to_ldns_list(rrset);
  const LdnsRecord signature = to_ldns(rrsig);
  const LdnsList keys = to_ldns_list({dnskey});
  const LdnsList good(ldns_rr_list_new());
  if (!set || !signature || !keys || !good) return false;
  const auto status =
      ldns_verify_rrsig_keylist_notime(set.get(), signature.get(), keys.get(), good.get());
  // The list of good keys only points to them.
  while (ldns_rr_list_pop_rr(good.get()) != nullptr) {
  }
  return status == LDNS_STATUS_OK;
}

std::string digest_of(const std::string& bytes, const EVP_MD* method) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), &size,
                 method, nullptr) != 1)
    return {};
  digest.resize(size);
  return digest;
}

const EVP_MD* digest_method(std::uint8_t digest_type) {
  switch (digest_type) {
    case 1:
      return EVP_sha1();
    case 2:
      return EVP_sha256();
    case 4:
      return EVP_sha384();
    default:
      return nullptr;
  }
}

}  // namespace

bool is_supported_algorithm(std::uint8_t algorithm) {
  const AlgorithmRow* row = row_of(algorithm);
  return row != nullptr && row->supported;
}

bool is_supported_digest(std::uint8_t digest_type) {
  return digest_method(digest_type) != nullptr;
}

std::string algorithm_text(std::uint8_t algorithm) {
  const AlgorithmRow* row = row_of(algorithm);
  return row != nullptr ? std::string(row->text) : "algorithm " + std::to_string(algorithm);
}

SignatureState verify_signature(const std::vector<Record>& rrset, const Record& rrsig,
                                const Record& dnskey, double now) {
  const auto view = as_rrsig(rrsig);
  if (!view || !may_sign(rrset, rrsig, *view, dnskey)) return SignatureState::wrong;
  if (!is_supported_algorithm(view->algorithm)) return SignatureState::unsupported;
  const auto clock = static_cast<std::uint32_t>(static_cast<std::int64_t>(now));
  // The dates before the costly part, as validators do.
  if (is_before(view->expiration, view->inception)) return SignatureState::wrong;
  if (is_before(view->expiration, clock)) return SignatureState::expired;
  if (is_before(clock, view->inception)) return SignatureState::not_yet_valid;
  return crypto_fits(rrset, rrsig, dnskey) ? SignatureState::valid : SignatureState::wrong;
}

bool ds_matches(const Record& ds, const Record& dnskey) {
  const auto view = as_ds(ds);
  const auto key = as_dnskey(dnskey);
  if (!view || !key || ds.owner != dnskey.owner) return false;
  if (view->key_tag != key->key_tag || view->algorithm != key->algorithm) return false;
  if ((key->flags & kZoneKeyFlag) == 0) return false;
  const EVP_MD* method = digest_method(view->digest_type);
  if (method == nullptr) return false;
  return view->digest == digest_of(dnskey.owner.lower().wire() + dnskey.rdata, method);
}

double date_near(std::uint32_t date, double now) {
  const auto clock = static_cast<std::int64_t>(now);
  const auto ahead = static_cast<std::int32_t>(date - static_cast<std::uint32_t>(clock));
  return static_cast<double>(clock + ahead);
}

Record make_ds(const Record& dnskey, std::uint32_t ttl) {
  constexpr std::uint8_t kSha256 = 2;  // RFC 4509
  const auto key = as_dnskey(dnskey);
  Record ds{dnskey.owner, RecordType::ds, dnskey.record_class, ttl, {}};
  if (!key) return ds;
  append_u16(ds.rdata, key->key_tag);
  append_u8(ds.rdata, key->algorithm);
  append_u8(ds.rdata, kSha256);
  ds.rdata += digest_of(dnskey.owner.lower().wire() + dnskey.rdata, digest_method(kSha256));
  return ds;
}

std::string nsec3_label(const Name& name, const std::string& salt, std::uint16_t iterations) {
  std::string hash = digest_of(name.lower().wire() + salt, EVP_sha1());
  for (std::uint16_t i = 0; i < iterations; ++i) hash = digest_of(hash + salt, EVP_sha1());
  return base32hex(hash);
}

}  // namespace dcv::dns
