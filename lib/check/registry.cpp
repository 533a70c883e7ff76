// Reads denials of whole domains out of an observation.
#include "check/registry.h"

#include <algorithm>

#include "dns/public_suffix.h"
#include "dns/reply_kind.h"

namespace dcv::check {

using dns::Name;

bool is_nobodys(const Name& name) {
  constexpr std::string_view kSpecial[] = {"localhost.", "local.", "invalid.", "test.", "onion."};
  return name.label_count() < 2 || std::ranges::any_of(kSpecial, [&](std::string_view special) {
           return name.is_within(Name::of(special));
         });
}

// A registry is told from a zone of its customers by its servers, which are never probed.
std::optional<Unregistered> unregistered(const Case& test, const Name& name) {
  if (is_nobodys(name)) return {};
  Unregistered found{dns::registrable_domain(name), {}};
  for (Name denied = found.domain; !denied.is_root(); denied = denied.parent()) {
    for (const observe::Exchange* exchange : test.overview.exchanges.select({.name = &denied})) {
      const bool nxdomain = exchange->kind == dns::ReplyKind::nxdomain ||
                            exchange->kind == dns::ReplyKind::nxdomain_without_soa;
      if (!nxdomain || !denied.is_below(exchange->zone)) continue;
      const observe::Zone* zone = observe::find_zone(test.observation, exchange->zone);
      if (zone != nullptr && !zone->probed) found.denials.push_back(exchange);
    }
  }
  if (found.denials.empty()) return {};
  return found;
}

}  // namespace dcv::check
