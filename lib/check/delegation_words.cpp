// Words, zone-file lines and edits that the delegation checks put into their findings.
#include <algorithm>

#include "check/delegation.h"

namespace dcv::check::delegation {
namespace {

using observe::Exchange;
using observe::Outcome;

constexpr std::uint32_t kUsualTtl = 3600;  // seconds, where no record shows one

std::uint32_t ttl_seen(const Exchanges& exchanges, const dns::Name& owner, dns::RecordType type) {
  for (const Exchange* exchange : exchanges) {
    if (!exchange->reply) continue;
    for (const auto* section :
         {&exchange->reply->answer, &exchange->reply->authority, &exchange->reply->additional})
      for (const dns::Record& record : *section)
        if (record.owner == owner && record.type == type) return record.ttl;
  }
  return kUsualTtl;
}

std::string ns_line(const ZoneView& view, const Exchanges& seen, const dns::Name& host) {
  const dns::Name apex = view.zone.apex.lower();
  const auto ttl = ttl_seen(seen, apex, dns::RecordType::ns);
  return dns::zone_line(dns::make_target(apex, dns::RecordType::ns, ttl, host.lower()));
}

std::string address_line(const Exchanges& seen, const dns::Name& host,
                         const dns::IpAddress& address) {
  const auto type = address.is_v4() ? dns::RecordType::a : dns::RecordType::aaaa;
  return dns::zone_line(dns::make_address(host.lower(), ttl_seen(seen, host, type), address));
}

bool contains(const std::vector<dns::IpAddress>& addresses, const dns::IpAddress& address) {
  return std::find(addresses.begin(), addresses.end(), address) != addresses.end();
}

// The replies that gave the host's addresses from its own zone.
Exchanges own_answers(const ZoneView& view, const dns::Name& host) {
  Exchanges found;
  for (const Exchange* exchange : address_exchanges(view, host))
    if (exchange->kind == dns::ReplyKind::answer) found.push_back(exchange);
  return found;
}

}  // namespace

std::string addresses_text(const std::vector<AddressView>& addresses) {
  std::vector<std::string> parts;
  for (const AddressView& each : addresses) parts.push_back(each.address.text());
  return joined(parts);
}

std::string addresses_text(const std::vector<dns::IpAddress>& addresses) {
  std::vector<std::string> parts;
  for (const dns::IpAddress& each : addresses) parts.push_back(each.text());
  return joined(parts);
}

std::string parent_text(const ZoneView& view) {
  const dns::Name parent = view.zone.parent.lower();
  return parent.is_root() ? "the root zone" : "the parent zone " + parent.prose();
}

std::string not_serving_text(const Exchange& exchange) {
  if (!exchange.kind || !exchange.reply) return "";
  switch (*exchange.kind) {
    case dns::ReplyKind::upward_referral:
      return "a referral back upwards";
    case dns::ReplyKind::sideways_referral:
      return "a referral to another branch of the tree";
    default:
      return dns::text(exchange.reply->rcode) + " to " + dns::text(exchange.question.type) +
             " questions";
  }
}

std::string silence_text(const Exchange& exchange) {
  switch (exchange.outcome) {
    case Outcome::refused:
      return "the port is closed";
    case Outcome::closed:
      return "the connection ends before the reply is complete";
    case Outcome::unreachable:
      return "the network says that it cannot be reached";
    case Outcome::malformed:
      return "what it sends is not DNS";
    default:
      return exchange.mismatched > 0 ? "no reply that fits the question" : "no reply in time";
  }
}

std::string parent_ns_line(const ZoneView& view, const dns::Name& host) {
  return ns_line(view, referrals(view), host);
}

std::string child_ns_line(const ZoneView& view, const dns::Name& host) {
  return ns_line(view, apex_ns_replies(view), host);
}

std::string glue_line(const ZoneView& view, const dns::Name& host, const dns::IpAddress& address) {
  return address_line(referrals(view), host, address);
}

std::vector<Edit> edits_without(const ZoneView& view, const observe::NameServer& server) {
  std::vector<Edit> edits;
  if (server.in_parent)
    edits.push_back({view.zone.parent.lower().text(), "", {parent_ns_line(view, server.name)}, {}});
  if (server.in_child)
    edits.push_back({view.zone.apex.lower().text(), "", {child_ns_line(view, server.name)}, {}});
  return edits;
}

std::vector<Edit> edits_without(const ZoneView& view, const observe::NameServer& server,
                                const std::vector<dns::IpAddress>& addresses) {
  Edit parent{view.zone.parent.lower().text(), "", {}, {}};
  Edit own;
  const Exchanges answers = own_answers(view, server.name);
  if (!answers.empty()) own.zone = answers.front()->zone.lower().text();
  for (const dns::IpAddress& address : addresses) {
    if (contains(server.glue, address))
      parent.remove.push_back(glue_line(view, server.name, address));
    if (contains(server.addresses, address) && !own.zone.empty())
      own.remove.push_back(address_line(answers, server.name, address));
  }
  std::vector<Edit> edits;
  for (const Edit& edit : {parent, own})
    if (!edit.remove.empty()) edits.push_back(edit);
  return edits;
}

void add_evidence(const ZoneView& view, const Exchanges& exchanges, Finding& finding) {
  for (const Exchange* exchange : exchanges)
    finding.evidence.push_back(evidence_of(view.test, *exchange));
}

void add_evidence(const ZoneView& view, const std::vector<AddressView>& addresses,
                  Finding& finding) {
  for (const AddressView& each : addresses)
    if (!each.shown.empty())
      finding.evidence.push_back(evidence_of(view.test, *each.shown.front()));
}

Finding server_finding(const ZoneView& view, std::string_view id, const observe::NameServer& server,
                       std::map<std::string, std::string> arguments) {
  const dns::Name host = server.name.lower();
  arguments["server"] = host.prose();
  arguments["zone"] = view.zone.apex.lower().prose();
  return make_finding(kind(id), host.text(), std::move(arguments));
}

}  // namespace dcv::check::delegation
