#pragma once
// A party that validates for others, or takes delegations: how its records look. Plain values.

#include <optional>
#include <string>
#include <vector>

#include "dns/record.h"

namespace dcv::observe {

// One form of record. Expressions match whole names in lower case without final dot, or whole
// values; named groups (?<host>...) are those of Perl. Groups that mean something: host, the name
// that the record stands for; id, what tells one customer or order from the others; zone, the name
// that somebody registers with the provider.
struct Provider {
  std::string id;      // "cloudflare", for --to
  std::string title;   // "Cloudflare Delegated DCV"
  std::string method;  // "dns-01"; empty: shows no CA that somebody controls a name
  dns::RecordType type = dns::RecordType::cname;
  std::string owner;   // expression
  std::string target;  // expression, of the CNAME's or NS's target, or of the TXT value
  // Domain of all its targets: what ends so and does not fit is a slip; empty: there is none.
  std::string suffix;
  // The record to publish, with {host} and {id} to fill in; empty: only recognised.
  std::string owner_form, target_form;
  std::string id_hint;                  // where the user finds the {id}, in words
  std::vector<std::string> cas;         // CaProfile::name of the CAs it uses; empty: any
  bool on_demand = false;               // the proof stands there only while an order is open
  bool same_host = false;               // the group host is the same in owner and target
  bool retired = false;                 // not taken any more
  std::string retired_since;            // "2025-10-28"; empty: not known
  bool claimable = false;               // anyone may register the group zone while nobody has it
  std::optional<int> most_aliases;      // the chain may have so many
  std::optional<int> values;            // TXT values that it keeps at most
  std::string twin_owner, twin_target;  // a second record that is needed, as the forms
  std::string note;                     // one sentence: what is special
  std::string source;
};

}  // namespace dcv::observe
