// One address of one server; see responder.h.

#include "lab/responder.h"

#include <algorithm>

#include "dns/wire.h"

namespace dcv::lab {
namespace {

using dns::Message;
using dns::Rcode;
using dns::RecordType;

constexpr std::uint16_t kUdpSize = 1232;            // what we accept and send (DNS flag day 2020)
constexpr std::uint16_t kUdpSizeWithoutEdns = 512;  // RFC 1035 4.2.1
constexpr std::uint32_t kRootTtl = 518400;          // seconds, as in the root zone
constexpr char kNotAuthoritative[] = {0, 20};       // RFC 8914 4.21, without a text

// The header and question of a reply; nothing else.
Message bare_reply(const Message& query) {
  Message reply;
  reply.id = query.id;
  reply.response = true;
  reply.recursion_desired = query.recursion_desired;
  reply.opcode = query.opcode;
  reply.question = query.question;
  return reply;
}

std::string bare_reply(const Message& query, Rcode rcode) {
  Message reply = bare_reply(query);
  reply.rcode = rcode;
  return dns::encode(reply);
}

// Right id and the response bit, then a question section that cannot be read.
std::string garbage_for(std::string_view packet) {
  return std::string(packet.substr(0, 2)) + std::string("\x84\x00\xff\xff", 4) +
         std::string(24, '\xff');
}

std::size_t size_limit(const Message& query, Transport transport) {
  if (transport == Transport::tcp) return 65535;
  if (!query.edns) return kUdpSizeWithoutEdns;
  return std::clamp(query.edns->udp_size, kUdpSizeWithoutEdns, kUdpSize);
}

void drop_soa(Message& reply) {
  std::erase_if(reply.authority, [](const dns::Record& record) {
    const auto signature = dns::as_rrsig(record);
    return record.type == RecordType::soa || (signature && signature->covered == RecordType::soa);
  });
}

void move_soa(Message& reply) {
  const auto is_soa = [](const dns::Record& record) { return record.type == RecordType::soa; };
  if (!reply.answer.empty()) return;
  std::ranges::copy_if(reply.authority, std::back_inserter(reply.answer), is_soa);
  std::erase_if(reply.authority, is_soa);
}

void drop_denial(Message& reply) {
  const auto denies = [](RecordType type) {
    return type == RecordType::nsec || type == RecordType::nsec3;
  };
  std::erase_if(reply.authority, [&](const dns::Record& record) {
    const auto signature = dns::as_rrsig(record);
    return denies(record.type) || (signature && denies(signature->covered));
  });
}

bool asks_for(const Message& query, dns::EdnsCode code) {
  const auto& options = query.edns->options;
  return std::any_of(options.begin(), options.end(), [&](const dns::EdnsOption& option) {
    return option.code == static_cast<std::uint16_t>(code);
  });
}

// RFC 9660 3.2: label count, type SOA-SERIAL, serial.
std::string zone_version(const Zone& zone, std::uint32_t serial) {
  std::string data{static_cast<char>(zone.apex().label_count()), 0};
  for (int shift = 24; shift >= 0; shift -= 8) data += static_cast<char>(serial >> shift & 0xff);
  return data;
}

}  // namespace

Responder::Responder(std::string server_name, std::shared_ptr<const ZoneSet> zones,
                     std::shared_ptr<const ZoneSet> alternate, Behaviour behaviour,
                     std::shared_ptr<const Internet> internet)
    : server_name_(std::move(server_name)),
      zones_(std::move(zones)),
      alternate_(std::move(alternate)),
      behaviour_(std::move(behaviour)) {
  if (behaviour_.recursive) recursor_.emplace(server_name_, std::move(internet));
}

std::optional<std::string> Responder::respond(std::string_view packet, Transport transport) {
  const bool udp = transport == Transport::udp;
  if (behaviour_.drop || behaviour_.closed) return std::nullopt;
  if (udp ? behaviour_.udp_drop : behaviour_.tcp != TcpFault::none) return std::nullopt;
  auto decoded = dns::decode(packet);
  if (!decoded || decoded->response) return std::nullopt;
  Message query = std::move(decoded).value();
  if (behaviour_.garbage) return garbage_for(packet);
  if (query.edns) {
    switch (behaviour_.edns) {
      case EdnsFault::none:
        break;
      case EdnsFault::formerr:
        return bare_reply(query, Rcode::formerr);
      case EdnsFault::notimp:
        return bare_reply(query, Rcode::notimp);
      case EdnsFault::drop:
        return std::nullopt;
      case EdnsFault::ignore:
        query.edns.reset();
    }
  }
  if (behaviour_.lower_case && query.question) query.question->name = query.question->name.lower();
  Message reply = reply_to(query);
  if (behaviour_.wrong_id) reply.id = static_cast<std::uint16_t>(query.id ^ 0x5a5aU);
  if (behaviour_.truncate && udp) {
    reply.answer.clear();
    reply.authority.clear();
    reply.additional.clear();
    reply.truncated = true;
  }
  return dns::encode(reply, size_limit(query, transport));
}

Message Responder::reply_to(const Message& query) {
  Message reply = bare_reply(query);
  if (query.opcode != dns::Opcode::query) {
    reply.rcode = Rcode::notimp;
  } else if (!query.question) {
    reply.rcode = Rcode::formerr;
  } else if (query.edns && query.edns->version != 0) {
    reply.rcode = Rcode::badvers;
    add_edns(query, *zones_, reply);
  } else {
    answer_question(query, reply);
  }
  if (behaviour_.soa_in_answer) move_soa(reply);
  reply.recursion_available =
      behaviour_.recursion_available || (behaviour_.recursive && !is_refused_recursion(query));
  return reply;
}

void Responder::answer_question(const Message& query, Message& reply) {
  // Servers that stumble over a type still know where to send a question that is not for them.
  const Zone* zone = zones_->zone_for(query.question->name, query.question->type);
  const bool refers =
      zone != nullptr && zone->lookup(query.question->name, query.question->type, false).kind ==
                             Lookup::Kind::referral;
  const auto by_type =
      refers ? behaviour_.rcode_by_type.end() : behaviour_.rcode_by_type.find(query.question->type);
  if (behaviour_.rcode || by_type != behaviour_.rcode_by_type.end()) {
    reply.rcode = behaviour_.rcode ? *behaviour_.rcode : by_type->second;
    if (!behaviour_.rcode && reply.rcode == Rcode::nxdomain) add_soa(query, reply);
    add_edns(query, ZoneSet(), reply);
  } else if (query.question->record_class != dns::kClassIn) {
    reply.rcode = Rcode::refused;
    add_edns(query, ZoneSet(), reply);
  } else if (recursor_) {
    answer_recursively(query, reply);
  } else {
    answer_from_zones(query, reply);
  }
}

bool Responder::is_refused_recursion(const Message& query) const {
  return behaviour_.refuse_non_recursive && !query.recursion_desired;
}

void Responder::answer_recursively(const Message& query, Message& reply) {
  int extended_error = 0;
  if (is_refused_recursion(query)) {
    reply.rcode = Rcode::refused;
  } else {
    extended_error = recursor_->answer(query, next_back_end(*query.question), reply);
  }
  if (behaviour_.no_soa) drop_soa(reply);
  if (behaviour_.no_denial) drop_denial(reply);
  add_edns(query, ZoneSet(), reply);
  if (reply.edns && extended_error != 0)
    reply.edns->options.push_back({static_cast<std::uint16_t>(dns::EdnsCode::ede),
                                   {'\0', static_cast<char>(extended_error)}});
}

void Responder::answer_from_zones(const Message& query, Message& reply) {
  const ZoneSet& zones = next_back_end(*query.question);
  zones.answer(*query.question, query.edns && query.edns->dnssec_ok, reply);
  if (reply.rcode == Rcode::refused && behaviour_.upward_referral) refer_upward(reply);
  if (behaviour_.no_soa && reply.authoritative) drop_soa(reply);
  if (behaviour_.no_denial) drop_denial(reply);
  if (behaviour_.no_aa) reply.authoritative = false;
  add_edns(query, zones, reply);
}

// Makes a denial of it, as servers give it that know names by their addresses alone.
void Responder::add_soa(const Message& query, Message& reply) const {
  const Zone* zone = zones_->zone_for(query.question->name, query.question->type);
  if (zone == nullptr) return;
  reply.authoritative = true;
  reply.authority = zone->lookup(zone->apex(), RecordType::soa, false).answer;
}

void Responder::refer_upward(Message& reply) const {
  reply.rcode = Rcode::noerror;
  for (const char* letter = "abcdefghijklm"; *letter != '\0'; ++letter) {
    const auto host = dns::Name::of(std::string(1, *letter) + ".root-servers.net");
    reply.authority.push_back(dns::make_target({}, RecordType::ns, kRootTtl, host));
  }
}

void Responder::add_edns(const Message& query, const ZoneSet& zones, Message& reply) const {
  if (!query.edns) return;
  dns::Edns edns;
  edns.udp_size = kUdpSize;
  edns.dnssec_ok = query.edns->dnssec_ok;
  const auto add = [&](dns::EdnsCode code, std::string data) {
    edns.options.push_back({static_cast<std::uint16_t>(code), std::move(data)});
  };
  if (asks_for(query, dns::EdnsCode::nsid)) add(dns::EdnsCode::nsid, server_name_);
  const Zone* zone = zones.zone_for(query.question->name, query.question->type);
  if (zone != nullptr && zone->serial() && asks_for(query, dns::EdnsCode::zoneversion)) {
    add(dns::EdnsCode::zoneversion, zone_version(*zone, *zone->serial()));
  }
  if (zone == nullptr && reply.rcode == Rcode::refused) {
    add(dns::EdnsCode::ede, {kNotAuthoritative, 2});  // as NSD and Knot DNS do
  }
  reply.edns = std::move(edns);
}

// Every second repetition of a question goes to the other back end.
const ZoneSet& Responder::next_back_end(const dns::Question& question) {
  if (!alternate_) return *zones_;
  const unsigned earlier = asked_[{question.name, question.type}]++;
  return earlier % 2 == 0 ? *zones_ : *alternate_;
}

std::vector<Host> make_hosts(const Scenario& scenario) {
  const auto internet = std::make_shared<const Internet>(make_internet(scenario));
  std::vector<Host> hosts;
  for (const Server& server : scenario.servers) {
    const auto zones = make_zones(server, "");
    for (const auto& [address, behaviour] : server.addresses) {
      const auto& variant = behaviour.alternate;
      const auto alternate = variant.empty() ? nullptr : make_zones(server, variant);
      hosts.push_back({server.name, address, {server.name, zones, alternate, behaviour, internet}});
    }
  }
  return hosts;
}

Responder make_interceptor(const Scenario& scenario) {
  return {"interceptor", std::make_shared<const ZoneSet>(), nullptr, *scenario.intercepted,
          std::make_shared<const Internet>(make_internet(scenario))};
}

}  // namespace dcv::lab
