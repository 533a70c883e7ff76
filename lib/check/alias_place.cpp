// Records that stand at another name than the one asked for: the zone's name twice, or only the
// parent's alias.

#include <algorithm>
#include <tuple>

#include "check/alias.h"
#include "check/provider.h"
#include "dns/identifier.h"
#include "dns/public_suffix.h"
#include "observe/lookup.h"
#include "rules/method.h"

namespace dcv::check::alias {

using dns::Name;
using observe::Exchange;
using observe::Purpose;
using observe::Step;
using observe::StepEnd;

namespace {

// What a reply says at the name asked for, as zone-file lines for `owner`.
std::vector<std::string> lines_for(const Exchange& exchange, const Name& owner) {
  std::vector<std::string> lines;
  const Name& asked = exchange.question.name;
  for (dns::Record record : exchange.reply->answer) {
    const bool proof = record.type == dns::RecordType::txt || record.type == dns::RecordType::cname;
    if (record.owner != asked || !proof) continue;
    record.owner = owner.lower();
    lines.push_back(dns::zone_line(record));
  }
  std::ranges::sort(lines);
  return lines;
}

// A name under suspicion for this target: the other targets of a run may have made the same slip.
bool is_suspect(const Case& test, const Name& name) {
  const Name& own = test.target.steps.front().name;
  if (name.label_count() < own.label_count()) return name.labels().front() == own.labels().front();
  return std::equal(own.labels().begin(), own.labels().end(), name.labels().begin());
}

// A record at `exchange`'s name says nothing when another name that somebody made up holds the same
// one: then a wildcard answers for both.
bool made_by_wildcard(const Case& test, const Exchange& exchange) {
  const Name& asked = exchange.question.name;
  const std::vector<std::string> lines = lines_for(exchange, asked);
  return std::ranges::any_of(test.observation.exchanges, [&](const Exchange& other) {
    const bool may_tell =
        other.purpose == Purpose::control ||
        (other.purpose == Purpose::suspicion && is_suspect(test, other.question.name));
    return may_tell && other.reply && other.question.name != asked &&
           lines_for(other, asked) == lines;
  });
}

// The usable replies that show TXT or CNAME at `name`, one of the suspicious names.
Exchanges stray_records(const Case& test, const Name& name) {
  Exchanges shown = test.select({.name = &name, .purpose = Purpose::suspicion});
  std::erase_if(shown, [&](const Exchange* exchange) {
    return !exchange->kind || !dns::is_useful(*exchange->kind) ||
           lines_for(*exchange, name).empty() || made_by_wildcard(test, *exchange);
  });
  // Whoever was asked first is chance.
  std::ranges::sort(shown, {}, [](const Exchange* exchange) {
    return std::tuple(exchange->zone, exchange->server, exchange->address);
  });
  return shown;
}

// The host of a target exists, whatever wildcards there are.
bool is_host(const Case& test, const Name& name) {
  return std::ranges::any_of(test.observation.targets, [&](const observe::Target& target) {
    return dns::host_of(target.validation_name) == name;
  });
}

// True if a wildcard right below `tail` would have shown at another name that was asked there.
bool wildcard_ruled_out(const Case& test, const Name& tail) {
  return std::ranges::any_of(test.observation.exchanges, [&](const Exchange& exchange) {
    const bool made_up =
        exchange.purpose == Purpose::control || exchange.purpose == Purpose::suspicion;
    const Name& asked = exchange.question.name;
    return made_up && exchange.kind && dns::is_useful(*exchange.kind) && asked.parent() == tail &&
           !is_host(test, asked);
  });
}

// Only a challenge has such data: one of the expected values, a digest, a provider's target.
bool looks_meant(const Case& test, const Exchange& exchange) {
  const Name& asked = exchange.question.name;
  const auto hop = dns::alias_at(*exchange.reply, asked);
  if (hop) return provider::on_demand(test, hop->target) || is_token_target(test, hop->target);
  return std::ranges::any_of(exchange.reply->answer, [&](const dns::Record& record) {
    const auto value = record.owner == asked ? dns::as_txt(record) : std::nullopt;
    return value && is_proof(test, *value);
  });
}

bool check_doubled(const Case& test, const Name& tail, std::vector<Finding>& findings) {
  const Step& step = test.target.steps.front();
  const auto doubled = step.name.joined(tail);
  if (!doubled) return false;
  const Exchanges shown = stray_records(test, *doubled);
  if (shown.empty()) return false;
  const Exchange& first = *shown.front();
  if (!wildcard_ruled_out(test, tail) && !looks_meant(test, first)) return false;
  const bool alias = dns::alias_at(*first.reply, *doubled).has_value();
  Finding finding = found(
      "alias-owner-doubled", step.name,
      {{"name", prose(step.name)}, {"found", prose(*doubled)}, {"type", alias ? "CNAME" : "TXT"}});
  Exchanges proof = replies(test, step, Purpose::proof);
  if (proof.size() > 1) proof.resize(1);
  proof.insert(proof.end(), shown.begin(), shown.end());
  finding.evidence = evidence(test, proof);
  std::vector<Edit> changes = {
      {absolute(first.zone), "", lines_for(first, *doubled), lines_for(first, step.name)}};
  if (first.zone != step.zone) {
    changes.push_back({absolute(step.zone), "", {}, std::move(changes.front().add)});
    changes.front().add.clear();
  }
  finding.remedy = {"Move the record from " + prose(*doubled) + " to " + prose(step.name) +
                        ": enter the name without the zone, or with a final dot.",
                    std::move(changes)};
  findings.push_back(std::move(finding));
  return true;
}

// The target for this name: providers put the host's name in front of their own.
Name own_target(const Name& target, const Name& parent_host, const Name& host) {
  const std::size_t count = parent_host.label_count();
  if (target.label_count() <= count) return target;
  const auto& labels = target.labels();
  if (!std::ranges::equal(labels.begin(), labels.begin() + static_cast<std::ptrdiff_t>(count),
                          parent_host.labels().begin(), parent_host.labels().end())) {
    return target;
  }
  const auto own = host.joined(target.suffix(target.label_count() - count));
  return own ? *own : target;
}

// Without full stop. Two names with one target get into each other's way; a record does not.
Remedy record_of_its_own(const Case& test, const dns::AliasHop& above) {
  const Step& step = test.target.steps.front();
  const Name host = step.name.parent();
  const Name target = own_target(above.target, host.parent(), host);
  if (target != above.target)
    return {"Add an alias of its own at " + prose(step.name),
            {{absolute(step.zone), "", {}, {cname_line(step.name, above.ttl, target)}}}};
  return {"Publish the TXT record at " + prose(step.name) +
              ", or an alias there for a target that no other name uses",
          {{absolute(step.zone), "", {}, txt_lines(step.name, proof_values(test))}}};
}

void check_inherited(const Case& test, std::vector<Finding>& findings) {
  const Step& step = test.target.steps.front();
  const Name host = step.name.parent();
  const auto parent = host.parent().child(step.name.labels().front());
  if (!parent) return;
  const Exchanges shown = stray_records(test, *parent);
  if (shown.empty()) return;
  const auto hop = dns::alias_at(*shown.front()->reply, *parent);
  if (!hop || hop->dname) return;
  const std::string above = prose(host.parent());
  Finding finding =
      found("alias-missing", step.name,
            {{"name", prose(step.name)}, {"parent", prose(*parent)}, {"host", above}});
  if (!test.target.expected.empty()) finding.severity = Severity::error;
  finding.evidence = evidence(test, shown);
  finding.remedy = record_of_its_own(test, *hop);
  if (!test.target.identifier.starts_with("*."))
    finding.remedy.action += ", or order *." + above + ", which covers " + prose(host) +
                             " and is validated at " + prose(*parent);
  finding.remedy.action += ".";
  findings.push_back(std::move(finding));
}

}  // namespace

void check_place(const Case& test, std::vector<Finding>& findings) {
  const Step& first = test.target.steps.front();
  if (first.end != StepEnd::nxdomain && first.end != StepEnd::nodata) return;
  const Name host = dns::host_of(first.name);
  const Name domain = dns::registrable_domain(host);
  for (std::size_t count = domain.label_count(); count <= host.label_count(); ++count) {
    if (check_doubled(test, host.suffix(count), findings)) return;
  }
  // CAs that look at the names above as well need none at each name.
  const bool needed = rules::proof_of(rules::method_of(test.target.method)) != rules::Proof::token;
  if (needed) check_inherited(test, findings);
}

}  // namespace dcv::check::alias
