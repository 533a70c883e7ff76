#pragma once
// Which finding explains which. One table of rules; nothing is explained but by a rule of it.

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "check/finding.h"

namespace dcv::check {

// What of the two findings must fit for the one to explain the other.
enum class Relation {
  same_subject,   // both are about the same name, zone or server
  below,          // the effect is about the cause's domain or zone, or a name within it
  same_target,    // whatever else, both are about the way to the same proof
  same_servers,   // the effect's servers all have findings of the cause's kind
  named_subject,  // the effect is about a server that the cause names
  named_servers,  // the effect rests on what servers say that the cause names
  some_servers,   // same subject, and the effect is only of some of the servers that differ
  same_alias,     // the alias that ends wrongly is the one that should be another
  meant_target,   // the target meant is the one wanted
  too_large,      // same subject, and the answer is longer than UDP carries
};

struct Rule {
  std::string_view cause, effect;
  Relation relation;
};

std::span<const Rule> cause_rules();

// Sets the cause of each finding that another one of the same judgement explains: the first rule
// that applies, followed up to a root. Findings must be sorted by severity.
void find_causes(std::vector<Finding>& findings);

// Indexes: each root with its consequences right behind it. Roots by severity, of equal ones those
// first that explain an error; else in the order given. What has a cause that is no root here
// counts as a root.
std::vector<std::size_t> order_by_cause(const std::vector<const Finding*>& findings);

// The root that explains it, or itself.
const Finding& root_of(const Finding& finding, const std::vector<Finding>& findings);

}  // namespace dcv::check
