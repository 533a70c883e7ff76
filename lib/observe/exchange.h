#pragma once
// One question to one address and what came of it. Plain values.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dns/ip.h"
#include "dns/message.h"
#include "dns/reply_kind.h"

namespace dcv::observe {

// Why the question was asked.
enum class Purpose {
  delegation,      // find the next zone cut: root, registries, ways to name servers and targets
  address,         // A or AAAA of a name server's host
  proof,           // the record that the CA will ask for
  proof_again,     // the same question once more, to sample the back ends behind one address
  proof_tcp,       // the same question over TCP: does TCP work, and is the answer the same
  alias,           // CNAME at the owner: does it stand beside other data
  owner_soa,       // SOA at the owner: which zone holds it
  zone_soa,        // SOA at the apex of the zone
  zone_ns,         // NS at the apex of the zone
  control,         // a random sibling of the owner: does a wildcard answer
  caa,             // CAA at a label of the identifier, or at where an alias leads from there
  ds,              // DS of a zone, asked of its parent's servers
  dnskey,          // DNSKEY at the apex
  suspicion,       // a name where the record is often put by mistake
  unused_address,  // an address where no server can be: does somebody on the way answer for it
  // Asked of resolvers, RD set (see View):
  view,            // the target's records
  view_again,      // the same once more: several caches behind one address
  view_unchecked,  // the same with CD set, after SERVFAIL: is it DNSSEC
  view_servers,    // NS of the zone that holds the records: another view of the domain
  view_control,    // a random sibling: are denials rewritten, or made from NSEC records
  identity,        // id.server CH TXT: which instance answers
};

enum class Transport { udp, tcp, tls, https };

enum class Outcome {
  reply,        // a reply that matched and could be read
  timeout,      // nothing came until the deadline
  refused,      // the port is closed (ICMP port unreachable, TCP reset on connect)
  unreachable,  // this machine has no route, or the network said so
  closed,       // the TCP connection ended before the reply was complete
  malformed,    // something matched by id and address, but could not be read as DNS, or as HTTP
  tls_failed,   // no TLS session: `detail` names it (wrong name, expired, no trust, no ALPN, …)
  http_failed,  // no DNS message by HTTP: its status, media type or error code
  not_asked,    // a named limit was reached, the address may not be asked, or the run was over
};

// How EDNS fared (RFC 6891).
enum class EdnsSupport {
  supported,  // the reply has an OPT record
  ignored,    // the reply has none, but is fine
  rejected,   // FORMERR, NOTIMP or BADVERS with EDNS; answered without
  dropped,    // silence with EDNS; answered without
  unknown,    // no reply to judge by
};

// Whether the server gave the question back in the case it was sent in (0x20).
enum class CaseSupport { kept, changed, unknown };

struct Exchange {
  // The question
  Purpose purpose = Purpose::proof;
  dns::Name zone;    // the server was asked as one for this zone
  dns::Name server;  // host name of the server
  dns::IpAddress address;
  dns::Question question;  // as sent, in mixed case
  // The course
  double sent_at = 0;   // seconds since the start of the run
  double duration = 0;  // seconds until the outcome was known, all attempts included
  int depth = 1;        // 1 + the longest chain of questions that had to be answered before it,
                        // its own included where a reply made us ask again (TC, no EDNS, cookie)
  int attempts = 0;     // packets or connections sent, all transports
  int mismatched = 0;   // replies dropped since id, question or source did not match
  Transport transport = Transport::udp;  // that brought the outcome
  bool truncated = false;                // UDP reply had TC; asked again over TCP
  bool udp_silent = false;               // UDP brought nothing; asked again over TCP
  EdnsSupport edns = EdnsSupport::unknown;
  CaseSupport letter_case = CaseSupport::unknown;
  // The end
  Outcome outcome = Outcome::not_asked;
  std::string detail;                  // one sentence for outcomes other than reply
  std::string bytes;                   // the last reply as received; empty without one
  std::optional<dns::Message> reply;   // `bytes` decoded; set exactly when outcome is reply
  std::optional<dns::ReplyKind> kind;  // classify(reply); set exactly when outcome is reply
};

std::string_view text(Purpose value);
std::string_view text(Transport value);
std::string_view text(Outcome value);
std::string_view text(EdnsSupport value);
std::string_view text(CaseSupport value);

// True for the records that the CA will ask for, however often and by whichever transport.
bool asks_for_proof(Purpose purpose);

// True for what is asked of resolvers, as a client asks.
bool asks_resolver(Purpose purpose);

// True for an outcome that says something about the server, not about this machine or run.
bool blames_server(const Exchange& exchange);

}  // namespace dcv::observe
