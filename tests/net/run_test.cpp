// A whole run of the transport: limits, deadlines, many questions at once.

#include <algorithm>

#include "net/ask_support.h"
#include "net/limits.h"
#include "support/catch.h"

using namespace dcv;
using namespace dcv::testing;
using observe::Exchange;
using observe::Outcome;

namespace {

void ask_times(net::Transport& transport, int times, const net::Query& query,
               std::vector<Exchange>& ended) {
  for (int i = 0; i < times; ++i) {
    transport.ask(query, [&ended](Exchange exchange) { ended.push_back(std::move(exchange)); });
  }
}

}  // namespace

TEST_CASE("nothing is called from inside ask, and callbacks may ask more") {
  HostileServer server(answer_well, {});
  observe::Settings settings = quick_settings();
  settings.ipv6 = false;
  const auto transport = net::make_dns_transport(settings, server.port());
  int ended = 0;
  transport->ask(txt_query("2001:db8::1"), [&](const Exchange&) { ++ended; });
  transport->ask(txt_query(), [&](const Exchange&) {
    ++ended;
    transport->ask(txt_query(), [&](const Exchange&) { ++ended; });
    CHECK(ended < 3);
  });
  CHECK(ended == 0);
  transport->run();
  CHECK(ended == 3);
  transport->ask(txt_query(), [&](const Exchange&) { ++ended; });
  transport->run();
  CHECK(ended == 4);
  CHECK(transport->limits_reached().empty());
}

TEST_CASE("addresses of special purpose are not asked unless allowed") {
  HostileServer server(answer_well, {});
  observe::Settings settings = quick_settings();
  settings.allow_private = false;
  const Exchange exchange = ask_one(server.port(), settings);
  CHECK(exchange.outcome == Outcome::not_asked);
  CHECK(exchange.detail == "the address is reserved (loopback)");
  CHECK(exchange.attempts == 0);
  CHECK(server.datagrams() == 0);
}

TEST_CASE("an address where no server can be is asked when that is the question") {
  HostileServer server(answer_well, {});
  observe::Settings settings = quick_settings();
  settings.allow_private = false;
  net::Query query = txt_query();
  query.purpose = observe::Purpose::unused_address;
  CHECK(ask_one(server.port(), settings, query).outcome == Outcome::reply);
}

TEST_CASE("addresses of a family that is switched off are not asked") {
  observe::Settings settings = quick_settings();
  settings.ipv6 = false;
  const Exchange six = ask_one(53, settings, txt_query("2001:db8::1"));
  CHECK(six.outcome == Outcome::not_asked);
  CHECK(six.detail == "IPv6 is switched off");
  settings.ipv4 = false;
  CHECK(ask_one(53, settings).detail == "IPv4 is switched off");
}

TEST_CASE("an address without a route is unreachable at once") {
  const Exchange exchange = ask_one(53, quick_settings(), txt_query("255.255.255.255"));
  CHECK(exchange.outcome == Outcome::unreachable);
  CHECK(exchange.duration < 0.3);
  CHECK_FALSE(exchange.detail.empty());
}

TEST_CASE("the run's time-out ends what is under way, waiting or asked later") {
  HostileServer server(stay_silent, {});
  observe::Settings settings = quick_settings(5);
  settings.timeout = 0.3;
  const auto transport = net::make_dns_transport(settings, server.port());
  std::vector<Exchange> ended;
  const int questions = net::kQuestionsInFlightPerAddress + 5;
  ask_times(*transport, questions, txt_query(), ended);
  transport->run();
  CHECK(transport->elapsed() >= 0.3);
  CHECK(transport->elapsed() < 0.59);
  ask_times(*transport, 1, txt_query(), ended);
  transport->run();
  CHECK(ended.size() == static_cast<std::size_t>(questions + 1));
  CHECK(count(ended, Outcome::not_asked) == questions + 1);
  for (const Exchange& exchange : ended) {
    CHECK(exchange.detail == "the run's time-out of 0.3 s was reached");
  }
  CHECK(transport->limits_reached() ==
        std::vector<std::string>{"the run's time-out of 0.3 s was reached"});
}

