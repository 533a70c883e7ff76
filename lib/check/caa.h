#pragma once
// The family "caa": may the CA issue, by the CAA records (RFC 8659). What other rooms of the
// judgement need of it comes first; the rest is private to the family.

#include <string>
#include <string_view>
#include <vector>

#include "check/caa_climb.h"
#include "check/family.h"

namespace dcv::check::caa {

// The share of perspectives that read permission when each asks one address a level at random.
double permitting_share(const Case& test);
// The climb met a level of which nothing can be told from here.
bool is_undecided(const Case& test);

// The checks, by subject.
void check_records(const Case& test, const Climb& climb, std::vector<Finding>& findings);
void check_replies(const Case& test, const Climb& climb, std::vector<Finding>& findings);

const FindingKind& kind(std::string_view id);

// The share from level `index` upwards.
double share_from(const Case& test, const Climb& climb, std::size_t index);
double share_of(const Case& test, const Climb& climb, std::size_t index, const View& view);

// Names come from the wire in mixed case; people see them in lower case.
std::string prose(const dns::Name& name);
std::string text(const dns::Caa& record);                // `0 issue "ca.example"`
std::string text(const std::vector<dns::Caa>& records);  // of all, or "none"
std::string servers_text(const Exchanges& exchanges);    // host names, each once
std::vector<Evidence> evidence(const Case& test, const Exchanges& exchanges);
Exchanges alias_replies(const Case& test, const Level& level);  // one for each alias of the level

// Zone-file lines for remedies.
constexpr std::uint32_t kTtl = 3600;                           // seconds
std::string suggested_identity(const observe::CaProfile& ca);  // empty: it stands for any CA
std::string line(const dns::Name& owner, std::uint32_t ttl, const dns::Caa& record);

// The identifier's owner can publish where this level's records stand.
bool is_own(const Case& test, const Level& level);
// A wildcard may make the level's records: then they cannot be removed at the name itself.
bool may_be_wildcard(const Case& test, const Level& level);
// The nearest level below `index` at which the owner can publish a record to end the climb there.
const Level* level_to_publish_at(const Case& test, const Climb& climb, std::size_t index);
// A record for this CA there, in words and as an edit.
Remedy publish(const Case& test, const Level& level, std::string_view tag, std::uint32_t ttl);

}  // namespace dcv::check::caa
