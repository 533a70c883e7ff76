// One zone as an authoritative server sees it; see zone.h.

#include "lab/zone.h"

#include <algorithm>
#include <utility>

#include "dns/dnssec.h"

namespace dcv::lab {
namespace {

using dns::Name;
using dns::Record;
using dns::RecordType;

// The name that a DNAME at `owner` makes of `name` (RFC 6672 2.2).
Result<Name> substitute(const Name& name, const Name& owner, const Name& target) {
  const auto& labels = name.labels();
  const auto kept = static_cast<std::ptrdiff_t>(name.label_count() - owner.label_count());
  auto prefix = Name::from_labels({labels.begin(), labels.begin() + kept});
  return prefix ? prefix->joined(target) : std::move(prefix);
}

}  // namespace

struct Zone::Place {
  enum class Kind { cut, dname, exact, wildcard, missing };
  Kind kind = Kind::missing;
  Name name;      // of the cut, the DNAME, the node itself, the wildcard
  Name encloser;  // deepest existing ancestor, for wildcard and missing
};

class Zone::Builder {
 public:
  Builder(const Zone& zone, bool dnssec) : zone_(zone), dnssec_(dnssec) {}

  // The records of `type` at `owner`, shown under the name `shown`, and their signatures.
  // `cap` bounds the TTL.
  bool add(std::vector<Record>& section, const Name& owner, RecordType type, const Name& shown,
           std::uint32_t cap = UINT32_MAX) const {
    const Node* node = zone_.node(owner);
    if (node == nullptr || !node->contains(type)) return false;
    for (const Record& record : node->at(type)) copy(section, record, shown, cap);
    if (!dnssec_ || !node->contains(RecordType::rrsig)) return true;
    for (const Record& record : node->at(RecordType::rrsig)) {
      const auto signature = dns::as_rrsig(record);
      if (signature && signature->covered == type) copy(section, record, shown, cap);
    }
    return true;
  }

  void add_soa(Lookup& lookup) const {
    const Node* apex = zone_.node(zone_.apex_);
    if (apex == nullptr || !apex->contains(RecordType::soa)) return;
    const Record& record = apex->at(RecordType::soa).front();
    const auto soa = dns::as_soa(record);
    const std::uint32_t cap = soa ? std::min(record.ttl, soa->minimum) : record.ttl;  // RFC 2308 3
    add(lookup.authority, zone_.apex_, RecordType::soa, zone_.apex_, cap);
  }

  // Proves what `name` is or that it is not: its own NSEC record, or the one whose gap it lies in;
  // with NSEC3 the same by hash, for a gap with the closest encloser (RFC 5155 7.2.1).
  void add_denial(Lookup& lookup, const Name& name) const {
    if (!dnssec_) return;
    if (!zone_.nsec3_) return add_span(lookup, name, RecordType::nsec);
    std::size_t count = name.label_count();
    while (count > zone_.apex_.label_count() && zone_.node(hashed(name.suffix(count))) == nullptr)
      --count;
    add_span(lookup, hashed(name.suffix(count)), RecordType::nsec3);
    if (count < name.label_count())
      add_span(lookup, hashed(name.suffix(count + 1)), RecordType::nsec3);
  }

  // Addresses that this zone has for the servers named by NS records in `section`.
  void add_server_addresses(Lookup& lookup, const std::vector<Record>& section) const {
    for (const Record& record : section) {
      if (record.type != RecordType::ns) continue;
      const auto host = dns::as_target(record);
      const Node* node = host ? zone_.node(*host) : nullptr;
      if (node == nullptr) continue;
      for (const RecordType type : {RecordType::a, RecordType::aaaa}) {
        if (!node->contains(type)) continue;
        const auto& addresses = node->at(type);
        lookup.additional.insert(lookup.additional.end(), addresses.begin(), addresses.end());
      }
    }
  }

  Lookup referral(const Name& cut) const {
    Lookup lookup;
    lookup.kind = Lookup::Kind::referral;
    lookup.authority = zone_.node(cut)->at(RecordType::ns);
    add_server_addresses(lookup, lookup.authority);
    if (dnssec_ && !add(lookup.authority, cut, RecordType::ds, cut)) add_denial(lookup, cut);
    return lookup;
  }

  Lookup dname(const Name& owner, const Name& name, RecordType type) const {
    Lookup lookup;
    // Who asks for the CNAME itself does not want to be led on.
    lookup.kind = type == RecordType::cname ? Lookup::Kind::answer : Lookup::Kind::alias;
    const Record& record = zone_.node(owner)->at(RecordType::dname).front();
    add(lookup.answer, owner, RecordType::dname, owner);
    const auto target = substitute(name, owner, dns::as_target(record).value_or(Name()));
    if (!target) {
      lookup.kind = Lookup::Kind::too_long;
      return lookup;
    }
    lookup.target = *target;
    lookup.answer.push_back(dns::make_target(name, RecordType::cname, record.ttl, *target));
    return lookup;
  }

