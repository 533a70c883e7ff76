// The place at which the CA would find the proof.
#include "rules/place_that_counts.h"

#include <algorithm>
#include <utility>

#include "dns/identifier.h"
#include "observe/sight.h"
#include "rules/method.h"
#include "rules/token_shape.h"

namespace dcv::rules {
namespace {

enum class Worth { nothing, records, proof, proof_everywhere };

// In lower case, without what copy and paste adds.
std::string bare(const std::string& value) {
  std::string text;
  for (const char c : value)
    if (c > ' ' && c != '"') text += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

// At a host itself other TXT records belong too: only what looks like a token, or like what is
// expected, tells that somebody meant this place.
bool is_meant(const std::string& value, const std::vector<std::string>& expected) {
  constexpr std::size_t kShortestPart = 8;  // bytes: less may be there by chance
  if (any_token_form(dns::RecordType::txt, value) != nullptr) return true;
  const std::string part = bare(value);
  return std::ranges::any_of(expected, [&](const std::string& each) {
    const std::string whole = bare(each);
    return part.find(whole) != std::string::npos ||
           (part.size() >= kShortestPart && whole.find(part) != std::string::npos);
  });
}

Worth worth_of(const std::vector<std::string>& expected, dns::RecordType type,
               const dns::Name& name, const observe::Step& last, const observe::Index& exchanges) {
  const bool shared = type == dns::RecordType::txt && dns::host_of(name) == name;
  Worth worth = Worth::nothing;
  bool everywhere = true;
  for (const observe::Exchange* exchange : exchanges.select({.zone = &last.zone,
                                           .name = &last.name,
                                           .purpose = observe::Purpose::proof,
                                           .type = type})) {
    const observe::Seen seen = observe::see(*exchange, expected);
    const bool holds = seen.sight == observe::Sight::holds;
    const bool proof = holds && !expected.empty();
    everywhere = everywhere && (proof || seen.sight == observe::Sight::silent ||
                                seen.sight == observe::Sight::not_asked);
    const bool records =
        holds || seen.sight == observe::Sight::other || seen.sight == observe::Sight::partial;
    const bool meant = !shared || std::ranges::any_of(seen.values, [&](const std::string& value) {
      return is_meant(value, expected);
    });
    if (records && meant) worth = std::max(worth, proof ? Worth::proof : Worth::records);
  }
  return worth == Worth::proof && everywhere ? Worth::proof_everywhere : worth;
}

}  // namespace

std::optional<std::size_t> place_that_counts(const observe::Target& target,
                                             const observe::Index& exchanges) {
  const bool one_is_enough = proof_of(method_of(target.method)) == Proof::token;
  if (!one_is_enough || target.others.empty() || target.steps.empty()) return std::nullopt;
  Worth best = worth_of(target.expected, target.type, target.validation_name, target.steps.back(),
                        exchanges);
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < target.others.size(); ++i) {
    const observe::Place& place = target.others[i];
    if (place.steps.empty()) continue;
    const Worth worth =
        worth_of(target.expected, place.type, place.name, place.steps.back(), exchanges);
    if (worth <= best) continue;
    best = worth;
    found = i;
  }
  return found;
}

namespace {

// ACM takes its target without the underscore in front as well, for providers that refuse it.
std::string without_underscore(const std::string& value, const observe::Target& target,
                               const observe::Index& exchanges) {
  if (!value.starts_with('_') || !value.ends_with(".acm-validations.aws.")) return value;
  std::string other = value.substr(1);
  bool there = false;
  const observe::Step& last = target.steps.back();
  for (const observe::Exchange* exchange : exchanges.select({.zone = &last.zone,
                                           .name = &last.name,
                                           .purpose = observe::Purpose::proof,
                                           .type = target.type})) {
    const std::vector<std::string> seen = observe::see(*exchange, {}).values;
    if (std::ranges::find(seen, value) != seen.end()) return value;
    there = there || std::ranges::find(seen, other) != seen.end();
  }
  return there ? other : value;
}

}  // namespace

void move_to_place(observe::Target& target, const observe::Index& exchanges) {
  const std::optional<std::size_t> found = place_that_counts(target, exchanges);
  if (!found) return;
  observe::Place& place = target.others[*found];
  std::swap(place.name, target.validation_name);
  std::swap(place.type, target.type);
  std::swap(place.steps, target.steps);
}

observe::Target at_its_place(const observe::Target& target, const observe::Index& exchanges) {
  observe::Target moved = target;
  for (std::string& value : moved.expected) value = observe::value_expected(value, target.type);
  move_to_place(moved, exchanges);
  if (moved.type != dns::RecordType::cname || moved.steps.empty()) return moved;
  for (std::string& value : moved.expected) value = without_underscore(value, moved, exchanges);
  return moved;
}

}  // namespace dcv::rules
