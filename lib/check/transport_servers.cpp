// How each server of the path is reached: UDP, TCP, EDNS, letter case, well-formed replies.
#include <algorithm>
#include <map>
#include <set>

#include "check/path.h"
#include "check/transport.h"
#include "check/vote.h"
#include "observe/lookup.h"

namespace dcv::check::transport {
namespace {

using observe::EdnsSupport;
using observe::Exchange;
using observe::Outcome;
using Exchanges = std::vector<const Exchange*>;
using Transport = observe::Transport;

constexpr int kMismatchedExchanges = 3;  // fewer may be strays or somebody's spoofing

// One server host: what was asked of each of its addresses, for all zones of the path.
struct Host {
  dns::Name name;
  std::map<dns::IpAddress, Exchanges> addresses;
};

std::vector<Host> hosts_of(const Case& test) {
  std::map<dns::Name, std::map<dns::IpAddress, Exchanges>> asked;
  for (const Exchange* exchange : path_exchanges(test))
    asked[exchange->server][exchange->address].push_back(exchange);
  // The proof itself is the best evidence.
  const auto is_proof = [](const Exchange* each) {
    return each->purpose == observe::Purpose::proof;
  };
  std::vector<Host> hosts;
  for (auto& [name, addresses] : asked) {
    for (auto& [address, exchanges] : addresses)
      std::stable_partition(exchanges.begin(), exchanges.end(), is_proof);
    hosts.push_back({name.lower(), std::move(addresses)});
  }
  return hosts;
}

template <typename Predicate>
const Exchange* first(const Exchanges& exchanges, Predicate predicate) {
  const auto found = std::find_if(exchanges.begin(), exchanges.end(),
                                  [&](const Exchange* each) { return predicate(*each); });
  return found == exchanges.end() ? nullptr : *found;
}

bool replied_over(const Exchange& exchange, Transport transport) {
  return exchange.outcome == Outcome::reply && exchange.transport == transport;
}

bool is_served(const Exchange& exchange) {
  return exchange.kind &&
         (dns::is_useful(*exchange.kind) || *exchange.kind == dns::ReplyKind::not_authoritative);
}

bool is_mismatched(const Exchange& exchange) {
  return exchange.mismatched > 0;
}

// As a resolver hears it: over UDP with EDNS. None falls back to TCP or to plain DNS after silence.
bool is_heard(const Exchange& exchange) {
  return exchange.truncated ||
         (replied_over(exchange, Transport::udp) && exchange.edns != EdnsSupport::dropped);
}

// The symptoms: the exchange that shows it at one address, or null.

const Exchange* edns_fails(const Exchanges& at_address) {
  if (first(at_address, [](const Exchange& each) { return each.edns == EdnsSupport::supported; }))
    return nullptr;
  return first(at_address, [](const Exchange& each) {
    return each.edns == EdnsSupport::rejected || each.edns == EdnsSupport::dropped;
  });
}

const Exchange* tcp_fails(const Exchanges& at_address) {
  const bool udp_works = first(at_address, [](const Exchange& each) {
    return each.truncated || (replied_over(each, Transport::udp) && is_served(each));
  });
  if (!udp_works) return nullptr;
  if (first(at_address, [](const Exchange& each) { return replied_over(each, Transport::tcp); }))
    return nullptr;
  // Over TCP we always ask with EDNS, so its silence may be that to EDNS.
  const Exchange* edns = edns_fails(at_address);
  const bool edns_dropped = edns != nullptr && edns->edns == EdnsSupport::dropped;
  const auto failed = [&](const Exchange& each) {
    return each.transport == Transport::tcp && each.mismatched == 0 && each.attempts > 0 &&
           (each.outcome == Outcome::refused || each.outcome == Outcome::closed ||
            (each.outcome == Outcome::timeout && !edns_dropped));
  };
  const Exchange* cut_short =
      first(at_address, [&](const Exchange& each) { return each.truncated && failed(each); });
  return cut_short != nullptr ? cut_short : first(at_address, failed);
}

const Exchange* udp_is_silent(const Exchanges& at_address) {
  if (first(at_address, [](const Exchange& each) {
        return each.truncated || replied_over(each, Transport::udp);
      }))
    return nullptr;
  return first(at_address, [](const Exchange& each) {
    return each.udp_silent && each.mismatched == 0 && replied_over(each, Transport::tcp);
  });
}

const Exchange* case_changes(const Exchanges& at_address) {
  return first(at_address, [](const Exchange& each) {
    return each.letter_case == observe::CaseSupport::changed;
  });
}

const Exchange* replies_mismatch(const Exchanges& at_address) {
  const bool nothing_right =
      first(at_address, is_mismatched) &&
      !first(at_address, [](const Exchange& each) { return each.outcome == Outcome::reply; });
  const auto count = std::count_if(at_address.begin(), at_address.end(),
                                   [](const Exchange* each) { return is_mismatched(*each); });
  return nothing_right || count >= kMismatchedExchanges ? first(at_address, is_mismatched)
                                                        : nullptr;
}

const Exchange* is_malformed(const Exchanges& at_address) {
  return first(at_address, [](const Exchange& each) {
    return each.outcome == Outcome::malformed || (each.reply && !each.reply->faults.empty());
  });
}

// The finding for a host at whose addresses the symptom shows.
struct Culprit {
  const Host& host;
  Exchanges shown;  // one an address

