// A recursive resolver without a cache; see recursor.h. It trusts what docs/lab.md says of a
// signed zone, and computes no signatures.

#include "lab/recursor.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "dns/dnssec.h"

namespace dcv::lab {
namespace {

using dns::Name;
using dns::RecordType;

constexpr int kMostAliases = 16;           // as Google and Unbound, give or take a few
constexpr int kServersForServers = 3;      // nested look-ups of name servers' own addresses
constexpr int kBogus = 6;                  // RFC 8914 4.7
constexpr int kNoReachableAuthority = 22;  // RFC 8914 4.23

// What DNSSEC says of the way to a zone.
enum class Trust { secure, insecure, bogus };

void append(std::vector<dns::Record>& to, const std::vector<dns::Record>& from) {
  std::copy(from.begin(), from.end(), std::back_inserter(to));
}

// Whether a question of this type would get a usable reply.
bool answers(const Behaviour& behaviour, RecordType type) {
  const bool silent = behaviour.drop || behaviour.closed || behaviour.loss >= 1 ||
                      (behaviour.udp_drop && behaviour.tcp != TcpFault::none);
  const bool useless = behaviour.garbage || behaviour.wrong_id || behaviour.rcode ||
                       behaviour.rcode_by_type.contains(type);
  return !silent && !useless;
}

bool denies(Lookup::Kind kind) {
  return kind == Lookup::Kind::nodata || kind == Lookup::Kind::nxdomain;
}

// One question on its way: down from the root to the zone that answers, and on to an alias's
// target.
class Walk {
 public:
  Walk(const Internet& internet, const ZoneSet& own, const std::string& own_name, int depth = 0)
      : internet_(internet), own_(own), own_name_(own_name), depth_(depth) {}

  // False where no server can be reached.
  bool resolve(Name name, RecordType type, bool dnssec, dns::Message& reply) {
    for (int aliases = 0; aliases <= kMostAliases; ++aliases) {
      const auto lookup = descend(name, type, dnssec);
      if (!lookup) return false;
      reply.rcode = lookup->kind == Lookup::Kind::nxdomain   ? dns::Rcode::nxdomain
                    : lookup->kind == Lookup::Kind::too_long ? dns::Rcode::yxdomain
                                                             : dns::Rcode::noerror;
      append(reply.answer, lookup->answer);
      append(reply.authority, lookup->authority);
      if (lookup->kind != Lookup::Kind::alias) return true;
      name = lookup->target;
    }
    return false;
  }

  Trust trust() const { return trust_; }

 private:
  // A zone as one server has it.
  struct Copy {
    const Zone* zone = nullptr;
    Trust trust = Trust::insecure;  // of this copy, the zones above it trusted
    bool proves_absence = true;
  };

  std::optional<Lookup> descend(const Name& name, RecordType type, bool dnssec) {
    const Name place = type == RecordType::ds && !name.is_root() ? name.parent() : name;
    const Zone* own = own_.zone_for(place, RecordType::soa);
    Copy copy = copy_of(Name(), root_servers(), type);
    Trust trust = copy.trust;
    while (copy.zone != nullptr) {
      Lookup lookup = copy.zone->lookup(name, type, dnssec);
      const bool referral = lookup.kind == Lookup::Kind::referral;
      const Name cut = referral ? lookup.authority.front().owner : place;
      if (own != nullptr && own->apex().is_below(copy.zone->apex()) && cut.is_within(own->apex())) {
        copy = own_copy(*own);
      } else if (referral) {
        copy = copy_of(cut, servers_of(lookup), type);
      } else {
        if (denies(lookup.kind) && !copy.proves_absence && trust == Trust::secure)
          trust = Trust::bogus;
        trust_ = std::max(trust_, trust);
        return lookup;
      }
      if (trust == Trust::secure) trust = copy.trust;
    }
    return std::nullopt;
  }

