// The place at which the CA would find the proof.
#include "check/place.h"

#include <algorithm>

#include "observe/sight.h"
#include "rules/method.h"

namespace dcv::check {
namespace {

enum class Worth { nothing, records, proof };

Worth worth_of(const std::vector<std::string>& expected, dns::RecordType type,
               const observe::Step& last, const observe::Index& exchanges) {
  Worth worth = Worth::nothing;
  for (const observe::Exchange* exchange : exchanges.select({.zone = &last.zone,
                                           .name = &last.name,
                                           .purpose = observe::Purpose::proof,
                                           .type = type})) {
    const observe::Sight sight = observe::see(*exchange, expected).sight;
    if (sight == observe::Sight::holds) return expected.empty() ? Worth::records : Worth::proof;
    if (sight == observe::Sight::other || sight == observe::Sight::partial) worth = Worth::records;
  }
  return worth;
}

}  // namespace

std::optional<std::size_t> place_that_counts(const observe::Target& target,
                                             const observe::Index& exchanges) {
  const bool one_is_enough =
      rules::proof_of(rules::method_of(target.method)) == rules::Proof::token;
  if (!one_is_enough || target.others.empty() || target.steps.empty()) return std::nullopt;
  Worth best = worth_of(target.expected, target.type, target.steps.back(), exchanges);
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < target.others.size(); ++i) {
    const observe::Place& place = target.others[i];
    if (place.steps.empty()) continue;
    const Worth worth = worth_of(target.expected, place.type, place.steps.back(), exchanges);
    if (worth <= best) continue;
    best = worth;
    found = i;
  }
  return found;
}

}  // namespace dcv::check
