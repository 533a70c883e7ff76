// Which records of a reply may deny something, and what both kinds of denial have in common.

#include "dns/dnssec_denial.h"

#include <algorithm>

#include "dns/reply_kind.h"

namespace dcv::dns {
namespace {

// A signature says of this record that it is of another zone, or made from a wildcard: its owner
// then is no name of the zone, and its span means nothing (CVE-2017-15105).
bool is_foreign(const Record& record, const Message& reply, const Name& zone) {
  return std::ranges::any_of(reply.authority, [&](const Record& each) {
    if (each.owner != record.owner) return false;
    const auto rrsig = as_rrsig(each);
    if (!rrsig || rrsig->covered != record.type) return false;
    const std::size_t own = record.owner.label_count() - (record.owner.is_wildcard() ? 1 : 0);
    return rrsig->signer != zone || rrsig->labels < own;
  });
}

std::vector<Record> usable(const Message& reply, RecordType type, const Name& zone) {
  std::vector<Record> records;
  for (const Record& record : reply.authority) {
    if (record.type != type || !record.owner.is_within(zone)) continue;
    if (!is_foreign(record, reply, zone)) records.push_back(record);
  }
  return records;
}

// A zone has one kind of denial; should both be there, either may prove it.
template <typename Judge, typename Judge3>
DenialState judge(const Message& reply, Denial denial, Judge nsec, Judge3 nsec3) {
  const bool any = std::ranges::any_of(reply.authority, [](const Record& each) {
    return each.type == RecordType::nsec || each.type == RecordType::nsec3;
  });
  if (!any) return DenialState::missing;
  denial.records = usable(reply, RecordType::nsec, denial.zone);
  if (!denial.records.empty() && nsec(denial) == DenialState::proven) return DenialState::proven;
  denial.records = usable(reply, RecordType::nsec3, denial.zone);
  return denial.records.empty() ? DenialState::wrong : nsec3(denial);
}

bool has(const std::vector<RecordType>& types, RecordType type) {
  return std::ranges::find(types, type) != types.end();
}

}  // namespace

bool types_deny(const std::vector<RecordType>& types, const Denial& denial) {
  if (has(types, denial.type) || has(types, RecordType::cname)) return false;
  const bool cut = has(types, RecordType::ns), apex = has(types, RecordType::soa);
  if (denial.delegation && !cut) return false;
  if (denial.type == RecordType::ds) return !apex || denial.name.is_root();
  return !cut || apex;
}

bool hides_descendants(const std::vector<RecordType>& types) {
  return has(types, RecordType::dname) ||
         (has(types, RecordType::ns) && !has(types, RecordType::soa));
}

DenialState check_denial(const Message& reply, const Name& name, RecordType type,
                         const Name& zone) {
  Denial denial{{}, name, type, zone, reply.rcode == Rcode::nxdomain, false};
  denial.delegation = !reply.authoritative && referral_target(reply) == name;
  return judge(reply, std::move(denial), nsec_denial, nsec3_denial);
}

DenialState check_expansion(const Message& reply, const Name& name, std::size_t labels,
                            const Name& zone) {
  return judge(
      reply, Denial{{}, name, RecordType::any, zone, false, false},
      [&](const Denial& denial) { return nsec_expansion(denial, labels); },
      [&](const Denial& denial) { return nsec3_expansion(denial, labels); });
}

}  // namespace dcv::dns
