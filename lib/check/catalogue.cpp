// The list of all families, and finding a kind by its id.
#include "check/catalogue.h"

#include "check/mail.h"
#include "check/provider.h"
#include "check/tls.h"
#include "rules/near.h"

namespace dcv::check {
namespace {

// The root cause first: a broken delegation explains what the later families see.
const Family* const kFamilies[] = {
    &kMethodFamily, &kDelegationFamily, &kTransportFamily, &kDnssecFamily, &kProviderFamily,
    &kAliasFamily,  &kDelegateFamily,   &kAuthorityFamily, &kValueFamily,  &kPersistFamily,
    &kRecordFamily, &kWebFamily,        &kTlsFamily,       &kMailFamily,   &kCaaFamily,
    &kCaFamily,     &kVisibilityFamily, &kCsrFamily};

}  // namespace

std::span<const Family* const> families() {
  return kFamilies;
}

std::vector<const FindingKind*> kinds() {
  std::vector<const FindingKind*> all;
  for (const Family* family : families())
    for (const FindingKind& kind : family->kinds) all.push_back(&kind);
  return all;
}

const FindingKind* find_kind(std::string_view id) {
  for (const FindingKind* kind : kinds())
    if (kind->id == id) return kind;
  return nullptr;
}

std::vector<std::string_view> near_ids(std::string_view text) {
  std::vector<std::string_view> ids;
  for (const FindingKind* kind : kinds()) ids.push_back(kind->id);
  return rules::near_words(text, ids);
}

}  // namespace dcv::check
