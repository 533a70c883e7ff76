#pragma once
// What an observation shows of mail: which domains take it, and which contacts are published.
// Private to the family "mail". Judges no severity.

#include <optional>
#include <string>
#include <vector>

#include "check/family.h"
#include "rules/mail.h"

namespace dcv::check::mail {

using Exchanges = std::vector<const observe::Exchange*>;

// The records of one type at one name, its aliases followed.
struct Sight {
  bool asked = false;
  bool known = false;                   // some server answered, if only that there are none
  bool nxdomain = false;                // known, and the name does not exist
  const observe::Step* last = nullptr;  // where the records stand, or not
  bool aliased = false;                 // that is another name than the one asked for
  std::vector<dns::Record> records;     // of any server, each once, owners in lower case
  Exchanges shown;                      // one reply an address
};
Sight look(const Case& test, const dns::Name& name, dns::RecordType type);

// The addresses of a mail host, or of a domain that has no MX record.
struct Host {
  dns::Name name;
  bool asked = false, known = false, nxdomain = false, aliased = false;
  dns::Name last;                         // where its aliases lead
  std::vector<dns::IpAddress> addresses;  // sorted
  Exchanges shown;

  bool takes_mail() const;  // at least one address is public
};

enum class Route {
  exchange,    // to the hosts of MX records
  address,     // to the domain's own addresses, for want of MX records (RFC 5321 5.1)
  null_mx,     // the domain says that it takes none (RFC 7505)
  unresolved,  // the hosts of the MX records have no addresses
  not_public,  // all addresses are private ones and the like
  none,        // neither MX nor addresses
  unknown,     // a look-up brought nothing
  not_looked,  // none was made
};

struct Domain {
  dns::Name name;
  Route route = Route::not_looked;
  std::vector<Host> hosts;  // with MX records their hosts, without the domain itself
  Sight exchanges;

  bool takes_mail() const { return route == Route::exchange || route == Route::address; }
  // Nothing is known against it.
  bool may_take_mail() const {
    return takes_mail() || route == Route::unknown || route == Route::not_looked;
  }
};
Domain domain_of(const Case& test, const dns::Name& name);
// Those with constructed addresses: the authorization domain names, the identifier's name first.
std::vector<Domain> domains_of(const Case& test);

// A record that is meant to hold a contact.
struct ContactRecord {
  dns::Name name;  // at which the CA looks
  dns::RecordType type = dns::RecordType::txt;
  dns::Name zone;  // that holds it
  std::string value;
  std::string line;                      // of the zone file
  std::vector<std::string> meant_lines;  // in its place, with a fault: one for each address in it
  rules::Contact contact;
  std::optional<Domain> domain;  // of the address, when there is no fault
  Exchanges shown;

  bool usable() const { return domain && domain->may_take_mail(); }
};
// TXT records first, then CAA records, from the identifier's name upwards.
std::vector<ContactRecord> contacts_of(const Case& test);

// All ways by which the CA's mail could arrive.
struct Ways {
  std::vector<Domain> domains;
  std::vector<ContactRecord> contacts;

  bool open() const;       // at least one is known to work
  bool undecided() const;  // none is, but not all are known to fail
};
Ways ways_of(const Case& test);

}  // namespace dcv::check::mail
