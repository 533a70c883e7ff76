// What the alias checks share: reading the walk, and writing remedies.

#include <algorithm>
#include <set>

#include "check/alias.h"
#include "check/value_shape.h"
#include "observe/lookup.h"
#include "observe/sight.h"
#include "rules/method.h"
#include "rules/token_shape.h"

namespace dcv::check::alias {

using observe::Purpose;
using observe::StepEnd;

namespace {

bool is_token_proof(const Case& test) {
  return rules::proof_of(rules::method_of(test.target.method)) == rules::Proof::token;
}

std::set<std::string> proofs_at_end(const Case& test) {
  const observe::Step& last = test.target.steps.back();
  std::set<std::string> proofs;
  for (const observe::Exchange* exchange : replies(test, last, Purpose::proof)) {
    for (const dns::Record& record : exchange->reply->answer) {
      const auto value = record.owner == last.name ? dns::as_txt(record) : std::nullopt;
      if (value && is_proof(test, *value)) proofs.insert(*value);
    }
  }
  return proofs;
}

}  // namespace

std::string absolute(const dns::Name& name) {
  return name.lower().text();
}

std::string prose(const dns::Name& name) {
  return name.lower().prose();
}

std::vector<Evidence> evidence(const Case& test, const Exchanges& exchanges) {
  std::vector<Evidence> list;
  for (const observe::Exchange* exchange : exchanges) {
    list.push_back(evidence_of(test, *exchange));
  }
  return list;
}

Exchanges replies(const Case& test, const observe::Step& step, Purpose purpose) {
  Exchanges usable = test.select({.zone = &step.zone, .name = &step.name, .purpose = purpose});
  std::erase_if(usable, [](const observe::Exchange* exchange) {
    return !exchange->reply || !exchange->kind || !dns::is_useful(*exchange->kind) ||
           *exchange->kind == dns::ReplyKind::referral;
  });
  return usable;
}

const observe::Exchange* alias_reply(const Case& test, const observe::Step& step) {
  for (const observe::Exchange* exchange : replies(test, step, Purpose::proof)) {
    const auto hop = dns::alias_at(*exchange->reply, step.name);
    if (hop && step.target && hop->target == *step.target) return exchange;
  }
  return nullptr;
}

Exchanges wildcard_controls(const Case& test) {
  const observe::Step& first = test.target.steps.front();
  Exchanges controls;
  if (!first.target || first.through_dname) return controls;
  for (const observe::Exchange* exchange :
       test.select({.zone = &first.zone, .purpose = Purpose::control})) {
    const dns::Name& name = exchange->question.name;
    if (!exchange->reply || name.parent() != first.name.parent()) continue;
    const auto hop = dns::alias_at(*exchange->reply, name);
    if (hop && !hop->dname && hop->target == *first.target) controls.push_back(exchange);
  }
  return controls;
}

bool ends_without_proof(const Case& test) {
  const auto& steps = test.target.steps;
  const StepEnd end = steps.back().end;
  return steps.size() >= 2 && (end == StepEnd::nxdomain || end == StepEnd::nodata);
}

bool is_proof(const Case& test, const std::string& value) {
  const auto& expected = test.target.expected;
  if (!expected.empty()) return std::ranges::find(expected, value) != expected.end();
  return is_token_proof(test) ? rules::any_token_form(dns::RecordType::txt, value) != nullptr
                              : is_digest(value);
}

bool is_token_target(const Case& test, const dns::Name& target) {
  if (!is_token_proof(test)) return false;
  const std::string text = target.lower().text();
  return rules::any_token_form(dns::RecordType::cname, text) != nullptr ||
         std::ranges::any_of(test.target.expected, [&](const std::string& value) {
           return observe::value_expected(value, dns::RecordType::cname) == text ||
                  (!target.is_root() && value == target.labels().front());
         });
}

bool holds_proof(const Case& test) {
  const std::set<std::string> proofs = proofs_at_end(test);
  const auto& expected = test.target.expected;
  if (expected.empty()) return !proofs.empty();
  return std::ranges::all_of(expected, [&](const auto& value) { return proofs.contains(value); });
}

std::string cname_line(const dns::Name& owner, std::uint32_t ttl, const dns::Name& target) {
  return dns::zone_line(
      dns::make_target(owner.lower(), dns::RecordType::cname, ttl, target.lower()));
}

std::vector<std::string> txt_lines(const dns::Name& owner, const std::vector<std::string>& values) {
  std::vector<std::string> lines;
  for (const std::string& value : values) {
    lines.push_back(dns::zone_line(dns::make_txt(owner.lower(), kProofTtl, value)));
  }
  return lines;
}

std::vector<std::string> proof_values(const Case& test) {
  if (!test.target.expected.empty()) return test.target.expected;
  const std::set<std::string> proofs = proofs_at_end(test);
  if (proofs.empty())
    return {is_token_proof(test) ? "<token from the CA>" : "<token from your ACME client>"};
  return {proofs.begin(), proofs.end()};
}

std::vector<Edit> replace_alias(const Case& test, const observe::Step& step,
                                std::vector<std::string> add) {
  const observe::Exchange* shown = alias_reply(test, step);
  if (!shown || step.through_dname) return {};
  const auto hop = dns::alias_at(*shown->reply, step.name);
  Edit edit{.zone = absolute(step.zone), .server = "", .remove = {}, .add = std::move(add)};
  const bool own_line =
      step.name != test.target.steps.front().name || wildcard_controls(test).empty();
  if (own_line) edit.remove.push_back(cname_line(step.name, hop->ttl, hop->target));
  return {std::move(edit)};
}

std::vector<Edit> edits(const dns::Name& zone, const std::map<dns::Name, Change>& changes,
                        std::size_t servers) {
  std::vector<Edit> list;
  for (const auto& [server, change] : changes) {
    list.push_back({absolute(zone), absolute(server), change.remove, change.add});
  }
  const bool same_everywhere =
      changes.size() == servers && std::ranges::all_of(changes, [&](const auto& entry) {
        return entry.second == changes.begin()->second;
      });
  if (same_everywhere && !list.empty()) {
    list.resize(1);
    list.front().server.clear();
  }
  return list;
}

}  // namespace dcv::check::alias
