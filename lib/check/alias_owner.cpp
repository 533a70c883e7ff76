// Data beside an alias: a name that is an alias must hold nothing else.

#include <algorithm>
#include <set>

#include "check/alias.h"
#include "check/authority_view.h"
#include "observe/lookup.h"

namespace dcv::check::alias {

using dns::RecordType;
using observe::Purpose;
using observe::Step;

namespace {

// What the servers gave at one name, all questions together.
struct Beside {
  std::optional<dns::Name> target;    // of the CNAME at addresses that give other data too
  std::set<std::string> types;        // beside it
  bool in_one_answer = false;         // TXT came together with the CNAME
  std::map<dns::Name, Change> stray;  // by server: the TXT lines beside the CNAME
  Exchanges shown;
};

// The CNAME that stands at `name`; one made from a DNAME does not count.
std::optional<dns::Name> cname_in(const dns::Message& reply, const dns::Name& name) {
  const auto hop = dns::alias_at(reply, name);
  if (!hop || hop->dname) return {};
  return hop->target;
}

// DNSSEC's own records belong beside a CNAME (RFC 4034 and 4035 2.5).
bool may_stand_beside(RecordType type) {
  return type == RecordType::cname || type == RecordType::rrsig || type == RecordType::nsec;
}

void read_address(const Exchanges& exchanges, const dns::Name& name, Beside& beside) {
  Exchanges shown;
  std::optional<dns::Name> target;
  std::set<std::string> types;
  Change stray;
  for (const observe::Exchange* exchange : exchanges) {
    const auto cname = cname_in(*exchange->reply, name);
    bool tells = false;
    for (const dns::Record& record : exchange->reply->answer) {
      if (record.owner != name || may_stand_beside(record.type)) continue;
      tells = true;
      types.insert(dns::text(record.type));
      if (record.type != RecordType::txt) continue;
      if (cname) beside.in_one_answer = true;
      dns::Record line = record;
      line.owner = name.lower();
      if (exchange->question.type == RecordType::txt) stray.remove.push_back(dns::zone_line(line));
    }
    if (cname && !target) tells = true;
    if (cname) target = cname;
    if (tells) shown.push_back(exchange);
  }
  if (!target || types.empty()) return;
  beside.target = target;
  beside.types.merge(types);
  beside.shown.insert(beside.shown.end(), shown.begin(), shown.end());
  if (!stray.remove.empty()) beside.stray.insert({exchanges.front()->server, stray});
}

// Samples of the proof would only repeat its lines.
bool counts(const observe::Exchange& exchange) {
  return exchange.purpose != Purpose::proof_again && exchange.purpose != Purpose::proof_tcp &&
         exchange.reply && exchange.kind && dns::is_useful(*exchange.kind);
}

std::string list_of(const std::set<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

// The CA gets the TXT records, and what it looks for is not among them.
bool hides_proof(const Case& test, const Step& step) {
  const ProofView view = proof_view(test);
  if (view.step != &step) return false;
  const auto& expected = test.target.expected;
  return std::ranges::any_of(expected, [&](const auto& each) { return !view.somewhere(each); });
}

void report(const Case& test, const Step& step, const Beside& beside, std::size_t servers,
            std::vector<Finding>& findings) {
  const std::string name = prose(step.name);
  const bool only_txt = beside.types == std::set<std::string>{"TXT"};
  Finding finding = only_txt && !beside.in_one_answer
                        ? found("alias-beside-txt", step.name,
                                {{"name", name}, {"target", prose(*beside.target)}})
                        : found("alias-beside-data", step.name,
                                {{"name", name},
                                 {"target", prose(*beside.target)},
                                 {"types", list_of(beside.types)}});
  finding.evidence = evidence(test, beside.shown);
  if (only_txt) {
    if (hides_proof(test, step)) finding.severity = Severity::error;
    finding.remedy = {
        "Remove the TXT records at " + name + "; they belong at " + prose(*beside.target) +
            ". If the DNS provider puts them there for certificates of its own, wait until it has "
            "withdrawn them, or validate by another method.",
        edits(step.zone, beside.stray, servers)};
  } else {
    finding.remedy = {"Remove the CNAME at " + name + " and publish the TXT record there.",
                      replace_alias(test, step, txt_lines(step.name, proof_values(test)))};
  }
  findings.push_back(std::move(finding));
}

}  // namespace

void check_owner(const Case& test, std::vector<Finding>& findings) {
  for (const Step& step : test.target.steps) {
    std::map<dns::IpAddress, Exchanges> by_address;
    std::set<dns::Name> servers;
    for (const observe::Exchange* exchange :
         test.select({.zone = &step.zone, .name = &step.name, .purpose = {}})) {
      if (!counts(*exchange)) continue;
      by_address[exchange->address].push_back(exchange);
      servers.insert(exchange->server);
    }
    Beside beside;
    for (const auto& [address, exchanges] : by_address) {
      read_address(exchanges, step.name, beside);
    }
    if (beside.target) report(test, step, beside, servers.size(), findings);
  }
}

}  // namespace dcv::check::alias
