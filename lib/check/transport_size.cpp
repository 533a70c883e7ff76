// Answers to the proof question that did not fit into one UDP packet, one finding a name.
#include <algorithm>
#include <set>

#include "check/path.h"
#include "check/transport.h"
#include "observe/lookup.h"

namespace dcv::check::transport {
namespace {

using observe::Exchange;

constexpr std::size_t kUdpPayload = 1232;  // bytes; what a CA's resolver offers (RFC 9715)
constexpr std::size_t kDigestLength = 43;  // base64url of SHA-256 without padding

bool looks_like_digest(const std::string& value) {
  return value.size() == kDigestLength && std::all_of(value.begin(), value.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

// Truncated over UDP, complete over TCP; one exchange an address.
std::vector<const Exchange*> truncated_at(const Case& test, const observe::Step& step) {
  std::vector<const Exchange*> found;
  std::set<dns::IpAddress> seen;
  for (const Exchange* exchange : path_exchanges(test)) {
    const bool is_proof = exchange->purpose == observe::Purpose::proof ||
                          exchange->purpose == observe::Purpose::proof_again;
    if (is_proof && exchange->zone == step.zone && exchange->question.name == step.name &&
        exchange->truncated && exchange->reply && seen.insert(exchange->address).second)
      found.push_back(exchange);
  }
  return found;
}

std::string server_names(const std::vector<const Exchange*>& exchanges) {
  std::set<dns::Name> names;
  for (const Exchange* exchange : exchanges) names.insert(exchange->server);
  std::vector<std::string> texts;
  for (const dns::Name& name : names) texts.push_back(name.prose());
  return joined(texts);
}

// Digests of earlier orders can go; without expected values nobody can tell which those are.
std::vector<Edit> old_digests(const Case& test, const observe::Step& step, const Exchange& seen) {
  const std::vector<std::string>& expected = test.target.expected;
  if (expected.empty()) return {};
  Edit edit;
  edit.zone = step.zone.lower().text();
  for (const dns::Record& record : seen.reply->answer) {
    const auto value = dns::as_txt(record);
    if (record.owner == step.name && value && looks_like_digest(*value) &&
        std::find(expected.begin(), expected.end(), *value) == expected.end())
      edit.remove.push_back(dns::zone_line(dns::make_txt(step.name.lower(), record.ttl, *value)));
  }
  if (edit.remove.empty()) return {};
  return {edit};
}

Finding finding_of(const Case& test, const observe::Step& step,
                   const std::vector<const Exchange*>& exchanges) {
  std::size_t bytes = 0;
  for (const Exchange* exchange : exchanges) bytes = std::max(bytes, exchange->bytes.size());
  const std::string name = step.name.lower().prose();
  Finding finding = make_finding(
      kind("transport-truncated"), step.name.lower().text(),
      {{"servers", server_names(exchanges)}, {"name", name}, {"bytes", std::to_string(bytes)}});
  for (const Exchange* exchange : exchanges)
    finding.evidence.push_back(evidence_of(test, *exchange));
  if (bytes > kUdpPayload) {
    finding.remedy.action = "Remove the TXT values of earlier orders at " + name + ".";
    finding.remedy.edits = old_digests(test, step, *exchanges.front());
  } else {
    finding.remedy.action =
        "Ask the operator of " + server_names(exchanges) + " why every resolver is sent to TCP.";
  }
  return finding;
}

}  // namespace

void check_size(const Case& test, std::vector<Finding>& findings) {
  for (const observe::Step& step : test.target.steps) {
    const std::vector<const Exchange*> exchanges = truncated_at(test, step);
    if (!exchanges.empty()) findings.push_back(finding_of(test, step, exchanges));
  }
}

}  // namespace dcv::check::transport
