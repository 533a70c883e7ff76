// Judges whether all servers of the last zone give the same proof data, and if not, in which of
// four ways they differ: exactly one is told of a name.
#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

#include "check/authority_denial.h"
#include "check/copies.h"
#include "check/persist.h"

namespace dcv::check {
namespace {

using Values = std::set<std::string>;

constexpr std::string_view kRfc1034 = "RFC 1034 4.3.5";

constexpr std::array kAuthorityKinds = {
    FindingKind{.id = "authority-answers-alternate",
                .severity = Severity::warning,
                .affects = Affects::ca,
                .message =
                    "The same question for {name} gets different answers at {lagging}: {saw} "
                    "and {reference}",
                .reference = kRfc1034,
                .since = "0.1.0"},
    FindingKind{.id = "authority-addresses-differ",
                .severity = Severity::warning,
                .affects = Affects::ca,
                .message = "The addresses of one server give different data for {name}: {saw} at "
                           "{lagging}, {reference} at {others}",
                .reference = kRfc1034,
                .since = "0.1.0"},
    FindingKind{.id = "authority-serial-same-data-differs",
                .severity = Severity::warning,
                .affects = Affects::ca,
                .message = "Servers of zone {zone} give different data for {name} at the same SOA "
                           "serial {serial}: {saw} at {lagging}, {reference} at {others}",
                .reference = kRfc1034,
                .since = "0.1.0"},
    FindingKind{.id = "authority-txt-differs",
                .severity = Severity::warning,
                .affects = Affects::ca,
                .message = "Servers of zone {zone} give different data for {name}: {saw} at "
                           "{lagging}, {reference} at {others}",
                .reference = kRfc1034,
                .since = "0.1.0"},
    FindingKind{.id = "authority-name-denied",
                .severity = Severity::warning,
                .affects = Affects::client,
                .message = "{name} has {type} records, but asked for {types} {servers} says that "
                           "the name does not exist, which resolvers may remember for all types",
                .reference = "RFC 8020 2, RFC 2308 5",
                .since = "0.1.0"},
    FindingKind{.id = "authority-serial-differs",
                .severity = Severity::notice,
                .affects = Affects::hygiene,
                .message = "The servers of zone {zone} give the same proof data, but different SOA "
                           "serials: {serials}",
                .reference = kRfc1034,
                .since = "0.1.0"},
};

const FindingKind& row(std::string_view id) {
  const auto found = std::ranges::find(kAuthorityKinds, id, &FindingKind::id);
  if (found == kAuthorityKinds.end()) throw std::logic_error("no finding " + std::string(id));
  return *found;
}

using Group = std::vector<const AddressView*>;

bool alternates(const AddressView& view) {
  return std::ranges::any_of(view.samples, [&](const Sample& sample) {
    return sample.data.values() != view.data().values();
  });
}

bool all_agree(const ProofView& view) {
  return std::ranges::all_of(view.addresses, [&](const AddressView& each) {
    return each.data().values() == view.addresses.front().data().values();
  });
}

// Some host differs within itself, and a set of values exists that every host has somewhere.
bool differ_within_hosts(const ProofView& view) {
  std::map<dns::Name, std::set<Values>> variants;
  for (const AddressView& each : view.addresses)
    variants[each.server->name].insert(each.data().values());
  const bool within =
      std::ranges::any_of(variants, [](const auto& host) { return host.second.size() > 1; });
  const auto& first = variants.begin()->second;
  return within && std::ranges::any_of(first, [&](const Values& values) {
           return std::ranges::all_of(
               variants, [&](const auto& host) { return host.second.contains(values); });
         });
}

// A serial at which two addresses give different data.
std::optional<std::uint32_t> ambiguous_serial(const ProofView& view) {
  std::map<std::uint32_t, Values> first;
  for (const AddressView& each : view.addresses) {
    if (!each.serial) continue;
    const auto [known, added] = first.emplace(*each.serial, each.data().values());
    if (!added && known->second != each.data().values()) return each.serial;
  }
  return std::nullopt;
}

bool has_all_expected(const Case& test, const AddressView& view) {
  return std::ranges::all_of(test.target.expected, [&](const std::string& value) {
    return std::ranges::all_of(view.samples,
                               [&](const Sample& sample) { return sample.data.has(value); });
  });
}

// The address whose data the others should have: the newest serial, then the majority, then the
// one with more values.
const AddressView& best_copy(const ProofView& view) {
  const bool serials =
      std::ranges::all_of(view.addresses, [](const AddressView& each) { return !!each.serial; });
  const auto followers = [&](const AddressView& one) {
    return std::ranges::count_if(view.addresses, [&](const AddressView& each) {
      return each.data().values() == one.data().values();
    });
  };
  const auto is_worse = [&](const AddressView& a, const AddressView& b) {
    if (serials && a.serial != b.serial) return is_newer_serial(*b.serial, *a.serial);
    if (followers(a) != followers(b)) return followers(a) < followers(b);
    return a.data().records.size() < b.data().records.size();
  };
  return *std::max_element(view.addresses.begin(), view.addresses.end(), is_worse);
}

// Lasting records say themselves whether the CA accepts them; else it takes expected values.
bool is_accepted(const Case& test, const AddressView& view) {
  if (!test.target.expected.empty()) return has_all_expected(test, view);
  return std::ranges::all_of(view.samples, [&](const Sample& sample) {
    return persist::is_accepted(test, sample.data.values()).value_or(false);
  });
}

// The addresses that are behind, and the others. Those that the CA does not accept
// are behind, as long as it accepts any address; else those that differ from the best copy.
struct Split {
  Group lagging, others;
};
Split split(const Case& test, const ProofView& view) {
  const auto expected_there = [&](const AddressView& each) { return is_accepted(test, each); };
  const bool by_expected = std::ranges::any_of(view.addresses, expected_there) &&
                           !std::ranges::all_of(view.addresses, expected_there);
  const Values best = best_copy(view).data().values();
  Split parts;
  for (const AddressView& each : view.addresses) {
    const bool right = by_expected ? expected_there(each) : each.data().values() == best;
    (right ? parts.others : parts.lagging).push_back(&each);
  }
  return parts;
}

// "ns1.shop.example and ns2.shop.example (192.0.2.1)": a server of which all addresses are in the
// group goes by its name alone.
std::string listed(const ProofView& view, const Group& group) {
  std::set<std::string> names;
  for (const AddressView* each : group) {
    const bool whole = std::ranges::all_of(view.addresses, [&](const AddressView& other) {
      return other.server->name != each->server->name ||
             std::ranges::find(group, &other) != group.end();
    });
    names.insert(whole ? each->server->name.prose() : each->label());
  }
  return joined({names.begin(), names.end()});
}

// The data of one address; of many values that which is looked for comes first.
std::string data_text(const Case& test, const ProofData& data) {
  Values rest = data.values(), wanted;
  for (const std::string& value : test.target.expected)
    if (rest.erase(value) > 0) wanted.insert(value);
  if (wanted.empty() || rest.size() < 2) return data.text();
  return dns::text(data.type) + " " + shown(wanted, data.type) + " and " +
         std::to_string(rest.size()) + " more";
}

std::string data_text(const Case& test, const Group& group) {
  std::set<std::string> texts;
  for (const AddressView* each : group) texts.insert(data_text(test, each->data()));
  std::string text;
  for (const std::string& each : texts) text += (text.empty() ? "" : " or ") + each;
  return text;
}

// The CA accepts at every server: a difference in further values is nobody's trouble.
void lower_when_harmless(const Case& test, const ProofView& view, Finding& finding) {
  const bool harmless = std::ranges::all_of(
      view.addresses, [&](const AddressView& each) { return is_accepted(test, each); });
  if (!harmless) return;
  finding.severity = Severity::notice;
  finding.affects = Affects::hygiene;
}

void check_alternating(const Case& test, const ProofView& view, std::vector<Finding>& findings) {
  Group alternating;
  for (const AddressView& each : view.addresses)
    if (alternates(each)) alternating.push_back(&each);
  const AddressView& first = *alternating.front();
  const auto other = std::ranges::find_if(first.samples, [&](const Sample& sample) {
    return sample.data.values() != first.data().values();
  });
  Finding finding = make_finding(row("authority-answers-alternate"), view.step->name.text(),
                                 {{"name", view.step->name.prose()},
                                  {"zone", view.step->zone.prose()},
                                  {"lagging", listed(view, alternating)},
                                  {"saw", data_text(test, first.data())},
                                  {"reference", data_text(test, other->data)}});
  for (const AddressView* each : alternating)
    for (const Sample& sample : each->samples)
      finding.evidence.push_back(evidence_of(test, *sample.exchange));
  finding.remedy.action = "Bring all back ends behind " + listed(view, alternating) +
                          " to the same copy of zone " + view.step->zone.prose() + ".";
  lower_when_harmless(test, view, finding);
  findings.push_back(std::move(finding));
}

// With expected values the servers that are behind get them; else they get the better copy.
std::vector<Edit> catching_up(const Case& test, const ProofView& view, const Split& parts) {
  if (!test.target.expected.empty()) {
    Values right(test.target.expected.begin(), test.target.expected.end());
    std::erase_if(right, [&](const std::string& value) { return !view.somewhere(value); });
    return edits_towards(view, {}, right);
  }
  const Values right = parts.others.front()->data().values();
  Values wrong = view.values();
  for (const std::string& value : right) wrong.erase(value);
  return edits_towards(view, wrong, right);
}

void check_differing(const Case& test, const ProofView& view, std::vector<Finding>& findings) {
  const bool within = differ_within_hosts(view);
  const auto serial = ambiguous_serial(view);
  const std::string_view id = within   ? "authority-addresses-differ"
                              : serial ? "authority-serial-same-data-differs"
                                       : "authority-txt-differs";
  const Split parts = split(test, view);
  Finding finding = make_finding(row(id), view.step->name.text(),
                                 {{"name", view.step->name.prose()},
                                  {"zone", view.step->zone.prose()},
                                  {"lagging", listed(view, parts.lagging)},
                                  {"others", listed(view, parts.others)},
                                  {"saw", data_text(test, parts.lagging)},
                                  {"reference", data_text(test, parts.others)},
                                  {"serial", serial ? std::to_string(*serial) : ""}});
  // One of each side in turn, so that the first lines show the difference.
  for (std::size_t i = 0; i < view.addresses.size(); ++i) {
    for (const Group* group : {&parts.lagging, &parts.others})
      if (i < group->size())
        finding.evidence.push_back(evidence_of(test, *group->at(i)->samples.front().exchange));
  }
  const std::string zone = view.step->zone.prose();
  if (within) {
    finding.remedy.action =
        "Make all addresses of a server answer from the same copy of zone " + zone + ".";
  } else {
    finding.remedy.action = serial ? "Raise the serial of zone " + zone +
                                         " with the change, so that all servers fetch it."
                                   : "Make " + listed(view, parts.lagging) +
                                         " fetch the current copy of zone " + zone + ".";
    finding.remedy.edits = catching_up(test, view, parts);
  }
  lower_when_harmless(test, view, finding);
  findings.push_back(std::move(finding));
}

void check_serials(const ProofView& view, const Case& test, std::vector<Finding>& findings) {
  std::map<std::uint32_t, Group> by_serial;
  for (const AddressView& each : view.addresses)
    if (each.serial) by_serial[*each.serial].push_back(&each);
  if (by_serial.size() < 2) return;
  std::string serials;
  Group lagging;
  for (const auto& [serial, group] : by_serial) {
    serials +=
        (serials.empty() ? "" : "; ") + std::to_string(serial) + " at " + listed(view, group);
    const bool old = std::ranges::any_of(
        by_serial, [&](const auto& other) { return is_newer_serial(other.first, serial); });
    if (old) lagging.insert(lagging.end(), group.begin(), group.end());
  }
  findings.push_back(make_finding(row("authority-serial-differs"), view.step->zone.text(),
                                  {{"zone", view.step->zone.prose()},
                                   {"serials", std::move(serials)},
                                   {"lagging", listed(view, lagging)}}));
  for (const AddressView& each : view.addresses)
    if (each.serial) findings.back().evidence.push_back(evidence_of(test, *each.serial_source));
  findings.back().remedy.action = "See that every server of zone " + view.step->zone.prose() +
                                  " is notified of changes and may transfer the zone.";
}

void check_authority(const Case& test, std::vector<Finding>& findings) {
  const ProofView view = proof_view(test);
  if (view.addresses.empty()) return;
  check_denied_types(test, view, findings);
  if (std::ranges::any_of(view.addresses, alternates)) {
    check_alternating(test, view, findings);
  } else if (!all_agree(view)) {
    check_differing(test, view, findings);
  } else {
    check_serials(view, test, findings);
  }
}

// Addresses may differ from server to server on purpose.
constexpr std::array kProofs = {rules::Proof::digest, rules::Proof::persist, rules::Proof::token};

}  // namespace

const Family kAuthorityFamily = {
    .name = "authority", .kinds = kAuthorityKinds, .check = check_authority, .proofs = kProofs};

}  // namespace dcv::check
