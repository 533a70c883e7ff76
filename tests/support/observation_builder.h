#pragma once
// Hand-made observations for the tests of checks and renderers: zones, servers, targets and
// replies in a few lines. Replies go through encode, decode and classify as real ones do.
//
//   auto world = dcv::testing::healthy_world();            // everything published and right
//   world.asked(Purpose::proof, "shop.example.", "45.90.30.10", kProofName, RecordType::txt,
//               nxdomain("shop.example."));                // replaces what this address said
//   check::evaluate(world.observation);

#include <algorithm>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "dns/wire.h"
#include "dns/zone_file.h"
#include "observe/lookup.h"
#include "observe/observation.h"

namespace dcv::testing {

using dns::RecordType;
using observe::Outcome;
using observe::Purpose;
using observe::StepEnd;

inline const std::string kDigest = "LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo";
inline const std::string kOtherDigest = "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA";
inline const std::string kZone = "shop.example.";
inline const std::string kProofName = "_acme-challenge.app.shop.example.";
inline const std::string kControlName = "dcv-control-7f3a.app.shop.example.";

using Lines = std::vector<std::string>;  // zone-file lines with absolute names

// What one address said: a message in zone-file lines, or an outcome without one. The fields after
// `outcome` go into the exchange as they are.
struct Reply {
  dns::Rcode rcode = dns::Rcode::noerror;
  bool authoritative = true;
  Lines answer, authority, additional;
  bool with_edns = true;
  Outcome outcome = Outcome::reply;
  observe::Transport transport = observe::Transport::udp;
  observe::EdnsSupport edns = observe::EdnsSupport::supported;
  observe::CaseSupport letter_case = observe::CaseSupport::kept;
  bool truncated = false, udp_silent = false;
  int mismatched = 0;
  std::string detail;
  std::vector<std::string> faults;  // added to the decoded message
};

inline std::string soa_line(const std::string& zone, int serial = 1) {
  const std::string below = zone == "." ? "root." : zone;
  return zone + " 3600 IN SOA ns1." + below + " hostmaster." + below + " " +
         std::to_string(serial) + " 7200 900 1209600 300";
}
inline std::string txt_line(const std::string& owner, const std::string& value, int ttl = 60) {
  return owner + " " + std::to_string(ttl) + " IN TXT \"" + value + "\"";
}
inline std::string cname_line(const std::string& owner, const std::string& target) {
  return owner + " 300 IN CNAME " + target;
}
inline std::string ns_line(const std::string& zone, const std::string& host) {
  return zone + " 3600 IN NS " + host;
}

inline Reply data(Lines answer) {
  Reply reply;
  reply.answer = std::move(answer);
  return reply;
}
inline Reply nodata(const std::string& zone, int serial = 1) {
  Reply reply;
  reply.authority = {soa_line(zone, serial)};
  return reply;
}
inline Reply nxdomain(const std::string& zone, int serial = 1) {
  Reply reply = nodata(zone, serial);
  reply.rcode = dns::Rcode::nxdomain;
  return reply;
}
inline Reply error(dns::Rcode rcode) {
  Reply reply;
  reply.rcode = rcode;
  reply.authoritative = false;
  return reply;
}
inline Reply refused() {
  return error(dns::Rcode::refused);
}
inline Reply servfail() {
  return error(dns::Rcode::servfail);
}
// `authority` holds the NS lines, `glue` the address lines.
inline Reply referral(Lines authority, Lines glue = {}) {
  Reply reply;
  reply.authoritative = false;
  reply.authority = std::move(authority);
  reply.additional = std::move(glue);
  return reply;
}
inline Reply no_reply(Outcome outcome, std::string detail = {}) {
  Reply reply;
  reply.outcome = outcome;
  reply.detail = std::move(detail);
  reply.edns = observe::EdnsSupport::unknown;
  reply.letter_case = observe::CaseSupport::unknown;
  return reply;
}
inline Reply silent() {
  return no_reply(Outcome::timeout, "no answer in 3.0 s");
}
inline Reply over_tcp(Reply reply) {
  reply.transport = observe::Transport::tcp;
  return reply;
}

class ObservationBuilder {
 public:
  observe::Observation observation;  // free to be changed directly

  ObservationBuilder() {
    observation.tool_version = "0.1.0";
    observation.started_at = observation.now = 1790000000;  // 2026-09-21, before the fifth remote
    zone(".", ".", false).server("a.root-servers.net.", {"198.41.0.4"});
  }

  // A zone; the calls of server() that follow belong to it. A zone that is there is taken up again.
  ObservationBuilder& zone(const std::string& apex, const std::string& parent, bool probed = true) {
    const dns::Name name = dns::Name::of(apex);
    const auto found = std::find_if(observation.zones.begin(), observation.zones.end(),
                                    [&](const observe::Zone& each) { return each.apex == name; });
    current_ = static_cast<std::size_t>(found - observation.zones.begin());
    if (found == observation.zones.end()) {
      observe::Zone added;
      added.apex = name;
      added.parent = dns::Name::of(parent);
      added.probed = probed;
      observation.zones.push_back(std::move(added));
    }
    return *this;
  }

