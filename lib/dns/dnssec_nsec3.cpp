// Denial by NSEC3 records (RFC 5155 8): spans between the hashes of a zone's names.

#include <algorithm>
#include <optional>
#include <string>

#include "dns/bytes.h"
#include "dns/dnssec_denial.h"

namespace dcv::dns {
namespace {

constexpr std::uint8_t kSha1 = 1;        // RFC 5155 11: the only hash there is
constexpr std::uint8_t kOptOutFlag = 1;  // RFC 5155 3.1.2.1

struct Span {
  std::string hash, next;  // base32hex in lower case, which sorts as the hashes do
  Nsec3 nsec3;
  bool opt_out() const { return (nsec3.flags & kOptOutFlag) != 0; }
};

// The NSEC3 records that go together.
struct Chain {
  Name zone;
  std::string salt;
  std::uint16_t iterations = 0;
  std::vector<Span> spans;

  std::string hash(const Name& name) const { return nsec3_label(name, salt, iterations); }

  const Span* matching(const Name& name) const {
    const auto found = std::ranges::find(spans, hash(name), &Span::hash);
    return found == spans.end() ? nullptr : &*found;
  }
  const Span* covering(const Name& name) const {
    const std::string wanted = hash(name);
    const auto found = std::ranges::find_if(spans, [&](const Span& span) {
      const bool last = span.next <= span.hash;
      return last ? wanted > span.hash || wanted < span.next
                  : wanted > span.hash && wanted < span.next;
    });
    return found == spans.end() ? nullptr : &*found;
  }
};

Chain chain_of(const Denial& denial) {
  Chain chain;
  chain.zone = denial.zone;
  for (const Record& record : denial.records) {
    auto nsec3 = as_nsec3(record);
    if (!nsec3 || nsec3->hash_algorithm != kSha1 || nsec3->flags > kOptOutFlag) continue;
    if (record.owner.is_root() || record.owner.parent() != denial.zone) continue;
    if (chain.spans.empty()) {
      chain.salt = nsec3->salt;
      chain.iterations = nsec3->iterations;
    }
    if (nsec3->salt != chain.salt || nsec3->iterations != chain.iterations) continue;
    chain.spans.push_back(
        {record.owner.lower().labels().front(), base32hex(nsec3->next_hash), std::move(*nsec3)});
  }
  return chain;
}

// The closest encloser proof (RFC 5155 8.3): the deepest ancestor that exists, and the span that
// says that the next name towards `name` does not.
struct Encloser {
  Name name;
  const Span* gap = nullptr;
};
std::optional<Encloser> closest_encloser(const Chain& chain, const Name& name) {
  for (std::size_t count = name.label_count(); count-- > chain.zone.label_count();) {
    const Span* match = chain.matching(name.suffix(count));
    if (match == nullptr) continue;
    if (hides_descendants(match->nsec3.types)) return std::nullopt;
    const Span* gap = chain.covering(name.suffix(count + 1));
    if (gap == nullptr) return std::nullopt;
    return Encloser{name.suffix(count), gap};
  }
  return std::nullopt;
}

DenialState proven_by(const Span& gap) {
  return gap.opt_out() ? DenialState::insecure : DenialState::proven;
}

DenialState denies_type(const Chain& chain, const Denial& denial) {
  if (const Span* match = chain.matching(denial.name))
    return types_deny(match->nsec3.types, denial) ? DenialState::proven : DenialState::wrong;
  const auto encloser = closest_encloser(chain, denial.name);
  if (!encloser) return DenialState::wrong;
  // Unsigned delegations may lie in an opt-out span (RFC 5155 8.6).
  if (encloser->gap->opt_out()) return DenialState::insecure;
  const auto wildcard = encloser->name.child("*");
  const Span* match = wildcard ? chain.matching(*wildcard) : nullptr;
  if (match == nullptr || denial.delegation || !types_deny(match->nsec3.types, denial))
    return DenialState::wrong;
  return DenialState::proven;
}

std::optional<DenialState> denies_name(const Chain& chain, const Denial& denial) {
  if (chain.matching(denial.name) != nullptr) return std::nullopt;
  const auto encloser = closest_encloser(chain, denial.name);
  if (!encloser) return std::nullopt;
  const auto wildcard = encloser->name.child("*");
  if (!wildcard || chain.covering(*wildcard) == nullptr) return std::nullopt;
  return proven_by(*encloser->gap);
}

}  // namespace

DenialState nsec3_denial(const Denial& denial) {
  const Chain chain = chain_of(denial);
  if (chain.spans.empty()) return DenialState::wrong;
  if (chain.iterations > kMostNsec3Iterations) return DenialState::insecure;
  if (denial.nxdomain)
    if (const auto state = denies_name(chain, denial)) return *state;
  return denies_type(chain, denial);
}

DenialState nsec3_expansion(const Denial& denial, std::size_t labels) {
  const Chain chain = chain_of(denial);
  if (chain.spans.empty() || labels >= denial.name.label_count()) return DenialState::wrong;
  if (chain.iterations > kMostNsec3Iterations) return DenialState::insecure;
  const Span* gap = chain.covering(denial.name.suffix(labels + 1));
  return gap == nullptr ? DenialState::wrong : proven_by(*gap);
}

}  // namespace dcv::dns
