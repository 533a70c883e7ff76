// Denial by NSEC records (RFC 4035 5.4): spans between the names of a zone in canonical order.

#include <algorithm>

#include "dns/dnssec_denial.h"

namespace dcv::dns {
namespace {

struct Span {
  Name owner;
  Nsec nsec;
};

std::vector<Span> spans_of(const Denial& denial) {
  std::vector<Span> spans;
  for (const Record& record : denial.records) {
    auto nsec = as_nsec(record);
    if (nsec && nsec->next.is_within(denial.zone)) spans.push_back({record.owner, *nsec});
  }
  return spans;
}

bool lies_in(const Name& name, const Span& span, const Name& zone) {
  return span.owner < name && (name < span.nsec.next || span.nsec.next == zone);
}

// The name lies in the span and has nothing below it, so it does not exist at all.
bool covers(const Span& span, const Name& name, const Name& zone) {
  if (!lies_in(name, span, zone) || span.nsec.next.is_within(name)) return false;
  return !name.is_below(span.owner) || !hides_descendants(span.nsec.types);
}

const Span* covering(const std::vector<Span>& spans, const Name& name, const Name& zone) {
  const auto found =
      std::ranges::find_if(spans, [&](const Span& each) { return covers(each, name, zone); });
  return found == spans.end() ? nullptr : &*found;
}

// The deepest existing ancestor of a name in the span's gap.
Name closest_encloser(const Span& span, const Name& name) {
  const Name left = common_ancestor(span.owner, name),
             right = common_ancestor(span.nsec.next, name);
  return left.label_count() < right.label_count() ? right : left;
}

bool denies_type(const std::vector<Span>& spans, const Denial& denial) {
  for (const Span& span : spans) {
    if (span.owner == denial.name) return types_deny(span.nsec.types, denial);
    // An empty non-terminal: only names below it have data.
    if (lies_in(denial.name, span, denial.zone) && span.nsec.next.is_below(denial.name))
      return !denial.delegation;
  }
  const Span* gap = covering(spans, denial.name, denial.zone);
  if (gap == nullptr || denial.delegation) return false;
  const auto wildcard = closest_encloser(*gap, denial.name).child("*");
  return wildcard && std::ranges::any_of(spans, [&](const Span& span) {
           return span.owner == *wildcard && types_deny(span.nsec.types, denial);
         });
}

bool denies_name(const std::vector<Span>& spans, const Denial& denial) {
  const Span* gap = covering(spans, denial.name, denial.zone);
  if (gap == nullptr) return false;
  const auto wildcard = closest_encloser(*gap, denial.name).child("*");
  return wildcard && covering(spans, *wildcard, denial.zone) != nullptr;
}

}  // namespace

// An NXDOMAIN whose records prove that the name exists without the type is taken as that, as
// validators do.
DenialState nsec_denial(const Denial& denial) {
  const std::vector<Span> spans = spans_of(denial);
  const bool proven = (denial.nxdomain && denies_name(spans, denial)) || denies_type(spans, denial);
  return proven ? DenialState::proven : DenialState::wrong;
}

DenialState nsec_expansion(const Denial& denial, std::size_t labels) {
  const std::vector<Span> spans = spans_of(denial);
  const Span* gap = covering(spans, denial.name, denial.zone);
  if (gap == nullptr) return DenialState::wrong;
  return closest_encloser(*gap, denial.name).label_count() <= labels ? DenialState::proven
                                                                     : DenialState::wrong;
}

}  // namespace dcv::dns
