// Names that arise when a panel appends the zone, or when a label is left out.
#include "resolve/suspects.h"

#include "dns/identifier.h"
#include "dns/public_suffix.h"
#include "rules/account_forms.h"
#include "rules/account_label.h"

namespace dcv::resolve {

using dns::Name;

std::vector<Name> misplaced_names(const Name& validation_name, const Name& zone) {
  std::vector<Name> names;
  const Name host = dns::host_of(validation_name);
  const Name registrable = dns::registrable_domain(host);
  for (std::size_t labels = registrable.label_count(); labels <= host.label_count(); ++labels) {
    const Result<Name> doubled = validation_name.joined(host.suffix(labels));
    if (doubled && doubled->is_within(zone)) names.push_back(*doubled);
  }
  if (host.is_below(registrable) && host != validation_name) {
    const Result<Name> above = host.parent().child(validation_name.labels().front());
    if (above && above->is_within(zone)) names.push_back(*above);
  }
  return names;
}

std::vector<Name> names_of_other_accounts(const Name& validation_name,
                                          const std::vector<std::string>& account_uris) {
  std::vector<Name> names;
  for (const std::string& uri : account_uris) {
    if (validation_name.label_count() == 0 ||
        validation_name.labels().front() != rules::account_label(uri))
      continue;
    for (const rules::AccountForm& form : rules::other_forms(uri))
      if (const auto other = validation_name.parent().child(rules::account_label(form.uri)))
        names.push_back(*other);
    names.push_back(validation_name.parent());
  }
  return names;
}

std::optional<Name> target_without_zone(const Name& target, const Name& zone) {
  if (!target.is_below(zone) || zone.is_root()) return std::nullopt;
  std::vector<std::string> labels(
      target.labels().begin(),
      target.labels().end() - static_cast<std::ptrdiff_t>(zone.label_count()));
  if (labels.size() < 2) return std::nullopt;
  const Result<Name> meant = Name::from_labels(std::move(labels));
  if (!meant) return std::nullopt;
  return *meant;
}

std::optional<Name> without_underscore(const Name& name) {
  if (name.is_root() || !name.labels().front().starts_with('_')) return std::nullopt;
  const Result<Name> bare = name.parent().child(name.labels().front().substr(1));
  if (!bare || name.labels().front().size() == 1) return std::nullopt;
  return *bare;
}

}  // namespace dcv::resolve
