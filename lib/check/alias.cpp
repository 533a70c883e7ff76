// The alias family: its rows, and the order in which its checks run.

#include "check/alias.h"

#include <algorithm>
#include <stdexcept>

namespace dcv::check {

namespace {

constexpr std::array kAliasKinds = {
    FindingKind{"alias-loop", Severity::error, Affects::ca,
                "{owner} is an alias for {target}, which leads back to a name met before",
                "RFC 1034 3.6.2", "0.1.0"},
    FindingKind{"alias-chain-too-long", Severity::error, Affects::ca,
                "{count} aliases follow one another from {name}; the resolvers of {ca} give up "
                "after {most}",
                "RFC 1034 3.6.2", "0.1.0"},
    FindingKind{"alias-chain-long", Severity::warning, Affects::ca,
                "{count} aliases follow one another from {name}; some resolvers give up after 8",
                "RFC 1034 3.6.2", "0.1.0"},
    FindingKind{"alias-target-unregistered", Severity::error, Affects::ca,
                "{owner} is an alias for {target}, but {domain} does not exist at its registry. "
                "Takeover risk: whoever registers it can get certificates",
                "RFC 1034 3.6.2", "0.1.0"},
    FindingKind{"alias-target-doubled", Severity::error, Affects::ca,
                "{owner} is an alias for {target}, which ends with {zone} twice and holds no TXT",
                "RFC 1035 5.1", "0.1.0"},
    FindingKind{"alias-target-dot-lost", Severity::error, Affects::ca,
                "{owner} is an alias for {target}, which holds no TXT; {meant} was probably meant",
                "RFC 1035 5.1", "0.1.0"},
    FindingKind{"alias-target-nxdomain", Severity::warning, Affects::ca,
                "{owner} is an alias for {target}, which does not exist", "RFC 8555 8.4", "0.1.0"},
    FindingKind{"alias-target-nodata", Severity::warning, Affects::ca,
                "{owner} is an alias for {target}, which exists but has no TXT record",
                "RFC 8555 8.4", "0.1.0"},
    FindingKind{"alias-target-on-demand", Severity::info, Affects::hygiene,
                "{owner} is an alias for {target}, where {provider} publishes TXT only during "
                "an order",
                "RFC 8555 8.4", "0.1.0"},
    FindingKind{"alias-wildcard", Severity::warning, Affects::ca,
                "{name} has no record of its own; a wildcard CNAME sends it to {target}",
                "RFC 4592 3.3.1", "0.1.0"},
    FindingKind{"alias-beside-txt", Severity::warning, Affects::ca,
                "{name} holds TXT records beside its alias for {target}", "RFC 1034 3.6.2",
                "0.1.0"},
    FindingKind{"alias-beside-data", Severity::warning, Affects::ca,
                "{name} is an alias for {target} and holds {types} too", "RFC 2181 10.1", "0.1.0"},
    FindingKind{"alias-owner-doubled", Severity::error, Affects::ca,
                "{name} does not exist, but {found} has a {type} record: the zone's name is there "
                "twice",
                "RFC 1035 5.1", "0.1.0"},
    FindingKind{"alias-missing", Severity::warning, Affects::ca,
                "{name} does not exist; the alias at {parent} is for {host} and *.{host}",
                "RFC 8555 8.4", "0.1.0"},
    FindingKind{"alias-targets-differ", Severity::warning, Affects::ca,
                "Servers of {zone} disagree about the alias at {name}: {targets}", "RFC 1034 4.3.5",
                "0.1.0"},
    FindingKind{"alias-dname-too-long", Severity::error, Affects::ca,
                "The DNAME at {owner} makes a name of more than 255 bytes out of {name}: its "
                "target is {target}",
                "RFC 6672 2.2", "0.1.0"},
    FindingKind{"alias-dname", Severity::notice, Affects::hygiene,
                "A DNAME at {owner} sends {name} to {target}", "RFC 6672 2.2", "0.1.0"},
};

void check(const Case& test, std::vector<Finding>& findings) {
  if (test.target.steps.empty()) return;
  if (!dns::follows_aliases(test.target.type)) {
    alias::check_length(test, findings);
    return alias::check_place(test, findings);
  }
  alias::check_chain(test, findings);
  alias::check_owner(test, findings);
  alias::check_servers(test, findings);
  // Addresses may be of either family, and stand at other names for good reasons.
  const rules::Proof proof = rules::proof_of(rules::method_of(test.target.method));
  if (proof == rules::Proof::web) return alias::check_registered(test, findings);
  if (proof == rules::Proof::mail) return;
  alias::check_target(test, findings);
  alias::check_place(test, findings);
}

}  // namespace

const Family kAliasFamily = {"alias", kAliasKinds, check};

Finding alias::found(std::string_view id, const dns::Name& subject,
                     std::map<std::string, std::string> arguments) {
  const auto kind = std::ranges::find(kAliasKinds, id, &FindingKind::id);
  if (kind == kAliasKinds.end())
    throw std::logic_error("no such alias finding: " + std::string(id));
  return make_finding(*kind, absolute(subject), std::move(arguments));
}

}  // namespace dcv::check
