// The zones of one server; see zone_set.h.

#include "lab/zone_set.h"

#include <algorithm>
#include <utility>

namespace dcv::lab {
namespace {

// More aliases in one answer would only help an attacker; other servers stop at about this many.
constexpr int kAliasesPerAnswer = 16;

void append(std::vector<dns::Record>& to, std::vector<dns::Record> from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

dns::Rcode rcode_of(Lookup::Kind kind) {
  if (kind == Lookup::Kind::nxdomain) return dns::Rcode::nxdomain;
  if (kind == Lookup::Kind::too_long) return dns::Rcode::yxdomain;
  return dns::Rcode::noerror;
}

}  // namespace

const Zone* ZoneSet::zone_for(const dns::Name& name, dns::RecordType type) const {
  const Zone* best = nullptr;
  const Zone* own = nullptr;  // the child's side, for a DS question without a parent here
  for (const Zone& zone : zones_) {
    if (!name.is_within(zone.apex())) continue;
    if (type == dns::RecordType::ds && name == zone.apex()) {
      own = &zone;
    } else if (best == nullptr || zone.apex().is_below(best->apex())) {
      best = &zone;
    }
  }
  return best != nullptr ? best : own;
}

const Zone* ZoneSet::zone(const dns::Name& apex) const {
  const auto found = std::ranges::find(zones_, apex, &Zone::apex);
  return found == zones_.end() ? nullptr : &*found;
}

void ZoneSet::answer(const dns::Question& question, bool dnssec, dns::Message& reply) const {
  std::vector<dns::Name> visited;
  dns::Name name = question.name;
  for (int aliases = 0; aliases <= kAliasesPerAnswer; ++aliases) {
    const Zone* zone = zone_for(name, question.type);
    if (zone == nullptr) break;
    Lookup lookup = zone->lookup(name, question.type, dnssec);
    const bool referral = lookup.kind == Lookup::Kind::referral;
    reply.rcode = rcode_of(lookup.kind);
    reply.authoritative = !referral || !visited.empty();  // AA is about the first name
    append(reply.answer, std::move(lookup.answer));
    append(reply.authority, std::move(lookup.authority));
    append(reply.additional, std::move(lookup.additional));
    if (lookup.kind != Lookup::Kind::alias) return;
    visited.push_back(name);
    name = lookup.target;
    if (std::find(visited.begin(), visited.end(), name) != visited.end()) return;
  }
  if (visited.empty()) reply.rcode = dns::Rcode::refused;
}

}  // namespace dcv::lab
