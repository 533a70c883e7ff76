#pragma once
// A whole run as plain values: everything a check may know. No sockets, no clock.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "dns/ip.h"
#include "dns/name.h"
#include "observe/ca_profile.h"
#include "observe/exchange.h"
#include "observe/fetch.h"
#include "observe/provider.h"
#include "observe/resolver.h"

namespace dcv::observe {

using ExchangeId = std::size_t;  // index into Observation::exchanges

// What is known of the host name in an NS record.
enum class HostState {
  found,       // has addresses from its own zone
  glue_only,   // only the parent's glue is known; its own zone was not asked or gave no answer
  alias,       // the host name is a CNAME (RFC 2181 10.3 forbids it)
  nxdomain,    // does not exist
  nodata,      // exists without A and AAAA
  unresolved,  // no usable reply on the way to its addresses
  circular,    // its address can only be found through itself, and there is no glue
};

struct NameServer {
  dns::Name name;
  bool in_parent = false;                 // in the NS set that the parent's servers give
  bool in_child = false;                  // in the NS set at the zone's own apex
  std::vector<dns::IpAddress> glue;       // from the parent's referrals, sorted
  std::vector<dns::IpAddress> addresses;  // from the host's own zone, sorted
  HostState state = HostState::glue_only;
  std::optional<dns::Name> alias_target;
};

// A zone met on the way, with everything learned of its servers.
struct Zone {
  dns::Name apex;
  dns::Name parent;      // apex of the zone above; the root's is the root
  bool probed = false;   // every address of every server was asked; false for root and registries
  bool referred = true;  // a parent server gave a referral; false: the cut showed only in an SOA
  std::vector<NameServer> servers;     // sorted by name
  std::vector<ExchangeId> delegation;  // the referrals to this zone, one per parent address
};

enum class StepEnd {
  alias,            // a CNAME or DNAME leads on: `target`
  answer,           // at least one server has data of the type asked for, and no alias prevails
  nodata,           // the name exists without the type
  nxdomain,         // the name does not exist
  no_usable_reply,  // every server of the zone is silent, lame or unreachable
  loop,             // an alias back to a name met before
  limit,            // a named limit ended the walk here
};

// One name on the way from the validation name to the proof.
struct Step {
  dns::Name name;
  dns::Name zone;  // apex of the zone that holds it, as far as the walk came
  StepEnd end = StepEnd::no_usable_reply;
  std::optional<dns::Name> target;  // for alias and loop: what most servers say
  bool through_dname = false;
};

// The CAA question at one label of the identifier, climbing (RFC 8659 3), and where its aliases
// lead. The exchanges have Purpose::caa.
struct CaaLevel {
  dns::Name name;
  std::vector<Step> steps;  // as for the proof: the last one is where the records stand, or not
};

// What the CA's kind of resolver, cold and validating, answered one perspective.
struct CaAnswer {
  std::string profile;  // CaProfile::name
  int perspective = 0;  // 0 is the primary one
  dns::Question question;
  double duration = 0;    // seconds
  bool finished = false;  // false: ended by the run's time-out
  dns::Rcode rcode = dns::Rcode::servfail;
  bool secure = false;                // DNSSEC validated
  bool bogus = false;                 // DNSSEC failed; `reason` says why
  std::string reason;                 // the resolver's words
  int extended_error = -1;            // the EDE code that the CA would print (RFC 8914); -1: none
  std::string bytes;                  // the answer packet as the resolver gave it
  std::optional<dns::Message> reply;  // `bytes` decoded
};

// Records that a CA may look at, and the way to them.
struct Place {
  dns::Name name;
  dns::RecordType type = dns::RecordType::txt;
  std::vector<Step> steps;  // at least one
};

// What is to be found by HTTP, and what was.
struct WebSight {
  std::string url = {};           // first asked for
  bool follows_redirects = true;  // the CA would
  std::vector<Fetch> fetches = {};
  std::vector<Handshake> handshakes = {};
};

// Where the proof stands: validation_name, type and steps are the place to publish at. For methods
// that need addresses, these are those of A records.
struct Target {
  std::string identifier;  // as a CA prints it, "*." included
  std::string method = "dns-01";
  dns::Name validation_name;
  std::vector<std::string> expected;  // values of which each must be there; may be empty
  std::vector<Step> steps;            // at least one; the last one's end is the walk's end
  std::vector<CaaLevel> caa = {};     // from the identifier's name up to the top-level domain
  dns::RecordType type = dns::RecordType::txt;  // of the records that are looked for
  std::vector<View> views = {};                 // the public eye; empty when it was not used
  std::string views_withheld = {};              // why no resolver was asked although it was wanted
  std::string profile = {};                     // CaProfile::name to judge for; empty: all
  std::vector<Place> others = {};               // where else the CA may find the proof, or what it
                                                // needs besides: AAAA, MX, other names
  WebSight web = {};                            // for methods that look at web servers
  std::string csr_key = {};           // SHA-256 of the public key to certify, hex; empty: not told
  std::string previous_csr_key = {};  // at a reissue, the same of the CSR before; empty: not told
  // What the CSR names besides host names, such as IP addresses; told of one target of the run
  // only.
  std::vector<std::string> csr_other_names = {};
  // The records that were to be published to delegate validation; none: any that do.
  std::optional<std::vector<dns::Record>> delegation = {};
};

struct Settings {
  bool ipv4 = true, ipv6 = true;  // families asked for
  bool allow_private = false;     // special-purpose addresses may be asked
  double timeout = 30;            // seconds, whole run
  double query_timeout = 3;       // seconds, one question with all its attempts
};

struct Stats {
  int queries = 0;                  // packets and connections sent
  double seconds = 0;               // wall time of the collection
  int round_trips = 0;              // longest chain of questions that depend on each other
  std::vector<std::string> limits;  // the named limits that were reached, in words
};

struct Observation {
  std::string tool_version;
  double started_at = 0;  // Unix seconds
  double now = 0;         // Unix seconds: the clock to judge by
  Settings settings;
  std::vector<Target> targets;
  std::vector<Zone> zones;                      // parents before children; the root first
  std::vector<Exchange> exchanges;              // in the order sent
  std::vector<CaProfile> profiles = {};         // the CAs to judge for, in the order asked for
  std::vector<std::string> account_uris = {};   // of the client's ACME accounts, as far as told
  std::vector<CaAnswer> ca_answers = {};        // the CA eye; empty when it was not used
  std::vector<dns::Record> trust_anchors = {};  // DS or DNSKEY records of the root
  std::vector<Provider> providers = {};         // that the user told of, before the shipped ones
  std::vector<PublicResolver> resolvers = {};   // those of the public eye, in the order wanted
  std::optional<dns::ClientSubnet> client_subnet = {};  // as if from there resolvers were asked
  Stats stats;
};

std::string_view text(HostState value);
std::string_view text(StepEnd value);

}  // namespace dcv::observe
