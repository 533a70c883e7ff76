// EDNS and cookies, against servers that do not know them.

#include "net/ask_support.h"
#include "support/catch.h"

using namespace dcv;
using namespace dcv::testing;
using observe::EdnsSupport;
using observe::Outcome;

TEST_CASE("FORMERR, NOTIMP and BADVERS make us ask again without EDNS") {
  const dns::Rcode rcode = GENERATE(dns::Rcode::formerr, dns::Rcode::notimp, dns::Rcode::badvers);
  HostileServer server(
      [rcode](const Datagram& query) {
        if (!read(query.bytes()).edns) return answer_well(query);
        query.reply(error_bytes(query.bytes(), rcode, rcode == dns::Rcode::badvers));
      },
      {});
  const observe::Exchange exchange = ask_one(server.port(), quick_settings());
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.kind == dns::ReplyKind::answer);
  CHECK(exchange.edns == EdnsSupport::rejected);
  CHECK(exchange.attempts == 2);
  CHECK(exchange.depth == 2);
  CHECK(exchange.duration < 0.3);
}

TEST_CASE("a FORMERR without a question is taken as a reply") {
  HostileServer server(
      [](const Datagram& query) {
        if (!read(query.bytes()).edns) return answer_well(query);
        dns::Message reply;
        reply.id = read(query.bytes()).id;
        reply.response = true;
        reply.rcode = dns::Rcode::formerr;
        query.reply(dns::encode(reply));
      },
      {});
  const observe::Exchange exchange = ask_one(server.port(), quick_settings());
  CHECK(exchange.edns == EdnsSupport::rejected);
  CHECK(exchange.mismatched == 0);
}

TEST_CASE("an error that stays without EDNS is the server's answer") {
  HostileServer server(
      [](const Datagram& query) {
        const bool edns = read(query.bytes()).edns.has_value();
        query.reply(error_bytes(query.bytes(), dns::Rcode::notimp, edns));
      },
      {});
  const observe::Exchange exchange = ask_one(server.port(), quick_settings());
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.kind == dns::ReplyKind::not_implemented);
  CHECK(exchange.edns == EdnsSupport::supported);
  CHECK(exchange.attempts == 2);
}

TEST_CASE("an error with EDNS and silence without it leaves the error") {
  HostileServer server(
      [](const Datagram& query) {
        if (!read(query.bytes()).edns) return;
        query.reply(error_bytes(query.bytes(), dns::Rcode::formerr, false));
      },
      {});
  const observe::Exchange exchange = ask_one(server.port(), quick_settings());
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.kind == dns::ReplyKind::format_error);
  CHECK(exchange.edns == EdnsSupport::unknown);
  REQUIRE(exchange.reply);
}

TEST_CASE("a server that drops queries with EDNS is recognised in time") {
  HostileServer server(
      [](const Datagram& query) {
        if (!read(query.bytes()).edns) answer_well(query);
      },
      {});
  const observe::Exchange exchange = ask_one(server.port(), quick_settings());
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.transport == observe::Transport::udp);
  CHECK(exchange.edns == EdnsSupport::dropped);
  CHECK(exchange.attempts == 3);
  CHECK(exchange.duration < 0.5);
}

TEST_CASE("a server that answers as if there were no EDNS ignores it") {
  HostileServer server(
      [](const Datagram& query) {
        dns::Message reply = good_answer(read(query.bytes()));
        reply.edns.reset();
        query.reply(dns::encode(reply));
      },
      {});
  CHECK(ask_one(server.port(), quick_settings()).edns == EdnsSupport::ignored);
}

TEST_CASE("BADCOOKIE is answered once with the server's cookie") {
  std::string second_cookie;
  HostileServer server(
      [&second_cookie](const Datagram& query) {
        const std::string cookie = read(query.bytes()).edns->cookie().value();
        if (cookie.size() > 8) {
          second_cookie = cookie.substr(8);
          return answer_well(query);
        }
        dns::Message reply = good_answer(read(query.bytes()));
        reply.answer.clear();
        reply.rcode = dns::Rcode::badcookie;
        reply.edns->options = {{10, cookie + "SERVERCK"}};
        query.reply(dns::encode(reply));
      },
      {});
  const observe::Exchange exchange = ask_one(server.port(), quick_settings());
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.kind == dns::ReplyKind::answer);
  CHECK(exchange.edns == EdnsSupport::supported);
  CHECK(exchange.attempts == 2);
  CHECK(second_cookie == "SERVERCK");
}

TEST_CASE("BADCOOKIE again and again ends after the second") {
  HostileServer server(
      [](const Datagram& query) {
        const std::string cookie = read(query.bytes()).edns->cookie().value();
        dns::Message reply = good_answer(read(query.bytes()));
        reply.answer.clear();
        reply.rcode = dns::Rcode::badcookie;
        reply.edns->options = {{10, cookie.substr(0, 8) + "SERVERCK"}};
        query.reply(dns::encode(reply));
      },
      {});
  const observe::Exchange exchange = ask_one(server.port(), quick_settings());
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.kind == dns::ReplyKind::other_error);
  CHECK(exchange.attempts == 2);
}