  // A name server of the latest zone, in both NS sets, with glue and addresses alike.
  ObservationBuilder& server(const std::string& host, const std::vector<std::string>& addresses) {
    observe::NameServer added;
    added.name = dns::Name::of(host);
    added.in_parent = added.in_child = true;
    for (const std::string& address : addresses)
      added.addresses.push_back(dns::IpAddress::of(address));
    std::sort(added.addresses.begin(), added.addresses.end());
    added.glue = added.addresses;
    added.state = observe::HostState::found;
    auto& servers = observation.zones[current_].servers;
    servers.push_back(std::move(added));
    std::sort(servers.begin(), servers.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    return *this;
  }

  // A target without steps yet; the calls of step() that follow belong to it.
  ObservationBuilder& target(const std::string& identifier,
                             std::vector<std::string> expected = {}) {
    observe::Target added;
    added.identifier = identifier;
    const std::string host = identifier.starts_with("*.") ? identifier.substr(2) : identifier;
    added.validation_name = dns::Name::of("_acme-challenge." + host);
    added.expected = std::move(expected);
    observation.targets.push_back(std::move(added));
    return *this;
  }
  ObservationBuilder& step(const std::string& name, const std::string& zone_apex, StepEnd end,
                           const std::string& alias_target = {}) {
    observe::Step added;
    added.name = dns::Name::of(name);
    added.zone = dns::Name::of(zone_apex);
    added.end = end;
    if (!alias_target.empty()) added.target = dns::Name::of(alias_target);
    observation.targets.back().steps.push_back(std::move(added));
    return *this;
  }

  observe::Zone& zone_at(const std::string& apex) {
    for (observe::Zone& each : observation.zones)
      if (each.apex == dns::Name::of(apex)) return each;
    throw std::invalid_argument("no zone " + apex);
  }
  observe::NameServer& server_at(const std::string& apex, const std::string& host) {
    for (observe::NameServer& each : zone_at(apex).servers)
      if (each.name == dns::Name::of(host)) return each;
    throw std::invalid_argument("no server " + host + " in zone " + apex);
  }

  // One exchange with one address of a server of the zone. Takes the place of an exchange with the
  // same purpose, zone, address and question; returns its id.
  observe::ExchangeId asked(Purpose purpose, const std::string& apex, const std::string& address,
                            const std::string& name, RecordType type, const Reply& reply) {
    observe::Exchange made = exchange(purpose, apex, address, name, type, reply);
    for (std::size_t id = 0; id < observation.exchanges.size(); ++id) {
      observe::Exchange& old = observation.exchanges[id];
      if (old.purpose == made.purpose && old.zone == made.zone && old.address == made.address &&
          old.question == made.question) {
        made.sent_at = old.sent_at;
        old = std::move(made);
        return id;
      }
    }
    made.sent_at = static_cast<double>(observation.exchanges.size()) / 100;
    observation.exchanges.push_back(std::move(made));
    return observation.exchanges.size() - 1;
  }
  // The same with every address of the zone.
  ObservationBuilder& asked_all(Purpose purpose, const std::string& apex, const std::string& name,
                                RecordType type, const Reply& reply) {
    for (const std::string& address : addresses(apex))
      asked(purpose, apex, address, name, type, reply);
    return *this;
  }
  // proof, proof_again and proof_tcp at one address.
  ObservationBuilder& proof(const std::string& apex, const std::string& address,
                            const std::string& name, const Reply& reply) {
    asked(Purpose::proof, apex, address, name, RecordType::txt, reply);
    asked(Purpose::proof_again, apex, address, name, RecordType::txt, reply);
    asked(Purpose::proof_tcp, apex, address, name, RecordType::txt, over_tcp(reply));
    return *this;
  }
  ObservationBuilder& proof_all(const std::string& apex, const std::string& name,
                                const Reply& reply) {
    for (const std::string& address : addresses(apex)) proof(apex, address, name, reply);
    return *this;
  }
  // Every exchange with the address ends like this one: a server that is silent or lame.
  ObservationBuilder& always(const std::string& address, const Reply& reply) {
    for (observe::Exchange& each : observation.exchanges) {
      if (each.address != dns::IpAddress::of(address)) continue;
      const double sent_at = each.sent_at;
      const observe::Transport transport = each.transport;
      each = exchange(each.purpose, each.zone.text(), address, each.question.name.text(),
                      each.question.type, reply);
      each.sent_at = sent_at;
      if (each.purpose == Purpose::proof_tcp) each.transport = transport;
    }
    return *this;
  }

  // What the parent's server at `address` says of the zone: the referral, noted in
  // Zone::delegation.
  ObservationBuilder& delegated(const std::string& apex, const std::string& parent_address,
                                const Reply& reply) {
    const std::string parent = zone_at(apex).parent.text();
    const observe::ExchangeId id =
        asked(Purpose::delegation, parent, parent_address, apex, RecordType::ns, reply);
    auto& ids = zone_at(apex).delegation;
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
    return *this;
  }
  // Referrals from every address of the parent that name all servers in_parent, with their glue.
  ObservationBuilder& delegated_as_listed(const std::string& apex) {
    Lines names, glue;
    for (const observe::NameServer& each : zone_at(apex).servers) {
      if (!each.in_parent) continue;
      names.push_back(ns_line(apex, each.name.text()));
      for (const dns::IpAddress& address : each.glue)
        glue.push_back(dns::zone_line(dns::make_address(each.name, 3600, address)));
    }
    for (const std::string& address : addresses(zone_at(apex).parent.text()))
      delegated(apex, address, referral(names, glue));
    return *this;
  }
  // zone_soa and zone_ns at every address, right and equal.
  ObservationBuilder& healthy_zone(const std::string& apex, int serial = 1) {
    Lines names;
    for (const observe::NameServer& each : zone_at(apex).servers)
      if (each.in_child) names.push_back(ns_line(apex, each.name.text()));
    asked_all(Purpose::zone_soa, apex, apex, RecordType::soa, data({soa_line(apex, serial)}));
    return asked_all(Purpose::zone_ns, apex, apex, RecordType::ns, data(names));
  }

  // The addresses of the zone in text form, by server name, then address.
  std::vector<std::string> addresses(const std::string& apex) {
    std::vector<std::string> texts;
    for (const observe::ServerAddress& each : observe::addresses_of(zone_at(apex)))
      texts.push_back(each.address.text());
    return texts;
  }

 private:
  static std::vector<dns::Record> records(const Lines& lines) {
    std::vector<dns::Record> parsed;
    for (const std::string& line : lines) {
      Result<dns::Record> record = dns::parse_record(line, dns::Name());
      if (!record) throw std::invalid_argument(line + ": " + record.error());
      parsed.push_back(*record);
    }
    return parsed;
  }

  static std::string bytes_of(const Reply& reply, const dns::Question& question) {
    dns::Message message;
    message.id = 4711;
    message.response = true;
    message.authoritative = reply.authoritative;
    message.rcode = reply.rcode;
    message.question = question;
    message.answer = records(reply.answer);
    message.authority = records(reply.authority);
    message.additional = records(reply.additional);
    if (reply.with_edns) message.edns = dns::Edns{};
    return dns::encode(message);
  }

  observe::Exchange exchange(Purpose purpose, const std::string& apex, const std::string& address,
                             const std::string& name, RecordType type, const Reply& reply) {
    observe::Exchange made;
    made.purpose = purpose;
    made.zone = dns::Name::of(apex);
    made.address = dns::IpAddress::of(address);
    for (const observe::ServerAddress& each : observe::addresses_of(zone_at(apex)))
      if (each.address == made.address) made.server = each.server->name;
    made.question = {dns::Name::of(name), type, dns::kClassIn};
    made.duration = reply.outcome == Outcome::timeout ? 3.0 : 0.02;
    made.attempts = 1;
    made.mismatched = reply.mismatched;
    made.transport = purpose == Purpose::proof_tcp ? observe::Transport::tcp : reply.transport;
    made.truncated = reply.truncated;
    made.udp_silent = reply.udp_silent;
    made.edns = reply.edns;
    made.letter_case = reply.letter_case;
    made.outcome = reply.outcome;
    made.detail = reply.detail;
    if (reply.outcome != Outcome::reply) return made;
    made.bytes = bytes_of(reply, made.question);
    Result<dns::Message> decoded = dns::decode_reply(made.bytes);
    if (!decoded) throw std::invalid_argument("reply does not decode: " + decoded.error());
    made.reply = *decoded;
    for (const std::string& fault : reply.faults) made.reply->faults.push_back(fault);
    made.kind = dns::classify(*made.reply, made.question, made.zone);
    return made;
  }

  std::size_t current_ = 0;
};

// Root, example. and shop.example. with two servers of two addresses each; the target
// app.shop.example whose TXT record all of them give: every question answered, nothing wrong.
inline ObservationBuilder healthy_world(std::vector<std::string> expected = {kDigest}) {
  ObservationBuilder world;
  world.zone("example.", ".", false).server("a.nic.example.", {"45.90.0.1"});
  world.zone(kZone, "example.")
      .server("ns1.shop.example.", {"45.90.28.10", "2a07:a8c0::10"})
      .server("ns2.shop.example.", {"45.90.30.10", "2a07:a8c1::10"});
  world.target("app.shop.example", std::move(expected)).step(kProofName, kZone, StepEnd::answer);
  world.delegated_as_listed("example.").delegated_as_listed(kZone).healthy_zone(kZone);
  world.proof_all(kZone, kProofName, data({txt_line(kProofName, kDigest)}));
  world.asked_all(Purpose::alias, kZone, kProofName, RecordType::cname, nodata(kZone));
  world.asked_all(Purpose::owner_soa, kZone, kProofName, RecordType::soa, nodata(kZone));
  world.asked_all(Purpose::control, kZone, kControlName, RecordType::txt, nxdomain(kZone));
  return world;
}

}  // namespace dcv::testing
