// Signs the zones that a scenario wants signed; see signing.h.

#include "lab/signing.h"

#include <algorithm>
#include <utility>

#include "dns/zone_file.h"
#include "dns/zone_signer.h"

namespace dcv::lab {
namespace {

using dns::Name;
using dns::Record;
using Records = std::vector<Record>;

constexpr std::uint32_t kDay = 86400;     // seconds
constexpr std::uint32_t kFar = 7 * kDay;  // validators forgive a day (Unbound: val-sig-skew-max)

dns::SigningOptions validity(Signing signing, std::uint32_t now) {
  if (signing == Signing::expired) return {now - 30 * kDay, now - kFar};
  if (signing == Signing::not_yet) return {now + kFar, now + 30 * kDay};
  return {now - kDay, now + 14 * kDay};
}

// A DS that matches no key that anyone could have.
Record ds_without_key(const Name& apex) {
  auto record =
      dns::parse_record(apex.text() + " 3600 IN DS 12345 13 2 " + std::string(64, '0'), apex);
  return std::move(record).value();
}

// All copies of the zone, alternates included.
std::vector<Records*> copies_of(const Name& apex, Scenario& scenario) {
  std::vector<Records*> copies;
  for (Server& server : scenario.servers) {
    for (ZoneCopy& zone : server.zones) {
      if (zone.apex != apex) continue;
      copies.push_back(&zone.records);
      for (auto& [variant, records] : zone.alternates) copies.push_back(&records);
    }
  }
  return copies;
}

// Signs every copy; returns the DS records.
Result<Records> sign_copies(const Name& apex, const std::vector<Records*>& copies,
                            const dns::SigningOptions& options) {
  std::vector<Records> distinct;
  std::vector<std::size_t> which;  // of `distinct`, for each copy
  for (const Records* copy : copies) {
    const auto at = std::find(distinct.begin(), distinct.end(), *copy);
    which.push_back(static_cast<std::size_t>(at - distinct.begin()));
    if (at == distinct.end()) distinct.push_back(*copy);
  }
  const auto signed_zones = dns::sign_zones(apex, distinct, options);
  if (!signed_zones) return Error{"zone " + apex.text() + ": " + signed_zones.error()};
  for (std::size_t i = 0; i < copies.size(); ++i) *copies[i] = signed_zones->copies[which[i]];
  return signed_zones->ds;
}

// Puts the DS records beside the delegation in every zone right above `apex`.
void delegate_securely(const Name& apex, const Records& ds, Scenario& scenario) {
  for (Server& server : scenario.servers) {
    for (ZoneCopy& zone : server.zones) {
      const auto add_to = [&](Records& records) {
        const bool delegates = std::any_of(records.begin(), records.end(), [&](const Record& each) {
          return each.type == dns::RecordType::ns && each.owner == apex;
        });
        if (delegates) records.insert(records.end(), ds.begin(), ds.end());
      };
      if (!apex.is_below(zone.apex)) continue;
      add_to(zone.records);
      for (auto& [variant, records] : zone.alternates) add_to(records);
    }
  }
}

}  // namespace

Result<Records> sign_zones(Scenario& scenario, std::uint32_t now) {
  std::vector<std::pair<Name, Signing>> order(scenario.sign.begin(), scenario.sign.end());
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return a.first.label_count() > b.first.label_count();
  });
  Records anchor;
  for (const auto& [apex, signing] : order) {
    const auto copies = copies_of(apex, scenario);
    if (copies.empty()) return Error{"no server has the zone " + apex.text() + " to be signed"};
    Records ds = {ds_without_key(apex)};
    if (signing != Signing::unsigned_with_ds) {
      auto key_ds = sign_copies(apex, copies, validity(signing, now));
      if (!key_ds) return key_ds;
      if (signing != Signing::wrong_ds) ds = *key_ds;
    }
    if (apex.is_root()) anchor = ds;
    if (signing != Signing::no_ds) delegate_securely(apex, ds, scenario);
  }
  return anchor;
}

}  // namespace dcv::lab
