// One question over UDP, against servers that answer wrongly, late, or not at all.

#include "net/ask_support.h"
#include "net/limits.h"
#include "support/catch.h"

using namespace dcv;
using namespace dcv::testing;
using observe::Outcome;

namespace {

std::string with_other_id(std::string bytes) {
  bytes[0] = static_cast<char>(bytes[0] ^ 0x55);
  return bytes;
}

}  // namespace

TEST_CASE("a good answer is taken and described in full") {
  HostileServer server(answer_well, answer_well_over_tcp);
  net::Query query = txt_query();
  query.purpose = observe::Purpose::control;
  query.depth = 4;
  const observe::Exchange exchange = ask_one(server.port(), quick_settings(), query);
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.purpose == observe::Purpose::control);
  CHECK(exchange.zone == query.zone);
  CHECK(exchange.server == query.server);
  CHECK(exchange.address == query.address);
  CHECK(exchange.question == query.question);
  CHECK(exchange.depth == 4);
  CHECK(exchange.attempts == 1);
  CHECK(exchange.mismatched == 0);
  CHECK(exchange.transport == observe::Transport::udp);
  CHECK_FALSE(exchange.truncated);
  CHECK_FALSE(exchange.udp_silent);
  CHECK(exchange.edns == observe::EdnsSupport::supported);
  CHECK(exchange.detail.empty());
  CHECK(exchange.kind == dns::ReplyKind::answer);
  REQUIRE(exchange.reply);
  CHECK(exchange.reply->answer.size() == 1);
  const dns::Message as_sent = dns::decode(exchange.bytes).value();
  CHECK(as_sent.answer == exchange.reply->answer);
  CHECK(as_sent.answer[0].owner.same_case(exchange.question.name));  // compressed by the server
  CHECK(exchange.reply->answer[0].owner.same_case(query.question.name));
  CHECK(exchange.duration > 0);
  CHECK(exchange.duration < 0.3);
  CHECK(server.connections() == 0);
}

TEST_CASE(
    "the query is what the design says: RD off, EDNS 1232 with DO, NSID, cookie, zone version") {
  dns::Message seen;
  HostileServer server(
      [&seen](const Datagram& query) {
        seen = read(query.bytes());
        answer_well(query);
      },
      {});
  const observe::Exchange exchange = ask_one(server.port(), quick_settings());
  CHECK_FALSE(seen.recursion_desired);
  REQUIRE(seen.question);
  CHECK(seen.question->name.same_case(exchange.question.name));
  REQUIRE(seen.edns);
  CHECK(seen.edns->udp_size == 1232);
  CHECK(seen.edns->dnssec_ok);
  REQUIRE(seen.edns->options.size() == 3);
  CHECK(seen.edns->options[0].code == 3);
  CHECK(seen.edns->options[0].data.empty());
  CHECK(seen.edns->options[2].code == 10);
  CHECK(seen.edns->options[2].data.size() == 8);
  CHECK(seen.edns->options[1].code == 19);
  CHECK(seen.edns->options[1].data.empty());
}

TEST_CASE("a reply with a wrong id is counted, and the right one behind it taken") {
  HostileServer server(
      [](const Datagram& query) {
        query.reply(with_other_id(good_bytes(query.bytes())));
        answer_well(query);
      },
      {});
  const observe::Exchange exchange = ask_one(server.port(), quick_settings());
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.mismatched == 1);
  CHECK(exchange.attempts == 1);
}

TEST_CASE("replies with wrong ids alone are silence") {
  HostileServer server(
      [](const Datagram& query) { query.reply(with_other_id(good_bytes(query.bytes()))); }, {});
  const observe::Exchange exchange = ask_one(server.port(), quick_settings());
  CHECK(exchange.outcome == Outcome::timeout);
  CHECK(exchange.mismatched == 3);
  CHECK_FALSE(exchange.reply);
  CHECK(exchange.bytes.empty());
  CHECK(exchange.detail ==
        "no matching reply over UDP within 0.6 s; TCP: could not connect: Connection refused");
}

TEST_CASE("a flood of wrong replies ends the listening over UDP") {
  HostileServer server(
      [](const Datagram& query) {
        const std::string wrong = with_other_id(good_bytes(query.bytes()));
        for (int i = 0; i < 2 * net::kStrayRepliesPerQuestion; ++i) query.reply(wrong);
      },
      answer_well_over_tcp);
  const observe::Exchange exchange = ask_one(server.port(), quick_settings());
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.transport == observe::Transport::tcp);
  CHECK(exchange.mismatched == net::kStrayRepliesPerQuestion);
  CHECK_FALSE(exchange.udp_silent);  // nobody listened to the end
  CHECK(server.datagrams() == 1);
}

TEST_CASE("a flood of bytes that are no DNS ends the listening over UDP as well") {
  HostileServer server(
      [](const Datagram& query) {
        for (int i = 0; i < net::kStrayRepliesPerQuestion; ++i)
          query.reply(query.bytes().substr(0, 5));
      },
      answer_well_over_tcp);
  const observe::Exchange exchange = ask_one(server.port(), quick_settings());
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.transport == observe::Transport::tcp);
  CHECK(server.datagrams() == 1);
}

