// What all families share: a finding from its row, and an exchange told in a few words.
#include "check/family.h"

#include <algorithm>
#include <cstdio>
#include <set>
#include <stdexcept>

#include "dns/dnssec.h"
#include "observe/lookup.h"

namespace dcv::check {
namespace {

constexpr std::size_t kExtendedErrorsTold = 8;  // kinds; a reply has room for thousands
constexpr std::size_t kValueBytesShown = 100;   // as Boulder cuts TXT values in its error texts
constexpr std::size_t kCaaBytesShown = 300;     // whole account URIs
constexpr std::size_t kRecordsShown = 3;
constexpr std::size_t kServersShown = 4;

std::string shortened(std::string text, std::size_t most) {
  if (text.size() > most) text = text.substr(0, most) + "…";
  return text;
}

std::string data_text(const dns::Record& record) {
  if (const auto target = dns::as_target(record); target && record.type == dns::RecordType::cname)
    return "→ " + target->lower().text();
  if (const auto soa = dns::as_soa(record)) return "serial " + std::to_string(soa->serial);
  if (const auto key = dns::as_dnskey(record))
    return "key tag " + std::to_string(key->key_tag) + ", " + dns::algorithm_text(key->algorithm);
  const bool caa = record.type == dns::RecordType::caa;
  return shortened(dns::rdata_text(record), caa ? kCaaBytesShown : kValueBytesShown);
}

// `TXT "abc", "def" and 2 more (TTL 60)`
std::string data_of_type(const std::vector<const dns::Record*>& records) {
  std::string text = dns::text(records.front()->type) + " ";
  std::uint32_t ttl = records.front()->ttl;
  for (std::size_t i = 0; i < records.size(); ++i) {
    ttl = std::min(ttl, records[i]->ttl);
    if (i < kRecordsShown) text += (i == 0 ? "" : ", ") + data_text(*records[i]);
  }
  if (records.size() > kRecordsShown)
    text += " and " + std::to_string(records.size() - kRecordsShown) + " more";
  return text + " (TTL " + std::to_string(ttl) + ")";
}

// Aliases first, then the data of the type asked for.
std::string answer_text(const dns::Message& reply, dns::RecordType type) {
  std::vector<const dns::Record*> dnames, cnames, wanted;
  for (const dns::Record& record : reply.answer) {
    if (record.type == type)
      wanted.push_back(&record);
    else if (record.type == dns::RecordType::dname)
      dnames.push_back(&record);
    else if (record.type == dns::RecordType::cname)
      cnames.push_back(&record);
  }
  std::string text;
  for (const auto* records : {&dnames, &cnames, &wanted})
    if (!records->empty()) text += (text.empty() ? "" : ", ") + data_of_type(*records);
  return text;
}

std::string denial_text(const dns::Message& reply, dns::RecordType type) {
  return reply.rcode == dns::Rcode::nxdomain ? "NXDOMAIN" : "no " + dns::text(type) + " record";
}

std::string soa_owner(const dns::Message& reply) {
  const auto zone = dns::zone_in(reply);
  return zone ? zone->text() : "another zone";
}

// "referral to shop.example. with NS ns1.shop.example. (192.0.2.1, 2001:db8::1) and
// ns2.hoster.net."
std::string referral_text(const dns::Message& reply) {
  const auto zone = dns::referral_target(reply);
  if (!zone) return "referral to another zone";
  std::vector<std::string> servers;
  for (const dns::Record& record : reply.authority) {
    const auto host = dns::as_target(record);
    if (record.type != dns::RecordType::ns || !host || record.owner != *zone) continue;
    std::string glue;
    for (const dns::Record& each : reply.additional) {
      const auto address = dns::as_address(each);
      if (address && each.owner == *host) glue += (glue.empty() ? "" : ", ") + address->text();
    }
    servers.push_back(host->lower().text() + (glue.empty() ? "" : " (" + glue + ")"));
  }
  if (servers.size() > kServersShown) {
    const std::size_t more = servers.size() - kServersShown;
    servers.resize(kServersShown);
    servers.push_back(std::to_string(more) + " more");
  }
  return "referral to " + zone->text() + (servers.empty() ? "" : " with NS " + joined(servers));
}

std::string reply_text(const dns::Message& reply, dns::ReplyKind kind, dns::RecordType type) {
  using dns::ReplyKind;
  switch (kind) {
    case ReplyKind::answer:
    case ReplyKind::alias: {
      const std::string text = answer_text(reply, type);
      return text.empty() ? "an answer of other types" : text;
    }
    case ReplyKind::nodata:
    case ReplyKind::nxdomain:
      return denial_text(reply, type);
    case ReplyKind::nodata_without_soa:
    case ReplyKind::nxdomain_without_soa:
      return denial_text(reply, type) + ", without SOA";
    case ReplyKind::referral:
      return referral_text(reply);
    case ReplyKind::upward_referral:
    case ReplyKind::sideways_referral: {
      const auto target = dns::referral_target(reply);
      return "referral to " + (target ? target->text() : std::string("another zone"));
    }
    case ReplyKind::wrong_zone:
      return denial_text(reply, type) + ", with the SOA of " + soa_owner(reply);
    case ReplyKind::not_authoritative: {
      const std::string text = answer_text(reply, type);
      return (text.empty() ? denial_text(reply, type) : text) + ", not authoritative";
    }
    default:
      return dns::text(reply.rcode);
  }
}

std::string seconds_text(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f s", seconds);
  return text;
}

std::string outcome_text(const observe::Exchange& exchange) {
  using observe::Outcome;
  switch (exchange.outcome) {
    case Outcome::timeout:
      if (exchange.attempts == 0) return "not asked: no answer to the questions before";
      return "no answer in " + seconds_text(exchange.duration);
    case Outcome::refused:
      return exchange.transport == observe::Transport::tcp ? "connection refused" : "port closed";
    case Outcome::unreachable:
      return "unreachable";
    case Outcome::closed:
      return "connection closed before the answer was complete";
    case Outcome::malformed:
      return "an answer that is not DNS";
    case Outcome::tls_failed:
    case Outcome::http_failed:
      return exchange.detail;
    default:
      return "not asked";
  }
}

std::string saw(const observe::Exchange& exchange) {
  std::string text = exchange.reply && exchange.kind
                         ? reply_text(*exchange.reply, *exchange.kind, exchange.question.type)
                         : outcome_text(exchange);
  if (exchange.reply && exchange.reply->edns) {
    std::set<std::uint16_t> told;
    for (const dns::ExtendedError& error : exchange.reply->edns->extended_errors())
      if (told.size() < kExtendedErrorsTold && told.insert(error.code).second)
        text += ", " + dns::extended_error_text(error.code);
  }
  if (exchange.transport == observe::Transport::tcp) text += " over TCP";
  if (exchange.truncated) text += ", truncated over UDP";
  if (exchange.udp_silent) text += ", silent over UDP";
  if (exchange.edns == observe::EdnsSupport::rejected) text += ", EDNS rejected";
  if (exchange.edns == observe::EdnsSupport::dropped) text += ", silent to EDNS";
  if (exchange.letter_case == observe::CaseSupport::changed)
    text += ", letter case of the question changed";
  if (exchange.mismatched > 0)
    text += ", wrong replies dropped: " + std::to_string(exchange.mismatched);
  return text;
}

}  // namespace

bool applies(const Family& family, const Case& test) {
  const rules::Proof proof = rules::proof_of(rules::method_of(test.target.method));
  return family.proofs.empty() || std::ranges::find(family.proofs, proof) != family.proofs.end();
}

std::vector<const observe::Exchange*> Case::select(const observe::Selection& selection) const {
  std::vector<const observe::Exchange*> found = overview.exchanges.select(selection);
  std::erase_if(found, [&](const observe::Exchange* exchange) {
    return observe::asks_for_proof(exchange->purpose) && exchange->question.type != target.type;
  });
  return found;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " and " : ", ";
    text += parts[i];
  }
  return text.empty() ? "none" : text;
}

Finding make_finding(const FindingKind& kind, std::string subject,
                     std::map<std::string, std::string> arguments) {
  Finding finding;
  finding.id = kind.id;
  finding.severity = kind.severity;
  finding.affects = kind.affects;
  finding.subject = std::move(subject);
  std::string_view rest = kind.message;
  while (!rest.empty()) {
    const std::size_t open = rest.find('{');
    finding.message += rest.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = rest.find('}', open);
    const std::string key(rest.substr(open + 1, close - open - 1));
    const auto argument = arguments.find(key);
    if (close == std::string_view::npos || argument == arguments.end())
      throw std::logic_error(finding.id + ": its message lacks the argument {" + key + "}");
    finding.message += argument->second;
    rest = rest.substr(close + 1);
  }
  finding.arguments = std::move(arguments);
  return finding;
}

Evidence evidence_of(const Case& test, const observe::Exchange& exchange) {
  Evidence evidence;
  evidence.server = observe::label(exchange);
  evidence.question =
      exchange.question.name.lower().text() + " " + dns::text(exchange.question.type);
  evidence.saw = saw(exchange);
  evidence.at = test.observation.started_at + exchange.sent_at + exchange.duration;
  return evidence;
}

}  // namespace dcv::check
