// The place at which the CA would find the proof.
#include "check/place.h"

#include <algorithm>

#include "dns/identifier.h"
#include "observe/sight.h"
#include "rules/method.h"
#include "rules/token_shape.h"

namespace dcv::check {
namespace {

enum class Worth { nothing, records, proof };

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
  if (rules::any_token_form(dns::RecordType::txt, value) != nullptr) return true;
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
  for (const observe::Exchange* exchange : exchanges.select({.zone = &last.zone,
                                           .name = &last.name,
                                           .purpose = observe::Purpose::proof,
                                           .type = type})) {
    const observe::Seen seen = observe::see(*exchange, expected);
    const bool holds = seen.sight == observe::Sight::holds;
    if (holds && !expected.empty()) return Worth::proof;
    const bool records =
        holds || seen.sight == observe::Sight::other || seen.sight == observe::Sight::partial;
    const bool meant = !shared || std::ranges::any_of(seen.values, [&](const std::string& value) {
      return is_meant(value, expected);
    });
    if (records && meant) worth = Worth::records;
  }
  return worth;
}

}  // namespace

std::optional<std::size_t> place_that_counts(const observe::Target& target,
                                             const observe::Index& exchanges) {
  const bool one_is_enough =
      rules::proof_of(rules::method_of(target.method)) == rules::Proof::token;
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

}  // namespace dcv::check
