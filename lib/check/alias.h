#pragma once
// The alias family: its checks, and what they share with those of the family "provider".

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "check/family.h"
#include "dns/reply_kind.h"

namespace dcv::check::alias {

// The checks, by subject.
void check_target(const Case& test, std::vector<Finding>& findings);  // the end of an alias
// Only whether that is in a domain which somebody else can register.
void check_registered(const Case& test, std::vector<Finding>& findings);
void check_chain(const Case& test, std::vector<Finding>& findings);  // the way there
// The length of the way alone, for CNAME records that are the proof.
void check_length(const Case& test, std::vector<Finding>& findings);
void check_owner(const Case& test, std::vector<Finding>& findings);    // data beside an alias
void check_place(const Case& test, std::vector<Finding>& findings);    // records at other names
void check_servers(const Case& test, std::vector<Finding>& findings);  // servers that differ
// An alias that leads to what nobody holds has been told: that explains why there is nothing.
bool is_open_to_takeover(const std::vector<Finding>& findings);

using Exchanges = std::vector<const observe::Exchange*>;

// A finding of the family's row `id`.
Finding found(std::string_view id, const dns::Name& subject,
              std::map<std::string, std::string> arguments);
// Names come from the wire in mixed case; people see them in lower case.
std::string absolute(const dns::Name& name);  // with the final dot
std::string prose(const dns::Name& name);     // without
std::vector<Evidence> evidence(const Case& test, const Exchanges& exchanges);

// The usable replies at the step's name by servers of its zone, referrals aside.
Exchanges replies(const Case& test, const observe::Step& step, observe::Purpose purpose);
// The first reply that shows the alias which the walk followed; null when there is none.
const observe::Exchange* alias_reply(const Case& test, const observe::Step& step);
// Control questions that got the very alias of the first step: a wildcard makes it.
Exchanges wildcard_controls(const Case& test);
// True if the walk came to the last step through an alias and there is no proof at all there.
bool ends_without_proof(const Case& test);

// True for what a CA may look for: an expected value, or without any a digest or token.
bool is_proof(const Case& test, const std::string& value);
// True if the target itself is what a CA looks for: then it is no alias that leads on.
bool is_token_target(const Case& test, const dns::Name& target);
// True if the walk ends with what the CA asks for: all expected values, or without any a digest.
bool holds_proof(const Case& test);

// Zone-file lines for remedies.
constexpr std::uint32_t kProofTtl = 60;  // seconds; short, since the value changes each order
std::string cname_line(const dns::Name& owner, std::uint32_t ttl, const dns::Name& target);
std::vector<std::string> txt_lines(const dns::Name& owner, const std::vector<std::string>& values);
// What belongs at the end: the expected values, else the digests found there, else a placeholder.
std::vector<std::string> proof_values(const Case& test);

// `add` in place of the step's alias. Nothing is removed when a wildcard makes the alias, since any
// record at the name ends that; empty when a DNAME makes it.
std::vector<Edit> replace_alias(const Case& test, const observe::Step& step,
                                std::vector<std::string> add);

// What to do about a value at a target where only a provider can publish; empty elsewhere.
std::optional<Remedy> order_of_ones_own(const Case& test);

// Changes by server, as one edit when they are the same at all `servers` of the zone.
struct Change {
  std::vector<std::string> remove, add;
  friend bool operator==(const Change&, const Change&) = default;
};
std::vector<Edit> edits(const dns::Name& zone, const std::map<dns::Name, Change>& changes,
                        std::size_t servers);

}  // namespace dcv::check::alias