  // The first server's that answers and has the zone; as a validator does, rather one's whose
  // signatures are right.
  Copy copy_of(const Name& apex, const std::vector<dns::IpAddress>& addresses,
               RecordType type) const {
    if (const Zone* own = own_.zone(apex)) return own_copy(*own);
    Copy best;
    for (const dns::IpAddress& address : addresses) {
      const auto found = internet_.authorities.find(address);
      if (found == internet_.authorities.end()) continue;
      const Authority& authority = found->second;
      const Zone* zone = authority.zones->zone(apex);
      if (zone == nullptr || !answers(authority.behaviour, type)) continue;
      const Copy copy = judged(*zone, authority.server);
      if (best.zone == nullptr || copy.trust < best.trust) best = copy;
    }
    return best;
  }

  Copy own_copy(const Zone& zone) const { return judged(zone, own_name_); }

  Copy judged(const Zone& zone, const std::string& server) const {
    const auto found = internet_.sign.find(zone.apex());
    if (found == internet_.sign.end()) return {&zone, Trust::insecure};
    const ZoneSigning& signing = found->second;
    if (signing.way == Signing::no_ds || signing.way == Signing::unknown_algorithm ||
        (signing.nsec3 && signing.nsec3->iterations > dns::kMostNsec3Iterations))
      return {&zone, Trust::insecure};
    if (signing.way == Signing::wrong_ds || signing.way == Signing::unsigned_with_ds)
      return {&zone, Trust::bogus};
    const auto here = signing.at.find(server);
    const Signing way = here == signing.at.end() ? signing.way : here->second;
    const bool unrectified = way == Signing::unrectified;
    const bool good = way == Signing::good || way == Signing::expiring || unrectified;
    return {&zone, good ? Trust::secure : Trust::bogus, !unrectified};
  }

  std::vector<dns::IpAddress> root_servers() const {
    std::vector<dns::IpAddress> addresses;
    for (const auto& [address, authority] : internet_.authorities)
      if (authority.zones->zone(Name()) != nullptr) addresses.push_back(address);
    return addresses;
  }

  // Addresses from glue, or looked up where there is none.
  std::vector<dns::IpAddress> servers_of(const Lookup& referral) const {
    std::vector<dns::IpAddress> addresses;
    const auto collect = [&](const std::vector<dns::Record>& records) {
      for (const dns::Record& record : records)
        if (const auto address = dns::as_address(record)) addresses.push_back(*address);
    };
    collect(referral.additional);
    for (const dns::Record& record : referral.authority) {
      const auto host = record.type == RecordType::ns ? dns::as_target(record) : std::nullopt;
      const auto is_its = [&](const dns::Record& each) { return each.owner == host; };
      if (!host || std::ranges::any_of(referral.additional, is_its)) continue;
      if (depth_ == kServersForServers) continue;
      for (const RecordType type : {RecordType::a, RecordType::aaaa}) {
        dns::Message reply;
        if (Walk(internet_, own_, own_name_, depth_ + 1).resolve(*host, type, false, reply))
          collect(reply.answer);
      }
    }
    return addresses;
  }

  const Internet& internet_;
  const ZoneSet& own_;
  const std::string& own_name_;
  int depth_;
  Trust trust_ = Trust::secure;  // the worst of all zones that answered
};

}  // namespace

Recursor::Recursor(std::string server_name, std::shared_ptr<const Internet> internet)
    : server_name_(std::move(server_name)), internet_(std::move(internet)) {}

int Recursor::answer(const dns::Message& query, const ZoneSet& own, dns::Message& reply) const {
  const bool dnssec = query.edns && query.edns->dnssec_ok;
  dns::Message found;
  Walk walk(*internet_, own, server_name_);
  const bool reached = walk.resolve(query.question->name, query.question->type, dnssec, found);
  const bool bogus = walk.trust() == Trust::bogus && !query.checking_disabled;
  if (!reached || bogus) {
    reply.rcode = dns::Rcode::servfail;
    return bogus ? kBogus : kNoReachableAuthority;
  }
  reply.rcode = found.rcode;
  reply.answer = std::move(found.answer);
  reply.authority = std::move(found.authority);
  reply.authentic_data =
      walk.trust() == Trust::secure && (dnssec || query.authentic_data) && !query.checking_disabled;
  return 0;
}

}  // namespace dcv::lab
