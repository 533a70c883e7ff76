// Aliases whose last target holds no TXT record: which of the known slips it is.

#include <algorithm>
#include <iterator>

#include "check/alias.h"
#include "check/provider.h"
#include "check/registry.h"
#include "observe/lookup.h"
#include "rules/method.h"

namespace dcv::check::alias {

using dns::Name;
using observe::Purpose;
using observe::Step;
using observe::StepEnd;

namespace {

// The walk's last alias and what its target's servers said.
struct End {
  const Case& test;
  const Step& owner;  // of the alias
  const Step& last;   // its target
  Exchanges shown;    // the alias, then the denials
};

bool is_by_web(const Case& test) {
  return rules::proof_of(rules::method_of(test.target.method)) == rules::Proof::web;
}

std::optional<Finding> unregistered(const End& end) {
  const auto gone = check::unregistered(end.test, end.last.name);
  if (!gone || !gone->domain.is_below(end.last.zone)) return {};
  const Name& domain = gone->domain;
  Exchanges denials = gone->denials;
  Finding finding = found("alias-target-unregistered", end.last.name,
                          {{"owner", prose(end.owner.name)},
                           {"target", prose(end.last.name)},
                           {"domain", prose(domain)}});
  if (!end.shown.empty()) denials.insert(denials.begin(), end.shown.front());
  finding.evidence = evidence(end.test, denials);
  finding.remedy.action = "Replace the alias at " + prose(end.owner.name) +
                          " before somebody else registers " + prose(domain) + ": publish ";
  if (is_by_web(end.test)) {
    finding.remedy.action += "addresses there, or point the alias to a host of yours.";
    return finding;
  }
  finding.remedy.action += "the TXT record there, or point the alias to a name of yours.";
  finding.remedy.edits =
      replace_alias(end.test, end.owner, txt_lines(end.owner.name, proof_values(end.test)));
  return finding;
}

// `name` without the labels of `zone` at its end; nothing when it does not end so.
std::optional<Name> without_zone(const Name& name, const Name& zone) {
  if (zone.is_root() || !name.is_below(zone)) return {};
  std::vector<std::string> labels = name.labels();
  labels.resize(labels.size() - zone.label_count());
  auto shorter = Name::from_labels(std::move(labels));
  if (!shorter) return {};
  return *shorter;
}

Finding wrong_target(const End& end, std::string_view id, std::string_view argument,
                     const Name& value, const Name& meant) {
  Finding finding = found(id, end.last.name,
                          {{"owner", prose(end.owner.name)},
                           {"target", prose(end.last.name)},
                           {std::string(argument), prose(value)}});
  finding.evidence = evidence(end.test, end.shown);
  const auto hop =
      end.shown.empty() ? std::nullopt : dns::alias_at(*end.shown.front()->reply, end.owner.name);
  const std::uint32_t ttl = hop ? hop->ttl : 0;
  finding.remedy = {"Point the alias at " + prose(end.owner.name) + " to " + prose(meant) +
                        " and end the target with a dot.",
                    replace_alias(end.test, end.owner, {cname_line(end.owner.name, ttl, meant)})};
  return finding;
}

std::optional<Finding> doubled(const End& end) {
  const auto meant = without_zone(end.last.name, end.last.zone);
  if (!meant || !meant->is_within(end.last.zone)) return {};
  return wrong_target(end, "alias-target-doubled", "zone", end.last.zone, *meant);
}

// Exchanges that show data or at least existence of `name`.
Exchanges existence(const Case& test, const Name& name) {
  Exchanges shown = test.select({.name = &name, .purpose = Purpose::suspicion});
  std::erase_if(shown, [](const observe::Exchange* exchange) {
    using enum dns::ReplyKind;
    return exchange->kind != answer && exchange->kind != alias && exchange->kind != nodata &&
           exchange->kind != nodata_without_soa;
  });
  return shown;
}

std::optional<Finding> dot_lost(const End& end) {
  const auto meant = without_zone(end.last.name, end.owner.zone);
  if (!meant || meant->label_count() < 2) return {};
  const Exchanges there = existence(end.test, *meant);
  if (there.empty() && !provider::on_demand(end.test, *meant)) return {};
  Finding finding = wrong_target(end, "alias-target-dot-lost", "meant", *meant, *meant);
  const auto place = finding.evidence.begin() + (finding.evidence.empty() ? 0 : 1);
  std::vector<Evidence> pieces = evidence(end.test, there);
  finding.evidence.insert(place, std::make_move_iterator(pieces.begin()),
                          std::make_move_iterator(pieces.end()));
  return finding;
}

std::optional<Finding> on_demand(const End& end) {
  if (!end.test.target.expected.empty()) return {};
  const observe::Provider* provider = provider::on_demand(end.test, end.last.name);
  if (!provider) return {};
  Finding finding = found("alias-target-on-demand", end.last.name,
                          {{"owner", prose(end.owner.name)},
                           {"target", prose(end.last.name)},
                           {"provider", provider->title}});
  finding.evidence = evidence(end.test, end.shown);
  finding.remedy.action =
      "Keep the alias; " + provider->title + " adds the TXT record when it orders.";
  return finding;
}

// A delegation that was just published: who orders adds the record at its target.
bool is_meant(const End& end) {
  const auto& delegation = end.test.target.delegation;
  return delegation && end.test.target.expected.empty() &&
         std::ranges::any_of(*delegation, [&](const dns::Record& record) {
           return dns::as_target(record) == end.last.name;
         });
}

// An alias within one zone has no use of its own: its target was meant to be in a zone below, which
// nobody delegated.
std::string own_zone_text(const End& end) {
  const Name above = end.last.name.parent();
  if (end.last.zone != end.owner.zone || !above.is_below(end.last.zone)) return "";
  return ", or, if " + prose(above) + " is a zone on a server of its own, delegate it with NS " +
         "records in " + prose(end.last.zone) + ": an address record is no delegation";
}

Finding missing(const End& end) {
  const bool exists = end.last.end == StepEnd::nodata;
  Finding finding = found(exists ? "alias-target-nodata" : "alias-target-nxdomain", end.last.name,
                          {{"owner", prose(end.owner.name)}, {"target", prose(end.last.name)}});
  if (!end.test.target.expected.empty()) finding.severity = Severity::error;
  finding.evidence = evidence(end.test, end.shown);
  if (is_nobodys(end.last.name)) {
    finding.remedy = {
        "Remove the alias at " + prose(end.owner.name) + " and publish the TXT record there.",
        replace_alias(end.test, end.owner, txt_lines(end.owner.name, proof_values(end.test)))};
    return finding;
  }
  if (auto remedy = order_of_ones_own(end.test)) {
    finding.remedy = std::move(*remedy);
    return finding;
  }
  finding.remedy = {
      "Publish the TXT record at " + prose(end.last.name) + " in the zone " + prose(end.last.zone) +
          own_zone_text(end) + ".",
      {{absolute(end.last.zone), "", {}, txt_lines(end.last.name, proof_values(end.test))}}};
  return finding;
}

// Of a walk that has come through an alias.
End end_of(const Case& test) {
  const auto& steps = test.target.steps;
  End end{test, steps[steps.size() - 2], steps.back(), {}};
  end.shown = replies(test, end.last, Purpose::proof);
  if (const observe::Exchange* shown = alias_reply(test, end.owner))
    end.shown.insert(end.shown.begin(), shown);
  return end;
}

}  // namespace

std::optional<Remedy> order_of_ones_own(const Case& test) {
  const auto by = provider::delegated(test);
  if (!by || !by->match.provider->on_demand || !by->step->target) return {};
  const Step& alias = *by->step;
  return Remedy{"Leave the order to " + by->match.provider->title +
                    ", which alone can publish at " + prose(test.target.steps.back().name) +
                    "; or, for an order of your own, replace the alias at " + prose(alias.name) +
                    " with the TXT record.",
                replace_alias(test, alias, txt_lines(alias.name, proof_values(test)))};
}

void check_target(const Case& test, std::vector<Finding>& findings) {
  if (!ends_without_proof(test) || !wildcard_controls(test).empty()) return;
  if (provider::explains_end(findings)) return;
  const Step& last = test.target.steps.back();
  if (is_token_target(test, last.name)) return;  // a token in the wrong type: the record family
  const End end = end_of(test);
  for (const auto& slip : {unregistered, doubled, dot_lost, on_demand}) {
    if (auto finding = slip(end)) return findings.push_back(std::move(*finding));
  }
  if (is_meant(end)) return;
  findings.push_back(missing(end));
}

bool is_open_to_takeover(const std::vector<Finding>& findings) {
  return std::ranges::any_of(findings, [](const Finding& each) {
    return each.id == "alias-target-unregistered" || each.id == "provider-name-unclaimed";
  });
}

void check_registered(const Case& test, std::vector<Finding>& findings) {
  if (!ends_without_proof(test)) return;
  if (auto finding = unregistered(end_of(test))) findings.push_back(std::move(*finding));
}

}  // namespace dcv::check::alias
