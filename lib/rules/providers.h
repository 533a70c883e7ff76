#pragma once
// Who stands behind a record: the table of providers, and recognising one by its records.

#include <string>
#include <string_view>
#include <vector>

#include "dns/name.h"
#include "dns/result.h"
#include "observe/provider.h"

namespace dcv::rules {

using Providers = std::vector<observe::Provider>;

// The table that comes with dcvtools: tools/providers.json. What is specific stands before what is
// generic.
const Providers& shipped_providers();

// A table of one's own: kind "dcv-providers", version 1; docs/providers.md describes it. Errors
// name the row and the field.
Result<Providers> providers_from_json(const std::string& text);

// The row with this id, those of `own` first; null when there is none.
const observe::Provider* find_provider(std::string_view id, const Providers& own);

// A row that a record fits, or nearly fits. Valid as long as `own` and the row in it.
struct Match {
  const observe::Provider* provider = nullptr;
  std::string host = {};                             // from the owner; empty when that does not fit
  std::string target_host = {}, id = {}, zone = {};  // from the target; empty when not told there
  bool owner_fits = false, target_fits = false;
};

// Rows that a CNAME or NS record fits, best first: target and owner, the target alone, an owner
// with a target that only ends as the row's do, and targets that end so alone. Rows of `own` come
// before the shipped ones, and one with the id of a shipped one takes its place.
std::vector<Match> recognise(const dns::Name& owner, dns::RecordType type, const dns::Name& target,
                             const Providers& own);
// Rows that a TXT record fits, owner and value both: a value says nothing by itself.
std::vector<Match> recognise(const dns::Name& owner, const std::string& value,
                             const Providers& own);

// The second record that goes with an alias to a provider: at another name than the alias. Empty
// where none is needed or its names cannot be told. Its TTL says nothing.
std::optional<dns::Record> twin_of(const dns::Name& owner, const dns::Name& target,
                                   const Providers& own);

// `form` with {host} and {id} filled in.
std::string filled(std::string_view form, std::string_view host, std::string_view id);

// Empty when this is a row that can be used, else why not: expressions are compiled.
std::string fault_of(const observe::Provider& provider);

}  // namespace dcv::rules