  std::string addresses() const {
    std::vector<std::string> texts;
    for (const Exchange* exchange : shown) texts.push_back(exchange->address.text());
    return joined(texts);
  }
  std::string server() const { return host.name.prose(); }
};

Culprit culprit_of(const Host& host, const Exchange* (*symptom)(const Exchanges&)) {
  Culprit culprit{host, {}};
  for (const auto& [address, exchanges] : host.addresses)
    if (const Exchange* exchange = symptom(exchanges)) culprit.shown.push_back(exchange);
  return culprit;
}

Finding& report(const Case& test, const Culprit& culprit, std::string_view id,
                std::map<std::string, std::string> arguments, std::vector<Finding>& findings) {
  arguments["server"] = culprit.server();
  arguments["addresses"] = culprit.addresses();
  Finding finding = make_finding(kind(id), culprit.host.name.text(), std::move(arguments));
  for (const Exchange* exchange : culprit.shown)
    finding.evidence.push_back(evidence_of(test, *exchange));
  findings.push_back(std::move(finding));
  return findings.back();
}

// True when the zone's addresses do not all mean the same: then a resolver that falls back from
// 0x20 compares them and fails (Unbound, use-caps-for-id).
bool zone_disagrees(const Case& test, const dns::Name& apex) {
  const observe::Zone* zone = observe::find_zone(test.observation, apex);
  if (zone == nullptr) return false;
  for (const observe::Step& step : test.target.steps) {
    std::set<std::string> meanings;
    for (const Vote& vote : votes(test, step, *zone)) meanings.insert(vote.meaning);
    if (meanings.size() > 1) return true;
  }
  return false;
}

// True when no server of the zone can be heard by a resolver.
bool zone_unheard(const Case& test, const dns::Name& apex) {
  const Exchanges all = path_exchanges(test);
  return first(all, [&](const Exchange& each) { return each.zone == apex && is_heard(each); }) ==
         nullptr;
}

// True when some server of the zone did answer the question completely.
bool answered_elsewhere(const Case& test, const Exchange& question) {
  const Exchanges all = path_exchanges(test);
  return first(all, [&](const Exchange& each) {
           return each.zone == question.zone && each.question == question.question &&
                  is_served(each);
         }) != nullptr;
}

void check_tcp(const Case& test, const Host& host, std::vector<Finding>& findings) {
  const Culprit culprit = culprit_of(host, tcp_fails);
  if (culprit.shown.empty()) return;
  Finding& finding = report(test, culprit, "transport-tcp-refused", {}, findings);
  if (first(culprit.shown, [&](const Exchange& each) {
        return each.truncated && !answered_elsewhere(test, each);
      }))
    finding.severity = Severity::error;
  finding.remedy.action = "Let " + culprit.server() + " answer on TCP port 53 at " +
                          culprit.addresses() + " (firewall, listener).";
}

void check_udp(const Case& test, const Host& host, std::vector<Finding>& findings) {
  const Culprit culprit = culprit_of(host, udp_is_silent);
  if (culprit.shown.empty()) return;
  Finding& finding = report(test, culprit, "transport-udp-silent", {}, findings);
  if (first(culprit.shown, [&](const Exchange& each) { return zone_unheard(test, each.zone); }))
    finding.severity = Severity::error;
  finding.remedy.action = "Let " + culprit.server() + " answer on UDP port 53 at " +
                          culprit.addresses() + " (firewall, listener, rate limit).";
}

void check_edns(const Case& test, const Host& host, std::vector<Finding>& findings) {
  const Culprit culprit = culprit_of(host, edns_fails);
  if (culprit.shown.empty()) return;
  const bool rejected = culprit.shown.front()->edns == EdnsSupport::rejected;
  Finding& finding = report(test, culprit, "transport-edns-intolerant",
                            {{"how", rejected ? "rejects" : "drops"}}, findings);
  if (first(culprit.shown, [&](const Exchange& each) { return zone_unheard(test, each.zone); }))
    finding.severity = Severity::error;
  finding.remedy.action =
      (rejected ? "Update the name-server software of " : "Let queries with EDNS through to ") +
      culprit.server() + (rejected ? "." : ", or update its software.");
}

void check_case(const Case& test, const Host& host, std::vector<Finding>& findings) {
  const Culprit culprit = culprit_of(host, case_changes);
  if (culprit.shown.empty()) return;
  Finding& finding = report(test, culprit, "transport-case-not-kept", {}, findings);
  if (first(culprit.shown, [&](const Exchange& each) { return zone_disagrees(test, each.zone); }))
    finding.severity = Severity::error;
  finding.remedy.action = "Make " + culprit.server() +
                          " copy the question into its replies as it came: update it, or the "
                          "load balancer in front of it.";
}

void check_mismatched(const Case& test, const Host& host, std::vector<Finding>& findings) {
  const Culprit culprit = culprit_of(host, replies_mismatch);
  if (culprit.shown.empty()) return;
  int count = 0;
  for (const auto& [address, exchanges] : host.addresses)
    for (const Exchange* exchange : exchanges) count += exchange->mismatched;
  Finding& finding = report(test, culprit, "transport-mismatched-replies",
                            {{"count", std::to_string(count)}}, findings);
  finding.remedy.action = "Find out what answers in place of " + culprit.server() +
                          " (load balancer, firewall) and make it keep id and question.";
}

void check_malformed(const Case& test, const Host& host, std::vector<Finding>& findings) {
  const Culprit culprit = culprit_of(host, is_malformed);
  if (culprit.shown.empty()) return;
  const Exchange& shown = *culprit.shown.front();
  std::string fault = shown.reply ? shown.reply->faults.front() : shown.detail;
  constexpr std::string_view kPreamble = "the reply could not be read: ";
  if (fault.starts_with(kPreamble)) fault.erase(0, kPreamble.size());
  Finding& finding = report(test, culprit, "transport-malformed", {{"fault", fault}}, findings);
  finding.remedy.action = "Update or replace what answers on port 53 of " + culprit.server() + ".";
}

}  // namespace

void check_servers(const Case& test, std::vector<Finding>& findings) {
  for (const Host& host : hosts_of(test)) {
    check_malformed(test, host, findings);
    check_mismatched(test, host, findings);
    check_udp(test, host, findings);
    check_tcp(test, host, findings);
    check_edns(test, host, findings);
    check_case(test, host, findings);
  }
}

}  // namespace dcv::check::transport
