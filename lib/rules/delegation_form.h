#pragma once
// The records with which somebody delegates validation, or proves control to a provider, as they
// are to be published. Pure: what a zone holds now is not known here.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dns/identifier.h"
#include "dns/ip.h"
#include "dns/record.h"
#include "dns/result.h"
#include "rules/providers.h"

namespace dcv::rules {

// A day's work is done with these: the records stay for years, and an hour is what panels propose.
inline constexpr std::uint32_t kDelegationTtl = 3600;  // seconds

// Identifiers that share a validation name: a host and its wildcard.
struct Host {
  dns::Name name;
  std::vector<std::string> identifiers;
};
// In the order met; each identifier once.
std::vector<Host> hosts_of(const std::vector<dns::Identifier>& identifiers);

// Records for one zone.
struct ZonePart {
  dns::Name zone;
  bool assumed = false;  // nobody said which zone: the registrable domain is taken
  bool theirs = false;   // on other servers: the delegated zone itself
  std::vector<dns::Record> records;
};

// All that delegates one host to one party.
struct Delegation {
  std::string provider, title;           // provider: its id; empty for servers of one's own
  std::vector<std::string> identifiers;  // that it serves
  std::vector<ZonePart> parts;           // the first has the record at the validation name
  bool needed = true;                    // false: the record of a name above serves them too
};

struct ServerHost {
  dns::Name name;
  std::vector<dns::IpAddress> addresses;
};

// In which zone a host's records are: `given`, or the registrable domain.
struct ZoneChoice {
  std::optional<dns::Name> given;
};

// Errors are one sentence: an id that is missing, superfluous or not as the provider's are, with
// where to find it; a zone that does not hold the record; a name that gets too long.
Result<Delegation> delegation_to(const observe::Provider& row, const std::string& id,
                                 const Host& host, const ZoneChoice& zone);
// For providers that show owner and target together.
Result<Delegation> delegation_as_shown(const observe::Provider& row, const dns::Name& owner,
                                       const dns::Name& target, const Host& host,
                                       const ZoneChoice& zone);
// The validation name as a zone of its own.
Result<Delegation> delegation_by_ns(const std::vector<ServerHost>& servers, const Host& host,
                                    const ZoneChoice& zone);
// A record that was made elsewhere.
Result<Delegation> delegation_by(const std::string& title, const dns::Record& record,
                                 const Host& host, const ZoneChoice& zone);
// What makes the zone of a self-hosted acme-dns known: NS and addresses in the zone above it.
Result<ZonePart> instance_part(const dns::Name& apex, const std::vector<ServerHost>& servers);

// Empty unless two of them want records at one name that cannot be there both; else one sentence.
std::string clash_of(const std::vector<Delegation>& delegations);
// What is to be known of them beyond their records, each once and a whole sentence.
std::vector<std::string> notes_of(const std::vector<Delegation>& delegations, const Providers& own);

// True for what somebody can publish by means of the row's forms, or by what the provider shows.
bool can_be_published(const observe::Provider& row);
bool has_forms(const observe::Provider& row);
bool wants_id(const observe::Provider& row);

// The name as panels want it: "_acme-challenge.app" in shop.example, "@" for the zone itself.
std::string name_within(const dns::Name& owner, const dns::Name& zone);

}  // namespace dcv::rules
