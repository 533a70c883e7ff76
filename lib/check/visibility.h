#pragma once
// The family "visibility": why a resolver does not show what the authorities have, and until when.
// Its checks and the propagation matrix share the explanation of each view.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "check/family.h"
#include "observe/sight.h"

namespace dcv::check::visibility {

constexpr std::size_t kInstanceBytes = 100;  // kept of a name that an instance gives itself

using Exchanges = std::vector<const observe::Exchange*>;

// What the authorities say: the yardstick for every resolver.
struct Truth {
  std::vector<std::string> needed;   // the expected values; without any what most authorities have
  std::set<std::string> values;      // of any authority
  bool held = false;                 // at least one of them holds what is needed
  int asked = 0, lacking = 0;        // addresses that answer, and those that do not hold it
  std::optional<std::uint32_t> ttl;  // the greatest of the records'
  std::optional<std::uint32_t> negative_ttl;  // min(TTL of the SOA, its minimum)
};
Truth truth_of(const Case& test);

// One question to a resolver that was answered, and what it showed.
struct Sample {
  const observe::Exchange* exchange = nullptr;
  observe::Seen seen;
};

// What one resolver shows of the target, and why it does not show the truth.
struct Sighting {
  const observe::View* view = nullptr;
  const observe::PublicResolver* by = nullptr;
  std::vector<Sample> samples;               // those that brought a reply
  int holding = 0;                           // of them
  const observe::Exchange* shown = nullptr;  // the one that explains it best
  std::string_view id;                       // of the finding that explains it; empty: all is well
  std::string detail;                        // the reason in a few words, as far as there is one
  std::optional<double> wait;                // seconds until it is over; empty: no wait helps
  bool impostor = false;                     // somebody else answers in its place
  bool excused = false;                      // our network lacks what is needed to ask it

  bool answered() const { return !samples.empty(); }
};

// One for each view, in their order; `id` is set for those that do not hold what is needed.
std::vector<Sighting> sightings_of(const Case& test);

// Why one that was answered but does not hold it all fares so. Sets id, detail, wait and shown.
void explain(const Case& test, const Truth& truth, Sighting& sighting);
// Why one that did not answer is silent; the same for all at once, since only together they tell
// that port 53 is blocked.
void explain_silence(const Case& test, std::vector<Sighting>& sightings);

// Signs that something is wrong with the resolver, whether or not it holds the records.
struct Sign {
  std::string_view id;
  std::string detail;
  const observe::Exchange* shown = nullptr;
};
using MaybeSign = std::optional<Sign>;
// It gives other name servers for the zone than the zone has.
MaybeSign split_horizon(const Case& test, const Truth& truth, const Sighting& sighting);
// It has data for a sibling that nobody published, and no wildcard explains that.
MaybeSign rewritten_denials(const Case& test, const Truth& truth, const Sighting& sighting);
// Its TTL is above the authorities'.
MaybeSign raised_ttl(const Case& test, const Truth& truth, const Sighting& sighting);
bool is_sign(std::string_view id);

// Addresses behind which another one answers than it should.
struct Impostors {
  std::vector<const Sighting*> sightings;
  std::string reason;
};
std::vector<Impostors> intercepted(const std::vector<Sighting>& sightings);
// Marks those in whose place they answer: right answers are not theirs either.
void blame_impostors(std::vector<Sighting>& sightings);

bool is_private(const Sighting& sighting);  // the system's, or at an address that is not public

// Addresses at which no host of the Internet can be, and which no authority gives: a filter's.
bool is_nowhere(const Truth& truth, const observe::Exchange& exchange, const observe::Seen& seen);
// Seconds that are left of `ttl` at the observation's time.
double left(const Case& test, const observe::Exchange& exchange, double ttl);
// The exchanges of the view for this purpose.
Exchanges of(const Sighting& sighting, observe::Purpose purpose);
// The EDE codes of a reply (RFC 8914).
std::set<std::uint16_t> extended_errors(const observe::Exchange& exchange);

std::string address_text(const observe::Endpoint& endpoint);  // with a port that is unusual
std::string operator_text(
    const observe::PublicResolver& by);                // "Google", "this machine's resolver", ""
std::string label(const observe::PublicResolver& by);  // "Google (8.8.8.8)"
std::string instance(const Sighting& sighting);        // NSID or id.server; may be empty, cut
std::string reply_text(const Sample& sample, dns::RecordType type);  // "NXDOMAIN, 300 s left"
std::string joined(const std::vector<std::string>& parts);           // "a, b and 3 more"
std::string values_text(const std::vector<std::string>& values, dns::RecordType type);
std::string duration_text(double seconds);    // "42 s", "3 min 20 s", "1 h 30 min"
std::string clock_text(double unix_seconds);  // "2026-09-21 14:13:20 UTC"
// What to do: an imperative sentence, with the operators' flush pages where that helps.
std::string remedy_text(std::string_view id, const std::map<std::string, std::string>& arguments,
                        const std::vector<const observe::PublicResolver*>& by);
// Whether caches are in the way of the CA at all.
std::string ca_text(const observe::CaProfile& profile);
// The CA asks this one (CaProfile::resolvers).
bool is_of_ca(const observe::CaProfile& profile, const observe::PublicResolver& by);

}  // namespace dcv::check::visibility
