// One question that ends up on TCP, against servers that do it badly.

#include "net/ask_support.h"
#include "support/catch.h"

using namespace dcv;
using namespace dcv::testing;
using observe::Outcome;

namespace {

void answer_truncated(const Datagram& query) {
  query.reply(truncated_bytes(query.bytes()));
}

}  // namespace

TEST_CASE("a truncated reply is asked for again over TCP at once") {
  HostileServer server(answer_truncated, answer_well_over_tcp);
  const observe::Exchange exchange = ask_one(server.port(), quick_settings());
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.transport == observe::Transport::tcp);
  CHECK(exchange.truncated);
  CHECK_FALSE(exchange.udp_silent);
  CHECK(exchange.edns == observe::EdnsSupport::supported);
  CHECK(exchange.attempts == 2);
  CHECK(exchange.depth == 2);
  CHECK(exchange.duration < 0.3);
  REQUIRE(exchange.reply);
  CHECK_FALSE(exchange.reply->truncated);
}

TEST_CASE("a truncated reply of a bare header is enough to go to TCP") {
  HostileServer server(
      [](const Datagram& query) {
        dns::Message reply;
        reply.id = read(query.bytes()).id;
        reply.response = true;
        reply.truncated = true;
        query.reply(dns::encode(reply));
      },
      answer_well_over_tcp);
  const observe::Exchange exchange = ask_one(server.port(), quick_settings());
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.truncated);
}

TEST_CASE("a truncated reply with TCP closed is refused, and the truncated bytes are kept") {
  HostileServer server(answer_truncated, {});
  const observe::Exchange exchange = ask_one(server.port(), quick_settings());
  CHECK(exchange.outcome == Outcome::refused);
  CHECK(exchange.transport == observe::Transport::tcp);
  CHECK(exchange.truncated);
  CHECK_FALSE(exchange.reply);
  CHECK_FALSE(exchange.bytes.empty());
  CHECK(exchange.detail ==
        "could not connect: Connection refused; the reply over UDP was truncated");
  CHECK(exchange.duration < 0.3);
}

TEST_CASE("UDP silence leads to TCP") {
  HostileServer server(stay_silent, answer_well_over_tcp);
  const observe::Exchange exchange = ask_one(server.port(), quick_settings());
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.transport == observe::Transport::tcp);
  CHECK(exchange.udp_silent);
  CHECK_FALSE(exchange.truncated);
  CHECK(exchange.attempts == 4);
  CHECK(exchange.edns == observe::EdnsSupport::supported);
}

TEST_CASE("UDP silence with TCP closed is a time-out that says so") {
  HostileServer server(stay_silent, {});
  const observe::Exchange exchange = ask_one(server.port(), quick_settings());
  CHECK(exchange.outcome == Outcome::timeout);
  CHECK(exchange.detail ==
        "no reply over UDP within 0.6 s; TCP: could not connect: Connection refused");
}

TEST_CASE("a question for TCP alone never goes over UDP") {
  HostileServer server(answer_well, answer_well_over_tcp);
  const observe::Exchange exchange =
      ask_one(server.port(), quick_settings(), txt_query("127.0.0.1", true));
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.transport == observe::Transport::tcp);
  CHECK_FALSE(exchange.udp_silent);
  CHECK(exchange.attempts == 1);
  CHECK(server.datagrams() == 0);
}

TEST_CASE("EDNS refused over TCP is asked again without it") {
  HostileServer server({}, [](Connection& client) {
    const std::string query = client.read_query();
    const bool edns = read(query).edns.has_value();
    client.send(framed(edns ? error_bytes(query, dns::Rcode::formerr, false) : good_bytes(query)));
  });
  const observe::Exchange exchange =
      ask_one(server.port(), quick_settings(), txt_query("127.0.0.1", true));
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.edns == observe::EdnsSupport::rejected);
  CHECK(exchange.attempts == 2);
}

TEST_CASE("TCP closed by the server without a reply, and reset amid a message, are closed") {
  const bool reset = GENERATE(false, true);
  HostileServer server(answer_truncated, [reset](Connection& client) {
    const std::string reply = framed(good_bytes(client.read_query()));
    client.send(reply.substr(0, reset ? reply.size() / 2 : 0));
    pause_for(0.05);
    if (reset) client.reset_on_close();
  });
  const observe::Exchange exchange = ask_one(server.port(), quick_settings());
  CHECK(exchange.outcome == Outcome::closed);
  CHECK(exchange.attempts == 3);
  CHECK(exchange.transport == observe::Transport::tcp);
  CHECK_FALSE(exchange.reply);
  CHECK(exchange.detail ==
        std::string("the server closed the connection before the reply was complete") +
            (reset ? " (Connection reset by peer)" : "") + "; the reply over UDP was truncated");
}

TEST_CASE("TCP closed by the server once is asked again") {
  std::atomic<int> connections = 0;
  HostileServer server(answer_truncated, [&connections](Connection& client) {
    const std::string reply = framed(good_bytes(client.read_query()));
    if (++connections > 1) client.send(reply);
  });
  const observe::Exchange exchange = ask_one(server.port(), quick_settings());
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.attempts == 3);
  CHECK(connections == 2);
}

TEST_CASE("a TCP reply that trickles in byte by byte is cut off at the deadline") {
  HostileServer server({}, [](Connection& client) {
    for (const char byte : framed(good_bytes(client.read_query()))) {
      if (!client.send({&byte, 1})) return;
      pause_for(0.03);
    }
  });
  const observe::Exchange exchange =
      ask_one(server.port(), quick_settings(), txt_query("127.0.0.1", true));
  CHECK(exchange.outcome == Outcome::timeout);
  CHECK(exchange.transport == observe::Transport::tcp);
  CHECK(exchange.duration >= 0.6);
  CHECK(exchange.duration < 1);
  CHECK(exchange.detail == "no complete reply over TCP within 0.6 s");
}

TEST_CASE("a TCP reply in small pieces within the time is complete") {
  HostileServer server({}, [](Connection& client) {
    for (const char byte : framed(good_bytes(client.read_query()))) {
      client.send({&byte, 1});
      pause_for(0.001);
    }
  });
  CHECK(ask_one(server.port(), quick_settings(), txt_query("127.0.0.1", true)).outcome ==
        Outcome::reply);
}

TEST_CASE("wrong, empty and unreadable messages over TCP are passed over") {
  HostileServer server({}, [](Connection& client) {
    const std::string query = client.read_query();
    dns::Message wrong = good_answer(read(query));
    wrong.id = static_cast<std::uint16_t>(wrong.id ^ 0x5555);
    client.send(framed(dns::encode(wrong)));
    client.send(framed(""));
    client.send(framed(query.substr(0, 5)));
    client.send(framed(good_bytes(query)));
  });
  const observe::Exchange exchange =
      ask_one(server.port(), quick_settings(), txt_query("127.0.0.1", true));
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.mismatched == 2);
}

TEST_CASE("an unreadable TCP reply alone is malformed once the server hangs up") {
  HostileServer server(
      {}, [](Connection& client) { client.send(framed(client.read_query().substr(0, 5))); });
  const observe::Exchange exchange =
      ask_one(server.port(), quick_settings(), txt_query("127.0.0.1", true));
  CHECK(exchange.outcome == Outcome::malformed);
  CHECK(exchange.transport == observe::Transport::tcp);
  CHECK(exchange.bytes.size() == 5);
  CHECK(exchange.duration < 0.3);
}
