// Tokens in a form that the CA does not take: one that ended, or a record of the other type.
#include <algorithm>

#include "check/record.h"
#include "dns/reply_kind.h"
#include "observe/sight.h"
#include "rules/token_shape.h"

namespace dcv::check::record {
namespace {

using dns::RecordType;
using observe::Exchange;
using observe::Purpose;

bool is_proof_name(const Sight& sight, const std::string& target) {
  if (sight.missing.contains(target)) return true;
  if (rules::token_form(RecordType::cname, target, sight.test.profile.name)) return true;
  const auto name = dns::Name::parse(target);
  return name && !name->is_root() && sight.missing.contains(name->labels().front());
}

// TXT is wanted, and the name is an alias for something that only the CA's CNAME method knows.
bool check_alias_for_txt(const Sight& sight, std::vector<Finding>& findings) {
  const observe::Step& first = sight.test.target.steps.front();
  if (!first.target || first.through_dname) return false;
  const std::string target = first.target->lower().text();
  if (!is_proof_name(sight, target)) return false;
  Finding finding = found(sight, "record-type-wrong", {},
                          {{"other", "CNAME"},
                           {"saw", first.target->lower().prose()},
                           {"name", first.name.lower().prose()}});
  finding.subject = first.name.lower().text();
  finding.evidence.clear();
  std::optional<std::uint32_t> ttl;
  for (const Exchange* exchange :
       sight.test.select({.zone = &first.zone, .name = &first.name, .purpose = Purpose::proof})) {
    const auto hop = exchange->reply ? dns::alias_at(*exchange->reply, first.name) : std::nullopt;
    if (!hop) continue;
    ttl = hop->ttl;
    finding.evidence.push_back(evidence_of(sight.test, *exchange));
  }
  finding.remedy.action = "Publish a TXT record at " + first.name.lower().prose() +
                          " in place of the CNAME, or choose the CNAME method.";
  if (ttl && !sight.missing.empty()) {
    Edit edit{.zone = first.zone.lower().text(), .server = "", .remove = {}, .add = {}};
    edit.remove.push_back(dns::zone_line(
        dns::make_target(first.name.lower(), RecordType::cname, *ttl, *first.target)));
    for (const std::string& value : sight.missing)
      edit.add.push_back(dns::zone_line(dns::make_txt(first.name.lower(), *ttl, value)));
    finding.remedy.edits.push_back(std::move(edit));
  }
  findings.push_back(std::move(finding));
  return true;
}

// A token's text, as somebody may have put it into TXT: the target, or its random label alone.
bool is_meant_for_cname(const Sight& sight, const std::string& text) {
  if (rules::token_form(RecordType::cname, text, sight.test.profile.name)) return true;
  if (sight.missing.contains(observe::value_expected(text, RecordType::cname))) return true;
  return std::ranges::any_of(sight.missing, [&](const std::string& target) {
    const auto name = dns::Name::parse(target);
    return name && !name->is_root() && name->labels().front() == text;
  });
}

// CNAME is wanted, and TXT stands there.
bool check_txt_for_alias(const Sight& sight, std::vector<Finding>& findings) {
  if (!sight.seen.empty()) return false;
  const observe::Step& step = *sight.view.step;
  std::map<std::string, std::string> lines;  // by value
  std::vector<Evidence> evidence;
  for (const Exchange* exchange :
       sight.test.select({.zone = &step.zone, .name = &step.name, .purpose = Purpose::suspicion})) {
    const std::optional<ProofData> data = proof_data(*exchange);
    if (!data || data->type != RecordType::txt) continue;
    for (const auto& [value, record] : data->records) {
      if (!is_meant_for_cname(sight, value)) continue;
      lines[value] = dns::zone_line(record);
      evidence.push_back(evidence_of(sight.test, *exchange));
    }
  }
  if (lines.empty()) return false;
  Finding finding = found(sight, "record-type-wrong", {},
                          {{"other", "TXT"}, {"saw", shown(lines.begin()->first)}});
  finding.evidence = std::move(evidence);
  finding.remedy = replacing(
      sight, {},
      "Publish a CNAME record at " + step.name.lower().prose() + " in place of the TXT record.");
  if (finding.remedy.edits.size() == 1)
    for (const auto& [value, line] : lines) finding.remedy.edits.front().remove.push_back(line);
  findings.push_back(std::move(finding));
  return true;
}

}  // namespace

bool check_form(const Sight& sight, std::vector<Finding>& findings) {
  if (sight.type() != RecordType::cname) return false;
  for (const std::string& value : sight.seen) {
    const auto* form = rules::token_form(RecordType::cname, value, sight.test.profile.name);
    if (form == nullptr || !form->retired) continue;
    const bool dated = !form->retired_since.empty();
    Finding finding =
        found(sight, "record-form-retired", {value},
              {{"since", dated ? ", since " + std::string(form->retired_since) : ""}});
    // Without a day somebody may still be served, but not who was given another value.
    if (!dated && sight.missing.empty()) finding.severity = Severity::warning;
    finding.remedy.action = "Take the record in its present form from " + sight.ca() +
                            ", publish it, and remove " + sight.view.step->name.lower().prose() +
                            ".";
    findings.push_back(std::move(finding));
    return true;
  }
  return false;
}

bool check_type(const Sight& sight, std::vector<Finding>& findings) {
  return sight.type() == RecordType::txt ? check_alias_for_txt(sight, findings)
                                         : check_txt_for_alias(sight, findings);
}

bool check_owner(const Sight& sight, std::vector<Finding>& findings) {
  const observe::Step& step = *sight.view.step;
  const dns::Name& owner = step.name;
  if (!sight.seen.empty() || owner.is_root() || !owner.labels().front().starts_with('_'))
    return false;
  const auto bare = owner.parent().child(owner.labels().front().substr(1));
  if (!bare) return false;
  for (const Exchange* exchange :
       sight.test.select({.name = &*bare, .purpose = Purpose::suspicion})) {
    const std::optional<ProofData> data = proof_data(*exchange);
    if (!data || data->type != RecordType::cname) continue;
    for (const auto& [target, record] : data->records) {
      if (!is_proof_name(sight, target)) continue;
      Finding finding =
          found(sight, "record-underscore-lost", {target}, {{"found", bare->lower().prose()}});
      finding.evidence.push_back(evidence_of(sight.test, *exchange));
      dns::Record right = record;
      right.owner = owner.lower();
      finding.remedy = {
          "Put the underscore back in front of the owner; where the panel refuses "
          "it, choose another method or provider.",
          {{exchange->zone.lower().text(), "", {dns::zone_line(record)}, {dns::zone_line(right)}}}};
      findings.push_back(std::move(finding));
      return true;
    }
  }
  return false;
}

}  // namespace dcv::check::record
