// The way along the aliases: loops, chains that are too long, DNAME, and wildcards that nobody
// meant.

#include <algorithm>
#include <set>

#include "check/alias.h"
#include "check/path.h"
#include "observe/lookup.h"

namespace dcv::check::alias {

using observe::Step;
using observe::StepEnd;

namespace {

constexpr std::size_t kMany = 8;  // some resolvers stop here

// One reply a step that shows its alias.
Exchanges shown_aliases(const Case& test) {
  Exchanges shown;
  for (const Step& step : test.target.steps) {
    if (const observe::Exchange* exchange = alias_reply(test, step)) shown.push_back(exchange);
  }
  return shown;
}

void check_loop(const Case& test, std::vector<Finding>& findings) {
  const Step& first = test.target.steps.front();
  const Step& last = test.target.steps.back();
  if (last.end != StepEnd::loop || !last.target) return;
  Finding finding = found("alias-loop", last.name,
                          {{"owner", prose(last.name)}, {"target", prose(*last.target)}});
  finding.evidence = evidence(test, shown_aliases(test));
  finding.remedy = {
      "Remove the alias at " + prose(first.name) + " and publish the TXT record there.",
      replace_alias(test, first, txt_lines(first.name, proof_values(test)))};
  findings.push_back(std::move(finding));
}

// Harmless when the proof is found at the target: then the wildcard delegates on purpose.
void check_wildcard(const Case& test, std::vector<Finding>& findings) {
  const Exchanges controls = wildcard_controls(test);
  if (controls.empty() || test.target.steps.back().end == StepEnd::loop) return;
  const Step& first = test.target.steps.front();
  Finding finding = found("alias-wildcard", first.name,
                          {{"name", prose(first.name)}, {"target", prose(*first.target)}});
  finding.evidence = evidence(test, shown_aliases(test));
  for (Evidence& piece : evidence(test, controls)) finding.evidence.push_back(std::move(piece));
  if (holds_proof(test)) {
    finding.severity = Severity::notice;
    finding.affects = Affects::hygiene;
  } else if (!test.target.expected.empty()) {
    finding.severity = Severity::error;
  }
  finding.remedy = {"Publish an explicit TXT record at " + prose(first.name) +
                        "; the wildcard then no longer answers for it.",
                    replace_alias(test, first, txt_lines(first.name, proof_values(test)))};
  findings.push_back(std::move(finding));
}

void check_dname_length(const Case& test, std::vector<Finding>& findings) {
  const Step& last = test.target.steps.back();
  if (last.end != StepEnd::no_usable_reply) return;
  Exchanges shown =
      test.select({.zone = &last.zone, .name = &last.name, .purpose = observe::Purpose::proof});
  std::erase_if(shown, [](const auto* exchange) { return !overlong_dname(*exchange); });
  if (shown.empty()) return;
  const dns::Record dname = *overlong_dname(*shown.front());
  const auto target = dns::as_target(dname);
  Finding finding = found("alias-dname-too-long", dname.owner,
                          {{"owner", prose(dname.owner)},
                           {"name", prose(last.name)},
                           {"target", target ? prose(*target) : "unreadable"}});
  finding.evidence = evidence(test, shown);
  finding.remedy.action = "Let the DNAME at " + prose(dname.owner) +
                          " point to a shorter name, or remove it and publish the TXT record at " +
                          prose(last.name) + ".";
  findings.push_back(std::move(finding));
}

void check_dname(const Case& test, std::vector<Finding>& findings) {
  const StepEnd end = test.target.steps.back().end;
  if (end == StepEnd::loop || end == StepEnd::limit) return;  // told as such
  std::set<dns::Name> told;
  for (const Step& step : test.target.steps) {
    const observe::Exchange* shown = step.through_dname ? alias_reply(test, step) : nullptr;
    if (!shown) continue;
    const auto hop = dns::alias_at(*shown->reply, step.name);
    if (!told.insert(hop->owner).second) continue;
    Finding finding = found(
        "alias-dname", hop->owner,
        {{"owner", prose(hop->owner)}, {"name", prose(step.name)}, {"target", prose(hop->target)}});
    finding.evidence = evidence(test, {shown});
    finding.remedy.action = "Publish the TXT record at " + prose(hop->target) + "; records at " +
                            prose(step.name) + " are not seen.";
    findings.push_back(std::move(finding));
  }
}

}  // namespace

void check_length(const Case& test, std::vector<Finding>& findings) {
  const Step& first = test.target.steps.front();
  const Step& last = test.target.steps.back();
  if (last.end == StepEnd::loop) return;
  // The walk ends at a limit with one alias more than it followed, and at a CNAME that is the proof
  // with that one.
  const bool ends_in_alias = last.target || test.target.type == dns::RecordType::cname;
  const std::size_t count = test.target.steps.size() - (ends_in_alias ? 0 : 1);
  const auto most = static_cast<std::size_t>(test.profile.most_aliases);
  if (count < std::min(kMany, most + 1)) return;
  const std::string at_least = last.end == StepEnd::limit ? "at least " : "";
  Finding finding = found(count <= most ? "alias-chain-long" : "alias-chain-too-long", first.name,
                          {{"name", prose(first.name)},
                           {"count", at_least + std::to_string(count)},
                           {"most", std::to_string(most)},
                           {"ca", test.profile.title}});
  const Exchanges shown = shown_aliases(test);
  finding.evidence = evidence(test, shown);
  if (last.end == StepEnd::limit || shown.empty()) {
    finding.remedy.action = "Point the alias at " + prose(first.name) +
                            " straight to the name that holds the " + dns::text(test.target.type) +
                            " record.";
  } else {
    const auto hop = dns::alias_at(*shown.front()->reply, first.name);
    const std::uint32_t ttl = hop ? hop->ttl : 0;
    finding.remedy = {
        "Point the alias at " + prose(first.name) + " straight to " + prose(last.name) + ".",
        replace_alias(test, first, {cname_line(first.name, ttl, last.name)})};
  }
  findings.push_back(std::move(finding));
}

void check_chain(const Case& test, std::vector<Finding>& findings) {
  check_loop(test, findings);
  check_length(test, findings);
  check_wildcard(test, findings);
  check_dname_length(test, findings);
  check_dname(test, findings);
}

}  // namespace dcv::check::alias
