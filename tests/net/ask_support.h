#pragma once
// Words shared by the tests of the transport: asking, and building replies.

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dns/wire.h"
#include "net/dns_transport.h"
#include "support/hostile_server.h"

namespace dcv::testing {

inline observe::Settings quick_settings(double query_timeout = 0.6) {
  observe::Settings settings;
  settings.allow_private = true;
  settings.query_timeout = query_timeout;
  return settings;
}

inline net::Query txt_query(const char* address = "127.0.0.1", bool tcp_only = false) {
  net::Query query;
  query.zone = dns::Name::of("example.org");
  query.server = dns::Name::of("ns1.example.org");
  query.address = dns::IpAddress::of(address);
  query.question = {dns::Name::of("_acme-challenge.www.example.org"), dns::RecordType::txt};
  query.tcp_only = tcp_only;
  return query;
}

// A question for a resolver on loopback.
inline net::Query resolver_query(std::uint16_t port,
                                 observe::Transport transport = observe::Transport::udp) {
  net::Query query;
  query.purpose = observe::Purpose::view;
  query.question = {dns::Name::of("_acme-challenge.www.example.org"), dns::RecordType::txt};
  query.endpoint = {transport, dns::IpAddress::of("127.0.0.1"), port};
  query.recursion_desired = true;
  return query;
}

// "127.0.0.1 (port …)", as failures name a server.
inline std::string place_of(const HostileServer& server) {
  return "127.0.0.1 (port " + std::to_string(server.port()) + ")";
}

// Asks one question and waits for its end.
inline observe::Exchange ask_one(std::uint16_t port, const observe::Settings& settings,
                                 const net::Query& query = txt_query()) {
  const auto transport = net::make_dns_transport(settings, port);
  std::vector<observe::Exchange> ended;
  transport->ask(query, [&ended](observe::Exchange exchange) { ended.push_back(exchange); });
  transport->run();
  return ended.at(0);
}

// The names that ask_several() asks for: with letters enough to have both cases always.
inline dns::Name several_name(int number) {
  return dns::Name::of("name" + std::to_string(number) +
                       ".below-a-label-of-very-many-letters.example.org");
}

// Asks this question so many times at once, for another name each, and waits for all ends.
inline std::vector<observe::Exchange> ask_several(const net::Query& query, int times,
                                                  const observe::Settings& settings) {
  const auto transport = net::make_dns_transport(settings);
  std::vector<observe::Exchange> ended;
  for (int i = 0; i < times; ++i) {
    net::Query each = query;
    each.question.name = several_name(i);
    transport->ask(each, [&ended](observe::Exchange exchange) { ended.push_back(exchange); });
  }
  transport->run();
  return ended;
}

inline std::ptrdiff_t count(const std::vector<observe::Exchange>& exchanges,
                            observe::Outcome outcome) {
  return std::count_if(exchanges.begin(), exchanges.end(),
                       [outcome](const observe::Exchange& e) { return e.outcome == outcome; });
}

inline dns::Message read(const std::string& query) {
  return dns::decode(query).value();
}

inline dns::Message good_answer(const dns::Message& query) {
  dns::Message reply;
  reply.id = query.id;
  reply.response = true;
  reply.authoritative = true;
  reply.question = query.question;
  reply.answer = {dns::make_txt(query.question->name, 60, "token")};
  if (query.edns) reply.edns = dns::Edns{};
  return reply;
}

inline std::string good_bytes(const std::string& query) {
  return dns::encode(good_answer(read(query)));
}

inline std::string error_bytes(const std::string& query, dns::Rcode rcode, bool with_edns) {
  dns::Message reply = good_answer(read(query));
  reply.answer.clear();
  reply.authoritative = false;
  reply.rcode = rcode;
  reply.edns.reset();
  if (with_edns) reply.edns = dns::Edns{};
  return dns::encode(reply);
}

inline std::string truncated_bytes(const std::string& query) {
  dns::Message reply = good_answer(read(query));
  reply.answer.clear();
  reply.truncated = true;
  return dns::encode(reply);
}

inline void answer_well(const Datagram& query) {
  query.reply(good_bytes(query.bytes()));
}
inline void answer_well_over_tcp(Connection& client) {
  const std::string query = client.read_query();
  if (!query.empty()) client.send(framed(good_bytes(query)));
}
inline void stay_silent(const Datagram&) {}

}  // namespace dcv::testing
