// The places by method.
#include "rules/places.h"

#include <algorithm>

#include "dns/public_suffix.h"
#include "rules/account_label.h"

namespace dcv::rules {
namespace {

using dns::Name;
using dns::RecordType;
using Places = std::vector<dns::Question>;

// "a.b." + name: the labels may be several, or none.
Result<Name> below(const std::string& labels, const Name& name) {
  if (labels.empty()) return name;
  const Result<Name> front = Name::parse(labels);
  return front ? front->joined(name) : front;
}

Result<Places> lone(const std::string& labels, const Quest& quest, RecordType type) {
  const Result<Name> name = below(labels, quest.identifier.name);
  if (!name) return Error{name.error()};
  return Places{{*name, type}};
}

Result<Places> account_places(const Quest& quest) {
  if (quest.account_uri.empty())
    return Error{"dns-account-01 needs --account-uri: the label is made of the account's URL"};
  return lone(account_label(quest.account_uri) + "._acme-challenge", quest, RecordType::txt);
}

std::string choices(Method method) {
  return "the records of " + std::string(text(method));
}

// The names that may stand for the identifier with this CA.
std::vector<Name> names_for(const Quest& quest) {
  std::vector<Name> names = authorization_names(quest.identifier.name);
  if (!quest.profile.prunes_labels) names.resize(1);
  return names;
}

// Where the CA told to publish: a label or more before the name itself, or before one that stands
// for it.
Result<Places> told_place(const Quest& quest, RecordType type) {
  const Result<Name> owner = dns::parse_owner(quest.owner);
  if (!owner) return Error{owner.error()};
  const std::vector<Name> names = names_for(quest);
  if (owner->is_within(names.front()) || std::ranges::count(names, dns::host_of(*owner)) > 0)
    return Places{{*owner, type}};
  return Error{owner->prose() + " is no place for its proof, which stands at or below " +
               names.front().prose() +
               (names.size() > 1 ? ", or below a name above it with _labels" : "")};
}

Result<Places> token_places(const Quest& quest) {
  const RecordType type = quest.method == Method::dns_cname ? RecordType::cname : RecordType::txt;
  if (!quest.owner.empty()) return told_place(quest, type);
  Places places;
  for (const Name& name : names_for(quest)) {
    for (const observe::RecordPlace& place : quest.profile.places) {
      if (place.method != text(quest.method)) continue;
      const Result<Name> owner = below(place.label, name);
      if (owner) places.push_back({*owner, type});
    }
  }
  if (places.empty())
    return Error{quest.profile.title + " is not known to look for " + choices(quest.method) +
                 "; where it does, --at OWNER tells the place"};
  return places;
}

Places addresses(const Name& name) {
  return {{name, RecordType::a}, {name, RecordType::aaaa}};
}

Places mail_places(const Quest& quest) {
  Places places;
  const std::vector<Name> names = authorization_names(quest.identifier.name);
  for (const Name& name : names) places.push_back({name, RecordType::mx});
  for (const Name& name : names) {
    if (const Result<Name> contact = below("_validation-contactemail", name))
      places.push_back({*contact, RecordType::txt});
    std::ranges::copy(addresses(name), std::back_inserter(places));
  }
  return places;
}

}  // namespace

std::vector<Name> authorization_names(const Name& name) {
  const Name top = dns::registrable_domain(name);
  std::vector<Name> names = {name};
  while (names.back().is_below(top)) names.push_back(names.back().parent());
  return names;
}

Result<Places> places_of(const Quest& quest) {
  switch (quest.method) {
    case Method::dns_01:
      return lone("_acme-challenge", quest, RecordType::txt);
    case Method::dns_account_01:
      return account_places(quest);
    case Method::dns_persist_01:
      return lone("_validation-persist", quest, RecordType::txt);
    case Method::dns_txt:
    case Method::dns_cname:
      return token_places(quest);
    case Method::http_01:
    case Method::http_file:
    case Method::tls_alpn_01:
      return addresses(quest.identifier.name);
    case Method::email:
      return mail_places(quest);
  }
  return Error{"there is no such method"};
}

}  // namespace dcv::rules