TEST_CASE("a reply to another question, and the query itself sent back, do not count") {
  HostileServer server(
      [](const Datagram& query) {
        dns::Message other = good_answer(read(query.bytes()));
        other.question->name = dns::Name::of("other.example.org");
        query.reply(dns::encode(other));
        other.question->name = read(query.bytes()).question->name;
        other.question->type = dns::RecordType::caa;
        query.reply(dns::encode(other));
        query.reply(query.bytes());
        answer_well(query);
      },
      {});
  const observe::Exchange exchange = ask_one(server.port(), quick_settings());
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.mismatched == 3);
}

TEST_CASE("garbage and empty packets are mismatches") {
  HostileServer server(
      [](const Datagram& query) {
        query.reply("");
        query.reply("x");
        query.reply(std::string(40, '\xff'));
        answer_well(query);
      },
      {});
  const observe::Exchange exchange = ask_one(server.port(), quick_settings());
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.mismatched >= 2);  // the id may be 0xffff by chance
}

TEST_CASE("bytes under the right id that are no DNS message are malformed in the end") {
  HostileServer server([](const Datagram& query) { query.reply(query.bytes().substr(0, 5)); }, {});
  const observe::Exchange exchange = ask_one(server.port(), quick_settings());
  CHECK(exchange.outcome == Outcome::malformed);
  CHECK(exchange.bytes.size() == 5);
  CHECK_FALSE(exchange.reply);
  CHECK_FALSE(exchange.kind);
  CHECK(exchange.mismatched == 0);
  CHECK(exchange.transport == observe::Transport::udp);
  CHECK_FALSE(exchange.detail.empty());
}

TEST_CASE("a good answer behind a malformed one is taken") {
  HostileServer server(
      [](const Datagram& query) {
        query.reply(query.bytes().substr(0, 5));
        answer_well(query);
      },
      {});
  CHECK(ask_one(server.port(), quick_settings()).outcome == Outcome::reply);
}

TEST_CASE("a question given back in lower case is taken and noted; in mixed case it is kept") {
  HostileServer lowering(
      [](const Datagram& query) {
        dns::Message reply = good_answer(read(query.bytes()));
        reply.question->name = reply.question->name.lower();
        query.reply(dns::encode(reply));
      },
      {});
  HostileServer keeping(answer_well, {});
  const observe::Exchange lowered = ask_one(lowering.port(), quick_settings());
  CHECK(lowered.outcome == Outcome::reply);
  CHECK(lowered.letter_case == observe::CaseSupport::changed);
  const observe::Exchange kept = ask_one(keeping.port(), quick_settings());
  CHECK(kept.letter_case == observe::CaseSupport::kept);
}

TEST_CASE("a late reply to the first attempt is taken") {
  HostileServer server(
      [](const Datagram& query) {
        if (query.number() != 1) return;
        pause_for(0.4);  // past the first retry at 0.25 s, before the second at 0.6 s
        answer_well(query);
      },
      {});
  const observe::Exchange exchange = ask_one(server.port(), quick_settings(1.5));
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.attempts == 2);
  CHECK(exchange.edns == observe::EdnsSupport::supported);
  CHECK(exchange.duration >= 0.4);
  CHECK(exchange.duration < 0.55);
}

TEST_CASE("a reply over UDP that comes while TCP is tried is taken") {
  HostileServer server(
      [](const Datagram& query) {
        if (query.number() != 3) return;
        pause_for(0.65);  // sent at 0.6 s, TCP is tried at 1.05 s
        answer_well(query);
      },
      [](Connection& client) {
        client.read_query();
        client.read_query();
      });
  const observe::Exchange exchange = ask_one(server.port(), quick_settings(1.5));
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.transport == observe::Transport::udp);
  CHECK_FALSE(exchange.udp_silent);
  CHECK(exchange.attempts == 4);
  CHECK(server.connections() == 1);
}

TEST_CASE("a lost packet costs one retry") {
  HostileServer server(
      [](const Datagram& query) {
        if (query.number() == 2) answer_well(query);
      },
      {});
  const observe::Exchange exchange = ask_one(server.port(), quick_settings());
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.attempts == 2);
  CHECK(exchange.duration < 0.25);
}

TEST_CASE("a silent server times out at the deadline") {
  HostileServer server(stay_silent, [](Connection& client) {
    client.read_query();
    pause_for(1);
  });
  const observe::Exchange exchange = ask_one(server.port(), quick_settings());
  CHECK(exchange.outcome == Outcome::timeout);
  CHECK(exchange.transport == observe::Transport::udp);
  CHECK(exchange.attempts == 4);
  CHECK(exchange.duration >= 0.6);
  CHECK(exchange.duration < 1);
  CHECK(exchange.edns == observe::EdnsSupport::unknown);
  CHECK(exchange.detail == "no reply over UDP within 0.6 s, nor over TCP");
}

TEST_CASE("closed ports are refused at once") {
  HostileServer server({}, {});
  const observe::Exchange exchange = ask_one(server.port(), quick_settings());
  CHECK(exchange.outcome == Outcome::refused);
  CHECK(exchange.transport == observe::Transport::udp);
  CHECK(exchange.attempts == 2);
  CHECK(exchange.duration < 0.3);
}

TEST_CASE("a server with TCP alone is asked there at once") {
  HostileServer server({}, answer_well_over_tcp);
  const observe::Exchange exchange = ask_one(server.port(), quick_settings());
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.transport == observe::Transport::tcp);
  CHECK(exchange.udp_silent);
  CHECK(exchange.duration < 0.3);
}
