// Targets that are not as the provider gives them out: another host, an end or a part missing.
#include <algorithm>
#include <cctype>

#include "check/alias.h"
#include "check/provider.h"

namespace dcv::check::provider {

using dns::Name;
using observe::Provider;
using observe::Step;

namespace {

constexpr const char* kIdentifier = "<identifier>";

// The right target when it can be told.
std::optional<Name> name_of(const std::string& text) {
  const Result<Name> name = Name::parse(text);
  if (!name) return {};
  return *name;
}

Finding with_remedy(const Case& test, const Step& step, Finding finding,
                    const std::optional<Name>& wanted, const std::string& form) {
  const observe::Exchange* shown = alias::alias_reply(test, step);
  if (shown) finding.evidence = alias::evidence(test, {shown});
  finding.remedy.action = "Point the alias at " + alias::prose(step.name) + " to " +
                          (wanted ? alias::prose(*wanted) : form) + ".";
  if (!shown || !wanted) return finding;
  const auto hop = dns::alias_at(*shown->reply, step.name);
  finding.remedy.edits =
      alias::replace_alias(test, step, {alias::cname_line(step.name, hop ? hop->ttl : 0, *wanted)});
  return finding;
}

std::map<std::string, std::string> arguments_of(const Step& step, const Provider& row) {
  return {{"owner", alias::prose(step.name)},
          {"target", alias::prose(*step.target)},
          {"provider", row.title}};
}

Finding host_differs(const Case& test, const Step& step, const rules::Match& match) {
  const std::string form = rules::filled(match.provider->target_form, match.host, match.id);
  const auto wanted = name_of(form);
  auto arguments = arguments_of(step, *match.provider);
  arguments["wanted"] = wanted ? alias::prose(*wanted) : form;
  return with_remedy(test, step, found("provider-host-differs", step.name, std::move(arguments)),
                     wanted, form);
}

// True when the record is now as the row wants it.
bool fits(const Case& test, const Step& step, const Name& target, const Provider& row) {
  for (const rules::Match& match :
       rules::recognise(step.name, dns::RecordType::cname, target, test.observation.providers)) {
    if (match.provider->id != row.id) continue;
    return match.owner_fits && match.target_fits &&
           (!row.same_host || match.host == match.target_host);
  }
  return false;
}

// An identifier may be among the labels, only the rest is missing.
std::optional<Name> mended(const Case& test, const Step& step, const rules::Match& match) {
  for (const std::string& label : step.target->labels()) {
    const auto name =
        name_of(rules::filled(match.provider->target_form, match.host, dns::escape(label, ".")));
    if (name && fits(test, step, *name, *match.provider)) return name;
  }
  return {};
}

Finding malformed(const Case& test, const Step& step, const rules::Match& match) {
  const std::string form = rules::filled(match.provider->target_form, match.host, kIdentifier);
  auto arguments = arguments_of(step, *match.provider);
  arguments["form"] = form;
  return with_remedy(test, step,
                     found("provider-target-malformed", step.name, std::move(arguments)),
                     mended(test, step, match), form);
}

// `target` without the zone that a panel may have appended.
Name without_zone(const Name& target, const Name& zone) {
  if (zone.is_root() || !target.is_below(zone)) return target;
  std::vector<std::string> labels = target.labels();
  labels.resize(labels.size() - zone.label_count());
  const Result<Name> shorter = Name::from_labels(std::move(labels));
  return shorter ? *shorter : target;
}

// Only identifiers with a digit are told from words, which may end names of any kind.
bool has_digit(const std::string& id) {
  return std::ranges::any_of(id, [](unsigned char c) { return std::isdigit(c) != 0; });
}

std::optional<Finding> suffix_lost(const Case& test, const Step& step) {
  const Name head = without_zone(*step.target, step.zone);
  for (const rules::Providers* table : {&test.observation.providers, &rules::shipped_providers()}) {
    for (const Provider& row : *table) {
      if (!row.same_host || row.suffix.empty()) continue;
      const auto suffix = name_of(row.suffix);
      const auto whole = suffix ? head.joined(*suffix) : Error{""};
      if (!whole || !fits(test, step, *whole, row)) continue;
      const auto matches =
          rules::recognise(step.name, dns::RecordType::cname, *whole, test.observation.providers);
      if (matches.empty() || !has_digit(matches.front().id)) continue;
      auto arguments = arguments_of(step, row);
      arguments["suffix"] = row.suffix;
      return with_remedy(test, step, found("provider-suffix-lost", step.name, std::move(arguments)),
                         *whole, "");
    }
  }
  return {};
}

}  // namespace

void check_form(const Case& test, std::vector<Finding>& findings) {
  const Step& step = test.target.steps.front();
  if (!step.target || step.through_dname || alias::holds_proof(test)) return;
  if (!alias::wildcard_controls(test).empty()) return;
  const auto matches =
      rules::recognise(step.name, dns::RecordType::cname, *step.target, test.observation.providers);
  if (matches.empty()) {
    if (auto finding = suffix_lost(test, step)) findings.push_back(std::move(*finding));
    return;
  }
  const rules::Match& best = matches.front();
  if (!best.owner_fits || best.provider->target_form.empty()) return;
  if (!best.target_fits)
    findings.push_back(malformed(test, step, best));
  else if (best.provider->same_host && best.host != best.target_host)
    findings.push_back(host_differs(test, step, best));
}

}  // namespace dcv::check::provider
