#pragma once
// What is known of one certificate authority: whom it obeys in CAA, how its resolvers ask, and how
// many places must agree. Data, kept in the observation so that it is judged the same anywhere.

#include <string>
#include <vector>

namespace dcv::observe {

// How many remote perspectives a CA asks besides the primary one, from a date on (BR 3.2.2.9).
struct Quorum {
  double from = 0;  // Unix seconds
  int remotes = 4;
  int may_fail = 1;  // of the remotes
};

// Where the CA looks for a token that is not ACME's: at "LABEL." + name, or at the name itself.
struct RecordPlace {
  std::string method;  // "dns-txt", "dns-cname"
  std::string label;   // "_dnsauth"; empty: none
};

struct CaProfile {
  std::string name;                     // "letsencrypt"
  std::string title;                    // "Let's Encrypt"
  std::vector<std::string> identities;  // issuer domains in CAA; the first is the one to suggest
  std::vector<std::string> methods;  // "dns-01", "http-01", ...: validationmethods labels offered
  std::vector<Quorum> quorum;        // by date, the earliest first; never empty

  // Its resolver
  bool random_case = true;       // 0x20
  bool minimises_names = false;  // RFC 9156
  int edns_size = 1232;          // bytes
  int most_aliases = 11;
  int cache_seconds = 0;     // how long answers may be cached at most
  bool soa_required = true;  // a negative answer without SOA is SERVFAIL (Unbound 1.18+)

  // CAA
  bool honours_accounturi = true;
  bool honours_validationmethods = true;
  std::string account_prefix;       // of the account URIs, when public
  bool critical_flag_1 = false;     // also takes flag bit 1 as critical (Boulder)
  bool exact_identity = true;       // byte for byte: no upper case, no trailing dot
  bool asks_top_level = true;       // asks the top-level domain too, and fails if that fails
  bool failure_may_permit = false;  // BR 3.2.2.8: a failed look-up in an unsigned zone may pass

  std::vector<RecordPlace> places;  // of tokens, the one to publish at first
  bool prunes_labels = true;        // also looks at the names above, up to the registrable domain
  int most_labels = 0;              // of a name that it issues for; 0: not known
  int token_days = 7;               // life time of a token or pending authorization
  // Addresses of the resolvers that it asks, when known: those of a private CA.
  std::vector<std::string> resolvers;
  std::vector<std::string> sources;  // where the facts are from
};

// The profile's quorum that is in force then: the last one whose date has come.
Quorum quorum_at(const CaProfile& profile, double now);

// True when a cold resolver of one answers as that of the other.
bool resolve_alike(const CaProfile& a, const CaProfile& b);

// The first of the shipped table, Let's Encrypt's: judged by when an observation names no profile.
CaProfile default_profile();

}  // namespace dcv::observe
