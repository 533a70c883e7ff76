// DNSSEC signing of a whole zone with ldns; see zone_signer.h.

#include "dns/zone_signer.h"

#include <stdbool.h>  // NOLINT: before ldns.h, which defines bool as a macro otherwise

#include <ldns/ldns.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "dns/ldns_bridge.h"

namespace dcv::dns {
namespace {

// ldns's own resources: each is freed by its own function.
template <auto kFree>
struct Freeing {
  template <typename T>
  void operator()(T* thing) const {
    kFree(thing);
  }
};
using Keys = std::unique_ptr<ldns_key_list, Freeing<ldns_key_list_free>>;  // frees the keys too
using Zone = std::unique_ptr<ldns_dnssec_zone, Freeing<ldns_dnssec_zone_free>>;  // not the records
using RecordList = std::unique_ptr<ldns_rr_list, Freeing<ldns_rr_list_deep_free>>;

constexpr std::uint16_t kKeyFlags = LDNS_KEY_ZONE_KEY | LDNS_KEY_SEP_KEY;
constexpr std::uint32_t kKeyTtl = 3600;  // seconds

Error failure(const std::string& what, ldns_status status) {
  return Error{what + ": " + ldns_get_errorstr_by_id(status)};
}

// One fresh key in a list, or null.
Keys make_keys(const Name& apex) {
  Keys keys(ldns_key_list_new());
  ldns_key* key = ldns_key_new_frm_algorithm(LDNS_SIGN_ECDSAP256SHA256, 256);
  if (!keys || key == nullptr) return nullptr;
  ldns_key_list_push_key(keys.get(), key);
  ldns_key_set_pubkey_owner(key, ldns_dname_new_frm_str(apex.text().c_str()));
  ldns_key_set_flags(key, kKeyFlags);
  ldns_key_set_origttl(key, kKeyTtl);
  const LdnsRecord public_key(ldns_key2rr(key));
  if (!public_key) return nullptr;
  ldns_key_set_keytag(key, ldns_calc_keytag(public_key.get()));
  return keys;
}

bool is_unsigned_cut(const Name& name, const Name& apex, const std::vector<Record>& records) {
  const auto has = [&](RecordType type) {
    return std::ranges::any_of(
        records, [&](const Record& each) { return each.type == type && each.owner == name; });
  };
  return name.is_below(apex) && has(RecordType::ns) && !has(RecordType::ds);
}

// With opt-out, unsigned delegations and what lies below them are unknown to the chain.
bool is_left_out(const Record& record, const Name& apex, const std::vector<Record>& records) {
  for (std::size_t count = record.owner.label_count(); count > apex.label_count(); --count)
    if (is_unsigned_cut(record.owner.suffix(count), apex, records)) return true;
  return false;
}

// `made` gets the records that are to be added to the zone.
ldns_status sign_with(ldns_dnssec_zone* zone, ldns_rr_list* made, ldns_key_list* keys,
                      const std::optional<Nsec3Options>& nsec3) {
  const auto replace = ldns_dnssec_default_replace_signatures;
  if (!nsec3) return ldns_dnssec_zone_sign(zone, made, keys, replace, nullptr);
  std::string salt = nsec3->salt;
  return ldns_dnssec_zone_sign_nsec3(zone, made, keys, replace, nullptr, LDNS_SHA1,
                                     nsec3->opt_out ? LDNS_NSEC3_VARS_OPTOUT_MASK : 0,
                                     nsec3->iterations, static_cast<std::uint8_t>(salt.size()),
                                     reinterpret_cast<std::uint8_t*>(salt.data()));
}

Result<std::vector<Record>> sign(const std::vector<Record>& records, const Record& dnskey,
                                 ldns_key_list& keys, const SigningOptions& options) {
  ldns_key_set_inception(ldns_key_list_key(&keys, 0), options.inception);
  ldns_key_set_expiration(ldns_key_list_key(&keys, 0), options.expiration);
  std::vector<Record> result = records;
  result.push_back(dnskey);
  const Zone zone(ldns_dnssec_zone_new());
  std::vector<LdnsRecord> owned;  // the zone only points to them
  for (const Record& record : result) {
    if (options.nsec3 && options.nsec3->opt_out && is_left_out(record, dnskey.owner, records))
      continue;
    owned.push_back(to_ldns(record));
    if (!owned.back()) return Error{"cannot be read by ldns: " + zone_line(record)};
    const auto status = ldns_dnssec_zone_add_rr(zone.get(), owned.back().get());
    if (status != LDNS_STATUS_OK) return failure(zone_line(record), status);
  }
  if (zone->soa == nullptr) return Error{"lacks its SOA record"};
  const RecordList made(ldns_rr_list_new());
  const auto status = sign_with(zone.get(), made.get(), &keys, options.nsec3);
  if (status != LDNS_STATUS_OK) return failure("cannot be signed", status);
  for (std::size_t i = 0; i < ldns_rr_list_rr_count(made.get()); ++i) {
    auto record = from_ldns(ldns_rr_list_rr(made.get(), i));
    if (!record) return Error{"ldns made a record that cannot be written"};
    result.push_back(std::move(*record));
  }
  return result;
}

}  // namespace

Result<SignedCopies> sign_zones(const Name& apex, const std::vector<std::vector<Record>>& copies,
                                const SigningOptions& options) {
  return sign_zones(apex, copies, std::vector<SigningOptions>(copies.size(), options));
}

Result<SignedCopies> sign_zones(const Name& apex, const std::vector<std::vector<Record>>& copies,
                                const std::vector<SigningOptions>& options) {
  const Keys keys = make_keys(apex);
  if (!keys) return Error{"a key for " + apex.text() + " cannot be made"};
  const LdnsRecord public_key(ldns_key2rr(ldns_key_list_key(keys.get(), 0)));
  const LdnsRecord digest(ldns_key_rr2ds(public_key.get(), LDNS_SHA256));
  const auto dnskey = from_ldns(public_key.get());
  const auto ds = digest ? from_ldns(digest.get()) : std::nullopt;
  if (!dnskey || !ds) return Error{"a key for " + apex.text() + " cannot be written"};
  SignedCopies result;
  result.ds.push_back(*ds);
  for (std::size_t i = 0; i < copies.size(); ++i) {
    auto done = sign(copies[i], *dnskey, *keys, options.at(i));
    if (!done) return Error{done.error()};
    result.copies.push_back(std::move(done).value());
  }
  return result;
}

}  // namespace dcv::dns