TEST_CASE("one address never has more questions in flight than its limit") {
  // The server answers only when a full window waits, and then gives a surplus time to show.
  std::vector<Datagram> waiting;
  std::size_t most = 0;
  HostileServer server(
      [&](const Datagram& query) {
        waiting.push_back(query);
        most = std::max(most, waiting.size());
        if (waiting.size() < net::kQuestionsInFlightPerAddress) return;
        pause_for(0.05);
        for (const Datagram& each : waiting) answer_well(each);
        waiting.clear();
      },
      {});
  const auto transport = net::make_dns_transport(quick_settings(3), server.port());
  std::vector<Exchange> ended;
  ask_times(*transport, 3 * net::kQuestionsInFlightPerAddress, txt_query(), ended);
  transport->run();
  CHECK(count(ended, Outcome::reply) == 3 * net::kQuestionsInFlightPerAddress);
  CHECK(most == net::kQuestionsInFlightPerAddress);
  CHECK(server.datagrams() == 3 * net::kQuestionsInFlightPerAddress);
  CHECK(transport->sent() == 3 * net::kQuestionsInFlightPerAddress);
}

TEST_CASE("a run asks no more questions than its limit") {
  HostileServer server(answer_well, {});
  const auto transport = net::make_dns_transport(quick_settings(3), server.port());
  std::vector<Exchange> ended;
  ask_times(*transport, net::kQuestionsPerRun + 2, txt_query(), ended);
  transport->run();
  CHECK(count(ended, Outcome::reply) == net::kQuestionsPerRun);
  CHECK(count(ended, Outcome::not_asked) == 2);
  CHECK(transport->limits_reached() ==
        std::vector<std::string>{"the limit of 4000 questions a run was reached"});
}

TEST_CASE("a run keeps no more records than its limit") {
  constexpr int kRecords = 3000;
  HostileServer server(stay_silent, [](Connection& client) {
    const std::string query = client.read_query();
    if (query.empty()) return;
    dns::Message reply = good_answer(read(query));
    reply.answer.assign(kRecords, dns::make_txt(dns::Name(), 60, "x"));
    client.send(framed(dns::encode(reply)));
  });
  const auto transport = net::make_dns_transport(quick_settings(3), server.port());
  std::vector<Exchange> ended;
  const int enough = static_cast<int>(net::kRecordsPerRun) / kRecords + 1;
  ask_times(*transport, 2 * enough, txt_query("127.0.0.1", true), ended);
  transport->run();
  const auto replies = count(ended, Outcome::reply);
  CHECK(replies >= enough);
  CHECK(replies <= enough + net::kQuestionsInFlightPerAddress);  // what had come by then
  CHECK(count(ended, Outcome::not_asked) == 2 * enough - replies);
  CHECK(transport->limits_reached() ==
        std::vector<std::string>{"the limit of 60000 records a run was reached"});
}

TEST_CASE("a dead server among good ones costs one query time-out, whatever waits for it") {
  HostileServer good(answer_well, {}, "127.0.0.2");
  HostileServer dead(stay_silent, {}, "127.0.0.3", good.port());
  const auto transport = net::make_dns_transport(quick_settings(0.3), good.port());
  std::vector<Exchange> ended;
  ask_times(*transport, 60, txt_query("127.0.0.3"), ended);
  ask_times(*transport, 60, txt_query("127.0.0.2"), ended);
  transport->run();
  CHECK(transport->elapsed() < 0.59);
  CHECK(count(ended, Outcome::reply) == 60);
  CHECK(count(ended, Outcome::timeout) == 60);
  const auto unsent = std::count_if(ended.begin(), ended.end(), [](const Exchange& e) {
    return e.attempts == 0 &&
           e.detail == "not sent: the address left all questions before it unanswered";
  });
  CHECK(unsent == 60 - net::kQuestionsInFlightPerAddress);
  CHECK(transport->limits_reached().empty());
}

TEST_CASE("a transport may go away with questions outstanding") {
  HostileServer server(stay_silent, {});
  observe::Settings settings = quick_settings();
  settings.ipv6 = false;
  const auto transport = net::make_dns_transport(settings, server.port());
  std::vector<Exchange> ended;
  ask_times(*transport, 3, txt_query(), ended);
  transport->ask(txt_query("2001:db8::1"), [](const Exchange&) { throw std::runtime_error("no"); });
  transport->ask(txt_query("2001:db8::1"), [](const Exchange&) {});
  CHECK_THROWS_AS(transport->run(), std::runtime_error);
  CHECK(transport->sent() == 3);
  CHECK(ended.empty());
}