  // Data of the node `owner` for the question (`name`, `type`); the two names differ for a
  // wildcard.
  Lookup data(const Name& owner, const Name& name, RecordType type) const {
    Lookup lookup;
    lookup.kind = Lookup::Kind::answer;
    const Node* node = zone_.node(owner);
    if (type == RecordType::any && node != nullptr) {
      for (const auto& [each, records] : *node) {
        if (each != RecordType::rrsig) add(lookup.answer, owner, each, name);
      }
    } else if (add(lookup.answer, owner, type, name)) {
      add_server_addresses(lookup, lookup.answer);
    } else if (add(lookup.answer, owner, RecordType::cname, name)) {
      lookup.kind = Lookup::Kind::alias;
      lookup.target = dns::as_target(lookup.answer.front()).value_or(Name());
    }
    if (lookup.answer.empty()) {
      lookup.kind = Lookup::Kind::nodata;
      add_soa(lookup);
      add_denial(lookup, owner);
    }
    return lookup;
  }

  Lookup missing(const Name& name, const Name& encloser) const {
    Lookup lookup;
    lookup.kind = Lookup::Kind::nxdomain;
    add_soa(lookup);
    add_denial(lookup, name);
    if (const auto wildcard = encloser.child("*")) add_denial(lookup, *wildcard);
    return lookup;
  }

 private:
  Name hashed(const Name& name) const {
    const auto& chain = *zone_.nsec3_;
    const auto owner = zone_.apex_.child(dns::nsec3_label(name, chain.salt, chain.iterations));
    return owner ? *owner : zone_.apex_;
  }

  // The record of a denial's `type` at `name` or, if there is none, the last one before it; the
  // ring of hashes goes on at its end.
  void add_span(Lookup& lookup, const Name& name, RecordType type) const {
    const auto& nodes = zone_.nodes_;
    auto at = nodes.upper_bound(name);
    for (std::size_t left = nodes.size(); left > 0; --left) {
      if (at == nodes.begin()) at = nodes.end();
      --at;
      if (!at->second.contains(type)) continue;
      const auto known = [&](const Record& r) { return r.type == type && r.owner == at->first; };
      if (std::ranges::none_of(lookup.authority, known))
        add(lookup.authority, at->first, type, at->first);
      return;
    }
  }

  static void copy(std::vector<Record>& section, Record record, const Name& shown,
                   std::uint32_t cap) {
    record.owner = shown;
    record.ttl = std::min(record.ttl, cap);
    section.push_back(std::move(record));
  }

  const Zone& zone_;
  bool dnssec_;
};

Zone::Zone(Name apex, const std::vector<Record>& records) : apex_(std::move(apex)) {
  for (const Record& record : records) {
    if (!record.owner.is_within(apex_)) continue;
    nodes_[record.owner][record.type].push_back(record);
    if (!nsec3_) nsec3_ = dns::as_nsec3(record);
  }
}

std::optional<std::uint32_t> Zone::serial() const {
  const Node* top = node(apex_);
  if (top == nullptr || !top->contains(RecordType::soa)) return std::nullopt;
  const auto soa = dns::as_soa(top->at(RecordType::soa).front());
  return soa ? std::optional(soa->serial) : std::nullopt;
}

const Zone::Node* Zone::node(const Name& name) const {
  const auto found = nodes_.find(name);
  return found == nodes_.end() ? nullptr : &found->second;
}

bool Zone::exists(const Name& name) const {
  const auto next = nodes_.lower_bound(name);  // descendants follow right behind a name
  return next != nodes_.end() && next->first.is_within(name);
}

Zone::Place Zone::find(const Name& name, RecordType type) const {
  for (std::size_t count = apex_.label_count(); count <= name.label_count(); ++count) {
    const Name step = name.suffix(count);
    const bool last = count == name.label_count();
    const bool top = count == apex_.label_count();
    if (!top && !exists(step)) {
      const Name encloser = step.parent();
      const auto wildcard = encloser.child("*");
      if (wildcard && exists(*wildcard)) return {Place::Kind::wildcard, *wildcard, encloser};
      return {Place::Kind::missing, name, encloser};
    }
    const Node* here = node(step);
    if (here == nullptr) continue;
    const bool parent_side = last && type == RecordType::ds;
    if (!top && here->contains(RecordType::ns) && !parent_side) return {Place::Kind::cut, step, {}};
    if (!last && here->contains(RecordType::dname)) return {Place::Kind::dname, step, {}};
  }
  return {Place::Kind::exact, name, {}};
}

Lookup Zone::lookup(const Name& name, RecordType type, bool dnssec) const {
  const Builder builder(*this, dnssec);
  const Place place = find(name, type);
  switch (place.kind) {
    case Place::Kind::cut:
      return builder.referral(place.name);
    case Place::Kind::dname:
      return builder.dname(place.name, name, type);
    case Place::Kind::exact:
      return builder.data(name, name, type);
    case Place::Kind::missing:
      return builder.missing(name, place.encloser);
    case Place::Kind::wildcard:
      break;
  }
  Lookup lookup = builder.data(place.name, name, type);
  builder.add_denial(lookup, name);  // proves that no closer name exists (RFC 4035 3.1.3.3)
  return lookup;
}

}  // namespace dcv::lab
