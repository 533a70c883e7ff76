#pragma once
// What a reply from an authority means: one pure function, no state.

#include <optional>
#include <string_view>

#include "dns/message.h"

namespace dcv::dns {

enum class ReplyKind {
  answer,                // AA, data of the type asked for at the name asked for
  alias,                 // AA, a CNAME (or a DNAME above) leads to another name
  nodata,                // AA, NOERROR, no such type there; SOA of the enclosing zone is given
  nxdomain,              // AA, NXDOMAIN; SOA of the enclosing zone is given
  nodata_without_soa,    // as nodata, but no SOA: not cacheable, Unbound 1.18 and newer reject it
  nxdomain_without_soa,  // as nxdomain, but no SOA
  referral,              // AA off, NS of a zone cut below the zone asked for, towards the name
  upward_referral,       // NS of the zone asked for itself or of one above it: the server lacks it
  sideways_referral,     // NS of a zone that does not enclose the name
  wrong_zone,            // AA, but negative with the SOA of another zone than the one asked for
  not_authoritative,     // data, or a denial, with AA off: a resolver or a forwarder answered
  refused,               // REFUSED or NOTAUTH: the server does not serve the zone
  servfail,              // SERVFAIL: the zone is known but broken there (expired, not loaded)
  not_implemented,       // NOTIMP
  format_error,          // FORMERR
  other_error,           // any other rcode
};

std::string_view text(ReplyKind kind);  // the enumerator's name, as saved in JSON
std::optional<ReplyKind> reply_kind(std::string_view text);

// `zone` is the apex of the zone for which the server was asked: the server is listed for it.
// The SOA of a zone between `zone` and the name (both on the same server) is not wrong: see
// zone_in().
ReplyKind classify(const Message& reply, const Question& question, const Name& zone);

// Usable without asking another server: answer, alias, nodata, nxdomain (with or without SOA),
// referral.
bool is_useful(ReplyKind kind);
// The server does not serve the zone: refused, servfail, not_implemented, format_error,
// other_error, upward or sideways referral, wrong_zone.
bool is_lame(ReplyKind kind);

// The apex named by the SOA in the answer or authority section, if there is one.
std::optional<Name> zone_in(const Message& reply);
// The SOA record in the answer or authority section.
std::optional<Record> soa_record_in(const Message& reply);
// For a referral: the owner of the NS records in the authority section.
std::optional<Name> referral_target(const Message& reply);

// False where an alias at the name is itself what was asked for (RFC 1034 3.6.2): CNAME, ANY.
bool follows_aliases(RecordType type);

struct AliasHop {
  Name owner;   // of the CNAME, or of the DNAME
  Name target;  // where the name asked for leads; for a DNAME after substitution (RFC 6672)
  bool dname = false;
  std::uint32_t ttl = 0;  // seconds
};
// The first hop at `name` in the answer section.
std::optional<AliasHop> alias_at(const Message& reply, const Name& name);

}  // namespace dcv::dns
