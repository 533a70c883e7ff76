// Several questions on one TCP connection to a resolver, against servers that do it badly.

#include <set>

#include "net/ask_support.h"
#include "net/limits.h"
#include "support/catch.h"

using namespace dcv;
using namespace dcv::testing;
using observe::Exchange;
using observe::Outcome;

namespace {

net::Query tcp_query(const HostileServer& server) {
  return resolver_query(server.port(), observe::Transport::tcp);
}

// Answers as long as the client asks.
void answer_all(Connection& client) {
  for (std::string query = client.read_query(); !query.empty(); query = client.read_query()) {
    client.send(framed(good_bytes(query)));
  }
}

}  // namespace

TEST_CASE("a hundred questions share one TCP connection") {
  std::set<std::uint16_t> ids;
  HostileServer server({}, [&ids](Connection& client) {
    for (std::string query = client.read_query(); !query.empty(); query = client.read_query()) {
      ids.insert(read(query).id);
      client.send(framed(good_bytes(query)));
    }
  });
  const auto ended = ask_several(tcp_query(server), 100, quick_settings(3));
  CHECK(count(ended, Outcome::reply) == 100);
  CHECK(server.connections() == 1);
  CHECK(ids.size() > 90);
  for (const Exchange& exchange : ended) {
    CHECK(exchange.transport == observe::Transport::tcp);
    CHECK(exchange.attempts == 1);
    CHECK(exchange.reply->question == exchange.question);
    CHECK(exchange.letter_case == observe::CaseSupport::kept);
  }
}

TEST_CASE("replies out of order find their questions, by id and by question") {
  constexpr int kQuestions = net::kQuestionsInFlightPerAddress;
  HostileServer server({}, [](Connection& client) {
    std::vector<std::string> queries;
    for (int i = 0; i < kQuestions; ++i) queries.push_back(client.read_query());
    dns::Message mixed_up = good_answer(read(queries.front()));
    mixed_up.id = read(queries.back()).id;
    client.send(framed(dns::encode(mixed_up)));
    for (auto query = queries.rbegin(); query != queries.rend(); ++query) {
      client.send(framed(good_bytes(*query)));
    }
    client.read_query();
  });
  const auto ended = ask_several(tcp_query(server), kQuestions, quick_settings(3));
  CHECK(count(ended, Outcome::reply) == kQuestions);
  CHECK(server.connections() == 1);
  CHECK(ended.front().question.name == several_name(kQuestions - 1));
  CHECK(ended.front().mismatched == 1);
  for (const Exchange& exchange : ended) CHECK(exchange.reply->question == exchange.question);
}

TEST_CASE("a server that closes after each reply is connected to again for each question") {
  HostileServer server({}, answer_well_over_tcp);
  const auto ended = ask_several(tcp_query(server), 5, quick_settings(3));
  CHECK(count(ended, Outcome::reply) == 5);
  CHECK(server.connections() == 5);
}

TEST_CASE("a server that closes without any reply gets each question twice") {
  HostileServer server({}, [](Connection& client) { client.read_query(); });
  const Exchange exchange = ask_one(53, quick_settings(3), tcp_query(server));
  CHECK(exchange.outcome == Outcome::closed);
  CHECK(exchange.attempts == 2);
  CHECK(server.connections() == 2);
  CHECK(exchange.detail ==
        place_of(server) + " closed the connection before the reply was complete");
}

TEST_CASE("a connection that the server closed while it was idle costs one more attempt") {
  int connections = 0;
  HostileServer server({}, [&connections](Connection& client) {
    if (++connections > 1) return answer_all(client);
    answer_well_over_tcp(client);
    client.read_query();  // takes the second question and closes
  });
  const auto transport = net::make_dns_transport(quick_settings(3));
  std::vector<Exchange> ended;
  transport->ask(tcp_query(server), [&](Exchange first) {
    ended.push_back(std::move(first));
    transport->ask(tcp_query(server), [&](Exchange second) { ended.push_back(std::move(second)); });
  });
  transport->run();
  REQUIRE(count(ended, Outcome::reply) == 2);
  CHECK(ended[0].attempts == 1);
  CHECK(ended[1].attempts == 2);
  CHECK(server.connections() == 2);
}

TEST_CASE("a closed TCP port of a resolver is refused at once") {
  HostileServer server(answer_well, {});
  const Exchange exchange = ask_one(53, quick_settings(3), tcp_query(server));
  CHECK(exchange.outcome == Outcome::refused);
  CHECK(exchange.transport == observe::Transport::tcp);
  CHECK(exchange.detail == "could not connect to " + place_of(server) + ": Connection refused");
  CHECK(exchange.duration < 1);
}

