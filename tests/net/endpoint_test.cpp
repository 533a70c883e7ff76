// Questions to a resolver over UDP and TCP: where they go, and what the query says.

#include "net/ask_support.h"
#include "net/limits.h"
#include "support/catch.h"

using namespace dcv;
using namespace dcv::testing;
using observe::Exchange;
using observe::Outcome;

namespace {

constexpr std::uint16_t kElsewhere = 1;  // the port of authoritative servers in these tests

// Without leave to ask private addresses: an endpoint needs none.
observe::Settings public_settings(double query_timeout = 0.6) {
  observe::Settings settings = quick_settings(query_timeout);
  settings.allow_private = false;
  return settings;
}

// What a resolver is sent for this question, at whatever port it has.
dns::Message query_as_sent(net::Query query) {
  std::string bytes;
  HostileServer server(
      [&bytes](const Datagram& datagram) {
        bytes = datagram.bytes();
        answer_well(datagram);
      },
      {});
  query.endpoint->port = server.port();
  CHECK(ask_one(kElsewhere, public_settings(), query).outcome == Outcome::reply);
  CHECK(server.datagrams() == 1);
  return read(bytes);
}

}  // namespace

TEST_CASE("a resolver is asked at its own address and port, private or not, with RD alone") {
  const dns::Message sent = query_as_sent(resolver_query(0));
  CHECK(sent.recursion_desired);
  CHECK_FALSE(sent.checking_disabled);
  REQUIRE(sent.edns);
  CHECK(sent.edns->dnssec_ok);
  CHECK_FALSE(sent.edns->client_subnet());
}

TEST_CASE("CD, the client subnet and the class of the question go out as told") {
  net::Query query = resolver_query(0);
  query.recursion_desired = false;
  query.checking_disabled = true;
  query.client_subnet = dns::ClientSubnet::parse("192.0.2.0/24").value();
  query.question = {dns::Name::of("id.server"), dns::RecordType::txt, 3};
  const dns::Message sent = query_as_sent(query);
  CHECK_FALSE(sent.recursion_desired);
  CHECK(sent.checking_disabled);
  CHECK(sent.question->record_class == 3);
  REQUIRE(sent.edns->client_subnet());
  CHECK(sent.edns->client_subnet()->address == dns::IpAddress::of("192.0.2.0"));
  CHECK(sent.edns->client_subnet()->source_prefix == 24);
}

TEST_CASE(
    "an exchange with a resolver names the endpoint's address and how the letters came back") {
  HostileServer server(answer_well, {});
  const Exchange exchange = ask_one(kElsewhere, public_settings(), resolver_query(server.port()));
  CHECK(exchange.address == dns::IpAddress::of("127.0.0.1"));
  CHECK(exchange.purpose == observe::Purpose::view);
  CHECK(exchange.letter_case == observe::CaseSupport::kept);
  CHECK(exchange.attempts == 1);
}

TEST_CASE("a family that is switched off is not asked at an endpoint either") {
  observe::Settings settings = public_settings();
  settings.ipv4 = false;
  const Exchange exchange = ask_one(kElsewhere, settings, resolver_query(5300));
  CHECK(exchange.outcome == Outcome::not_asked);
  CHECK(exchange.detail == "IPv4 is switched off");
  CHECK(exchange.address == dns::IpAddress::of("127.0.0.1"));
}

TEST_CASE("a truncated reply of a resolver is asked for again over TCP at the same port") {
  HostileServer server([](const Datagram& query) { query.reply(truncated_bytes(query.bytes())); },
                       answer_well_over_tcp);
  const Exchange exchange = ask_one(kElsewhere, public_settings(), resolver_query(server.port()));
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.transport == observe::Transport::tcp);
  CHECK(exchange.truncated);
}

TEST_CASE("a resolver for TCP is never asked over UDP") {
  HostileServer server(answer_well, answer_well_over_tcp);
  const Exchange exchange = ask_one(kElsewhere, public_settings(),
                                    resolver_query(server.port(), observe::Transport::tcp));
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.transport == observe::Transport::tcp);
  CHECK_FALSE(exchange.udp_silent);
  CHECK(server.datagrams() == 0);
}

TEST_CASE("one port of an address that is silent does not speak for another") {
  HostileServer dead(stay_silent, {});
  HostileServer good(answer_well, {});
  const auto transport = net::make_dns_transport(public_settings(0.3), kElsewhere);
  std::vector<Exchange> ended;
  const auto keep = [&ended](Exchange exchange) { ended.push_back(std::move(exchange)); };
  for (int i = 0; i < net::kSilencesPerAddress; ++i) {
    transport->ask(resolver_query(dead.port()), keep);
  }
  transport->run();
  transport->ask(resolver_query(dead.port()), keep);
  transport->ask(resolver_query(good.port()), keep);
  transport->run();
  REQUIRE(ended.size() == net::kSilencesPerAddress + 2);
  CHECK(ended.at(ended.size() - 2).attempts == 0);
  CHECK(ended.back().outcome == Outcome::reply);
}
