// The delegate family: whether a delegation that was meant to be published is there, server by
// server. What else may be wrong with one, the families of delegations and of aliases know.

#include <algorithm>
#include <set>
#include <stdexcept>

#include "check/alias.h"
#include "dns/reply_kind.h"
#include "observe/lookup.h"
#include "rules/providers.h"

namespace dcv::check {
namespace {

using alias::Exchanges;
using alias::prose;
using dns::Name;
using dns::Record;
using dns::RecordType;
using observe::Purpose;
using observe::Step;

constexpr std::array kDelegateKinds = {
    FindingKind{"delegate-record-missing", Severity::error, Affects::ca,
                "{name} is not delegated to {wanted}: {saw}", "RFC 8555 8.4", "0.1.0"},
    FindingKind{"delegate-target-differs", Severity::error, Affects::ca,
                "{name} is delegated to {found}, not to {wanted}", "RFC 8555 8.4", "0.1.0"},
};

// One name that was to be delegated, and the walk from it.
struct Meant {
  const Case& test;
  const std::vector<Step>& steps;
  RecordType asked;             // for, on the walk
  std::vector<Record> records;  // of one type; empty: any delegation will do

  const Step& first() const { return steps.front(); }
  RecordType type() const { return records.empty() ? RecordType::cname : records.front().type; }
  std::set<Name> targets() const {
    std::set<Name> names;
    for (const Record& each : records)
      if (const auto target = dns::as_target(each)) names.insert(target->lower());
    return names;
  }
};

std::string listed(const std::set<Name>& names) {
  std::vector<std::string> words;
  for (const Name& each : names) words.push_back(prose(each));
  return joined(words);
}

std::string wanted_text(const Meant& meant) {
  return meant.records.empty() ? "another zone" : listed(meant.targets());
}

std::vector<std::string> lines_of(const Meant& meant) {
  std::vector<std::string> lines;
  for (const Record& each : meant.records) lines.push_back(dns::zone_line(each));
  return lines;
}

Finding found(std::string_view id, const Meant& meant,
              std::map<std::string, std::string> arguments) {
  arguments["name"] = prose(meant.first().name);
  arguments["wanted"] = wanted_text(meant);
  const auto kind = std::ranges::find(kDelegateKinds, id, &FindingKind::id);
  if (kind == kDelegateKinds.end()) throw std::logic_error("no such finding: " + std::string(id));
  return make_finding(*kind, alias::absolute(meant.first().name), std::move(arguments));
}

// The lines in place of what is there now. The zone that holds the name is the one above it where
// the name is a zone itself.
Remedy publish(const Meant& meant, const Name& zone, std::vector<std::string> remove) {
  if (meant.records.empty())
    return {"Publish the record that delegates " + prose(meant.first().name) +
                "; dcv-delegate --to PROVIDER prints it.",
            {}};
  const bool one = meant.records.size() == 1;
  return {std::string("Publish the ") + dns::text(meant.type()) + (one ? " record" : " records") +
              " at " + prose(meant.first().name) +
              (remove.empty() ? "." : " in place of what is there."),
          {{alias::absolute(zone), "", std::move(remove), lines_of(meant)}}};
}

// The usable replies at the name. Not Case::select, which knows the target's own type only.
Exchanges replies_of(const Meant& meant) {
  const Name &zone = meant.first().zone, &name = meant.first().name;
  Exchanges seen = meant.test.overview.exchanges.select(
      {.zone = &zone, .name = &name, .purpose = Purpose::proof});
  std::erase_if(seen, [&](const observe::Exchange* each) {
    return each->question.type != meant.asked || !each->reply || !each->kind ||
           !dns::is_useful(*each->kind) || *each->kind == dns::ReplyKind::referral;
  });
  return seen;
}

// Where no alias stands: what is there instead, in words.
std::string instead(const Exchanges& replies) {
  std::set<std::string> words;
  for (const observe::Exchange* each : replies) {
    const bool data = each->kind == dns::ReplyKind::answer;
    const bool denied = each->reply->rcode == dns::Rcode::nxdomain;
    words.insert(data ? dns::text(each->question.type) + " records stand there"
                      : (denied ? "the name does not exist" : "it has no such record"));
  }
  return joined({words.begin(), words.end()});
}

// TXT lines where the alias is to be: nothing may stand beside it.
std::vector<std::string> records_in_the_way(const Exchanges& replies, const Name& name) {
  std::set<std::string> lines;
  for (const observe::Exchange* each : replies) {
    for (Record record : each->reply->answer) {
      if (record.owner != name || record.type != RecordType::txt) continue;
      record.owner = name.lower();
      lines.insert(dns::zone_line(record));
    }
  }
  return {lines.begin(), lines.end()};
}

std::optional<dns::AliasHop> hop_in(const observe::Exchange& exchange, const Name& name) {
  return dns::alias_at(*exchange.reply, name);
}

const observe::Provider* provider_of(const Meant& meant, const Name& target) {
  const auto matches = rules::recognise(meant.first().name, RecordType::cname, target,
                                        meant.test.observation.providers);
  return matches.empty() ? nullptr : matches.front().provider;
}

// Several providers may want the same name, but only one can have it.
std::string one_delegation_only(const Meant& meant, const Name& present) {
  const auto* now = provider_of(meant, present);
  const auto* wanted =
      meant.records.empty() ? nullptr : provider_of(meant, *meant.targets().begin());
  if (!now || !wanted || now->id == wanted->id) return "";
  return " " + now->title +
         " then cannot validate there any more: a name has room for one CNAME. "
         "Where both have to, give one of them another method.";
}

void check_wrong_alias(const Meant& meant, const Exchanges& wrong, std::vector<Finding>& findings) {
  const Name& name = meant.first().name;
  std::set<Name> targets;
  std::set<std::string> lines;
  for (const observe::Exchange* each : wrong) {
    const auto hop = hop_in(*each, name);
    targets.insert(hop->target.lower());
    if (!hop->dname) lines.insert(alias::cname_line(name, hop->ttl, hop->target));
  }
  Finding finding = found("delegate-target-differs", meant, {{"found", listed(targets)}});
  finding.evidence = alias::evidence(meant.test, wrong);
  finding.remedy = publish(meant, meant.first().zone, {lines.begin(), lines.end()});
  finding.remedy.action += one_delegation_only(meant, *targets.begin());
  findings.push_back(std::move(finding));
}

void check_no_alias(const Meant& meant, const Exchanges& without, std::vector<Finding>& findings) {
  Finding finding = found("delegate-record-missing", meant, {{"saw", instead(without)}});
  finding.evidence = alias::evidence(meant.test, without);
  finding.remedy =
      publish(meant, meant.first().zone, records_in_the_way(without, meant.first().name));
  findings.push_back(std::move(finding));
}

// Where some servers have the right one, the family of aliases tells of the others.
void check_alias(const Meant& meant, std::vector<Finding>& findings) {
  const Name& name = meant.first().name;
  const std::set<Name> targets = meant.targets();
  Exchanges wrong, without;
  for (const observe::Exchange* each : replies_of(meant)) {
    const auto hop = hop_in(*each, name);
    if (hop && (targets.empty() || targets.contains(hop->target.lower()))) return;
    (hop ? wrong : without).push_back(each);
  }
  if (!wrong.empty()) check_wrong_alias(meant, wrong, findings);
  if (!without.empty() && wrong.empty()) check_no_alias(meant, without, findings);
}

std::set<Name> parent_set(const observe::Zone& zone) {
  std::set<Name> names;
  for (const observe::NameServer& each : zone.servers)
    if (each.in_parent) names.insert(each.name.lower());
  return names;
}

// The parent's NS record for the server, with the TTL that it has there.
std::string ns_line(const Exchanges& referrals, const Name& apex, const Name& host) {
  for (const observe::Exchange* each : referrals) {
    if (!each->reply) continue;
    for (Record record : each->reply->authority) {
      if (dns::as_target(record) != host) continue;
      record.owner = apex.lower();
      return dns::zone_line(record);
    }
  }
  return dns::zone_line(dns::make_target(apex.lower(), RecordType::ns, 0, host));
}

Exchanges referrals_to(const Case& test, const observe::Zone& zone) {
  Exchanges seen;
  for (const observe::ExchangeId id : zone.delegation)
    seen.push_back(&test.observation.exchanges.at(id));
  return seen;
}

// That the zone's own servers agree with its parent the family of delegations checks.
void check_zone(const Meant& meant, const observe::Zone& zone, std::vector<Finding>& findings) {
  const std::set<Name> there = parent_set(zone), targets = meant.targets();
  if (meant.records.empty() || there == targets) return;
  const Exchanges referrals = referrals_to(meant.test, zone);
  std::vector<std::string> lines;
  for (const Name& each : there)
    if (meant.type() == RecordType::cname || !targets.contains(each))
      lines.push_back(ns_line(referrals, zone.apex, each));
  Finding finding = found("delegate-target-differs", meant, {{"found", listed(there)}});
  finding.evidence = alias::evidence(meant.test, referrals);
  finding.remedy = publish(meant, zone.parent, std::move(lines));
  findings.push_back(std::move(finding));
}

void check_one(const Meant& meant, std::vector<Finding>& findings) {
  const observe::Zone* zone = observe::find_zone(meant.test.observation, meant.first().name);
  if (zone != nullptr && zone->referred) return check_zone(meant, *zone, findings);
  if (meant.type() == RecordType::cname) return check_alias(meant, findings);
  const Exchanges seen = replies_of(meant);
  if (seen.empty()) return;
  const bool is_alias = hop_in(*seen.front(), meant.first().name).has_value();
  is_alias ? check_wrong_alias(meant, seen, findings) : check_no_alias(meant, seen, findings);
}

// The records that were meant for this name.
std::vector<Record> records_at(const std::vector<Record>& all, const Name& name) {
  std::vector<Record> records;
  std::ranges::copy_if(all, std::back_inserter(records),
                       [&](const Record& each) { return each.owner == name; });
  return records;
}

void check(const Case& test, std::vector<Finding>& findings) {
  const auto& wanted = test.target.delegation;
  if (!wanted || test.target.steps.empty()) return;
  // Another name has the record: that finding has the remedy.
  if (std::ranges::any_of(findings, [](const Finding& each) {
        return each.id == "alias-owner-doubled" || each.id == "delegation-domain-missing";
      }))
    return;
  check_one(
      {test, test.target.steps, test.target.type, records_at(*wanted, test.target.validation_name)},
      findings);
  for (const observe::Place& place : test.target.others) {
    const std::vector<Record> records = records_at(*wanted, place.name);
    if (!records.empty() && !place.steps.empty())
      check_one({test, place.steps, place.type, records}, findings);
  }
}

}  // namespace

const Family kDelegateFamily = {"delegate", kDelegateKinds, check};

}  // namespace dcv::check