TEST_CASE("a resolver that takes the connection and says nothing costs one query time-out") {
  HostileServer server(
      {}, [](Connection& client) { pause_for(client.read_query().empty() ? 0 : 0.4); });
  const auto ended = ask_several(tcp_query(server), 30, quick_settings(0.3));
  CHECK(count(ended, Outcome::timeout) == 30);
  CHECK(ended.front().detail ==
        "no complete reply from " + place_of(server) + " over TCP within 0.3 s");
  CHECK(ended.front().duration < 0.5);
  const auto unsent =
      std::count_if(ended.begin(), ended.end(), [](const Exchange& e) { return e.attempts == 0; });
  CHECK(unsent == 30 - net::kQuestionsInFlightPerAddress);
}

TEST_CASE("a question after silence goes out on a new connection") {
  int connections = 0;
  HostileServer server({}, [&connections](Connection& client) {
    if (++connections > 1) return answer_all(client);
    client.read_query();
    client.read_query();  // until the client is gone
  });
  const auto transport = net::make_dns_transport(quick_settings(0.3));
  std::vector<Exchange> ended;
  transport->ask(tcp_query(server), [&](Exchange first) {
    ended.push_back(std::move(first));
    transport->ask(tcp_query(server), [&](Exchange second) { ended.push_back(std::move(second)); });
  });
  transport->run();
  REQUIRE(ended.size() == 2);
  CHECK(ended[0].outcome == Outcome::timeout);
  CHECK(ended[1].outcome == Outcome::reply);
}

TEST_CASE("a resolver's reply that trickles in is cut off at the deadline") {
  HostileServer server({}, [](Connection& client) {
    for (const char byte : framed(good_bytes(client.read_query()))) {
      if (!client.send({&byte, 1})) return;
      pause_for(0.03);
    }
  });
  const Exchange exchange = ask_one(53, quick_settings(), tcp_query(server));
  CHECK(exchange.outcome == Outcome::timeout);
  CHECK(exchange.duration >= 0.59);
  CHECK(exchange.duration < 1);
}

TEST_CASE("the longest message there is arrives whole") {
  HostileServer server({}, [](Connection& client) {
    const std::string query = client.read_query();
    dns::Message reply = good_answer(read(query));
    reply.answer.assign(4000, reply.answer.front());
    client.send(framed(dns::encode(reply)));
    client.read_query();
  });
  const Exchange exchange = ask_one(53, quick_settings(3), tcp_query(server));
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.bytes.size() > 65000);
}

TEST_CASE("a reply with our id that cannot be read is malformed at once") {
  HostileServer server({}, [](Connection& client) {
    client.send(framed(client.read_query().substr(0, 5)));
    client.read_query();
  });
  const Exchange exchange = ask_one(53, quick_settings(3), tcp_query(server));
  CHECK(exchange.outcome == Outcome::malformed);
  CHECK(exchange.bytes.size() == 5);
  CHECK(exchange.duration < 1);
}

TEST_CASE("a resolver that knows no EDNS is asked again without it on the same connection") {
  HostileServer server({}, [](Connection& client) {
    for (std::string query = client.read_query(); !query.empty(); query = client.read_query()) {
      const bool edns = read(query).edns.has_value();
      client.send(
          framed(edns ? error_bytes(query, dns::Rcode::formerr, false) : good_bytes(query)));
    }
  });
  const Exchange exchange = ask_one(53, quick_settings(3), tcp_query(server));
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.edns == observe::EdnsSupport::rejected);
  CHECK(exchange.attempts == 2);
  CHECK(exchange.depth == 2);
  CHECK(server.connections() == 1);
}

TEST_CASE("the run's time-out ends the questions on a shared connection, and the connection") {
  std::atomic<bool> gone = false;
  HostileServer server({}, [&gone](Connection& client) {
    while (!client.read_query().empty()) continue;
    gone = true;
  });
  observe::Settings settings = quick_settings(5);
  settings.timeout = 0.3;
  const auto transport = net::make_dns_transport(settings);
  std::vector<Exchange> ended;
  for (int i = 0; i < 3; ++i) {
    transport->ask(tcp_query(server), [&ended](Exchange e) { ended.push_back(std::move(e)); });
  }
  transport->run();
  CHECK(count(ended, Outcome::not_asked) == 3);
  CHECK(transport->elapsed() < 1);
  for (int i = 0; i < 200 && !gone; ++i) pause_for(0.01);
  CHECK(gone);
}
