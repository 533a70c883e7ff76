// Signs the zones that a scenario wants signed; see signing.h.

#include "lab/signing.h"

#include <algorithm>
#include <utility>

#include "dns/dnssec.h"
#include "dns/zone_file.h"
#include "dns/zone_signer.h"

namespace dcv::lab {
namespace {

using dns::Name;
using dns::Record;
using Records = std::vector<Record>;

constexpr std::uint8_t kUnknownAlgorithm = 200;  // unassigned (IANA)
constexpr std::uint32_t kDay = 86400;            // seconds
constexpr std::uint32_t kFar = 7 * kDay;  // validators forgive a day (Unbound: val-sig-skew-max)

dns::SigningOptions options_for(Signing way, const ZoneSigning& signing, std::uint32_t now) {
  if (way == Signing::expired) return {now - 30 * kDay, now - kFar, signing.nsec3};
  if (way == Signing::not_yet) return {now + kFar, now + 30 * kDay, signing.nsec3};
  if (way == Signing::expiring) return {now - 13 * kDay, now + kDay, signing.nsec3};
  return {now - kDay, now + 14 * kDay, signing.nsec3};
}

// A DS that matches no key that anyone could have.
Record ds_without_key(const Name& apex) {
  auto record =
      dns::parse_record(apex.text() + " 3600 IN DS 12345 13 2 " + std::string(64, '0'), apex);
  return std::move(record).value();
}

// A copy of the zone to be signed, and how.
struct Copy {
  Records* records = nullptr;
  Signing way = Signing::good;
};

// All copies of the zone, alternates included.
std::vector<Copy> copies_of(const Name& apex, const ZoneSigning& signing, Scenario& scenario) {
  std::vector<Copy> copies;
  for (Server& server : scenario.servers) {
    const auto own = signing.at.find(server.name);
    const Signing way = own == signing.at.end() ? signing.way : own->second;
    for (ZoneCopy& zone : server.zones) {
      if (zone.apex != apex) continue;
      copies.push_back({&zone.records, way});
      for (auto& [variant, records] : zone.alternates) copies.push_back({&records, way});
    }
  }
  return copies;
}

bool serves(const std::string& name, const Name& apex, const Scenario& scenario) {
  return std::ranges::any_of(scenario.servers, [&](const Server& server) {
    return server.name == name &&
           std::ranges::find(server.zones, apex, &ZoneCopy::apex) != server.zones.end();
  });
}

bool is_unsigned(Signing way) {
  return way == Signing::unsigned_copy || way == Signing::unsigned_with_ds;
}

// What a way of signing leaves broken once all is signed.
void spoil(const Name& apex, Signing way, Records& records) {
  for (Record& record : records) {
    const auto signature = dns::as_rrsig(record);
    if (way == Signing::broken_signatures && signature &&
        signature->covered != dns::RecordType::dnskey)
      record.rdata.back() = static_cast<char>(record.rdata.back() ^ 1);
  }
  if (way != Signing::unrectified) return;
  const auto nsec3 = std::find_if(records.begin(), records.end(), [](const Record& each) {
    return each.type == dns::RecordType::nsec3;
  });
  Name kept = apex;
  if (nsec3 != records.end()) {
    const auto chain = dns::as_nsec3(*nsec3);
    kept = *apex.child(dns::nsec3_label(apex, chain->salt, chain->iterations));
  }
  std::erase_if(records, [&](const Record& each) {
    const auto signature = dns::as_rrsig(each);
    const dns::RecordType type = signature ? signature->covered : each.type;
    return (type == dns::RecordType::nsec || type == dns::RecordType::nsec3) && each.owner != kept;
  });
}

// Signs the copies with one key, equal ones once; returns the DS records.
Result<Records> sign_with_one_key(const Name& apex, const std::vector<Copy>& copies,
                                  const ZoneSigning& signing, std::uint32_t now) {
  std::vector<std::pair<Records, Signing>> distinct;
  std::vector<std::size_t> which;  // of `distinct`, for each copy
  for (const Copy& copy : copies) {
    const std::pair<Records, Signing> wanted{*copy.records, copy.way};
    const auto at = std::find(distinct.begin(), distinct.end(), wanted);
    which.push_back(static_cast<std::size_t>(at - distinct.begin()));
    if (at == distinct.end()) distinct.push_back(wanted);
  }
  std::vector<Records> zones;
  std::vector<dns::SigningOptions> options;
  for (const auto& [records, way] : distinct) {
    zones.push_back(records);
    options.push_back(options_for(way, signing, now));
  }
  auto signed_zones = dns::sign_zones(apex, zones, options);
  if (!signed_zones) return Error{"zone " + apex.text() + ": " + signed_zones.error()};
  for (std::size_t i = 0; i < copies.size(); ++i) {
    *copies[i].records = signed_zones->copies[which[i]];
    spoil(apex, copies[i].way, *copies[i].records);
  }
  return signed_zones->ds;
}

// Signs every copy; returns the DS records for the parent.
Result<Records> sign_copies(const Name& apex, std::vector<Copy> copies, const ZoneSigning& signing,
                            std::uint32_t now) {
  std::erase_if(copies, [](const Copy& copy) { return is_unsigned(copy.way); });
  std::vector<Copy> others;
  const auto has_other_key = [](const Copy& copy) { return copy.way == Signing::other_key; };
  std::copy_if(copies.begin(), copies.end(), std::back_inserter(others), has_other_key);
  std::erase_if(copies, has_other_key);
  if (!others.empty()) {
    auto ds = sign_with_one_key(apex, others, signing, now);
    if (!ds) return ds;
  }
  auto ds = sign_with_one_key(apex, copies, signing, now);
  if (!ds) return ds;
  switch (signing.way) {
    case Signing::unsigned_with_ds:
    case Signing::wrong_ds:
      return Records{ds_without_key(apex)};
    case Signing::no_ds:
      return Records{};
    case Signing::unknown_algorithm: {
      Records changed = *ds;
      for (Record& record : changed) record.rdata[2] = static_cast<char>(kUnknownAlgorithm);
      return changed;
    }
    default:
      return ds;
  }
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
  std::vector<std::pair<Name, ZoneSigning>> order(scenario.sign.begin(), scenario.sign.end());
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return a.first.label_count() > b.first.label_count();
  });
  Records anchor;
  for (const auto& [apex, signing] : order) {
    const auto copies = copies_of(apex, signing, scenario);
    if (copies.empty()) return Error{"no server has the zone " + apex.text() + " to be signed"};
    for (const auto& [server, way] : signing.at)
      if (!serves(server, apex, scenario))
        return Error{"server " + server + " has no zone " + apex.text() + " to be signed"};
    const auto ds = sign_copies(apex, copies, signing, now);
    if (!ds) return ds;
    if (apex.is_root()) anchor = *ds;
    delegate_securely(apex, *ds, scenario);
  }
  return anchor;
}

}  // namespace dcv::lab
