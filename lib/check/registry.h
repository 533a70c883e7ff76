#pragma once
// What registries say of the domains that others rely on: one that nobody has is anybody's.

#include <optional>
#include <vector>

#include "check/family.h"

namespace dcv::check {

struct Unregistered {
  dns::Name domain;
  std::vector<const observe::Exchange*> denials;  // at least one
};
// The domain that `name` lies in, where its registry has denied it on any walk of the run. Nothing
// for names in domains that nobody can register.
std::optional<Unregistered> unregistered(const Case& test, const dns::Name& name);

// "localhost" and other names without a dot, the root, and what nobody can register (RFC 6761).
bool is_nobodys(const dns::Name& name);

}  // namespace dcv::check
