// DNS over HTTPS against servers that do it well, badly, or not at all.

#include <random>
#include <set>

#include "net/ask_support.h"
#include "net/limits.h"
#include "support/catch.h"
#include "support/http2_peer.h"

using namespace dcv;
using namespace dcv::testing;
using observe::Exchange;
using observe::Outcome;
using Request = Http2Peer::Request;

namespace {

const Http2Peer::Fields kGood = {{":status", "200"}, {"content-type", "application/dns-message"}};

// The bytes behind dns= in the path of a GET.
std::string from_base64_url(const std::string& text) {
  std::string bytes;
  unsigned bits = 0;
  int count = 0;
  const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (const char c : text) {
    bits = bits << 6 | static_cast<unsigned>(letters.find(c));
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count & 0xff);
  }
  return bytes;
}

std::string query_of(const Request& request) {
  if (!request.body.empty()) return request.body;
  const std::string& path = request.fields.at(":path");
  return from_base64_url(path.substr(path.find("dns=") + 4));
}

void answer(Http2Peer& peer, const Request& request) {
  peer.respond(request.stream, kGood, good_bytes(query_of(request)));
}

// A server on loopback, trusted while it lives, that does with requests what it is told.
class HttpsServer {
 public:
  explicit HttpsServer(Http2Peer::OnRequest on_request, std::uint32_t most_streams = 100,
                       const std::string& protocol = "h2", bool insist = false)
      : settings_(authority_.issue({"", "DNS:resolver.example"}), protocol, insist),
        server_({}, [this, on_request, most_streams](Connection& connection) {
          TlsPeer client(settings_, connection);
          Http2Peer peer(client, on_request);
          peer.limit_streams(most_streams);
          if (client.open()) peer.serve();
        }) {}

  net::Query query(bool post = false) const {
    net::Query query = resolver_query(server_.port(), observe::Transport::https);
    query.endpoint->host = "resolver.example";
    query.endpoint->path = "/dns-query";
    query.endpoint->post = post;
    return query;
  }
  Exchange ask(double query_timeout = 3) const {
    Exchange exchange = ask_one(53, quick_settings(query_timeout), query());
    CHECK(exchange.transport == observe::Transport::https);
    const std::string place = place_of(server_);
    const std::size_t at = exchange.detail.find(place);
    if (at != std::string::npos) exchange.detail.replace(at, place.size(), "SERVER");
    return exchange;
  }
  const HostileServer& server() const { return server_; }

 private:
  TrustedAuthority authority_;
  TlsSettings settings_;
  HostileServer server_;
};

// What comes of one question that is answered like this.
Exchange ask_with_response(const Http2Peer::Fields& fields, const std::string& body = "") {
  const HttpsServer server(
      [&](Http2Peer& peer, const Request& request) { peer.respond(request.stream, fields, body); });
  Exchange exchange = server.ask();
  CHECK(exchange.outcome == Outcome::http_failed);
  CHECK(exchange.attempts == 1);
  return exchange;
}

}  // namespace

TEST_CASE("a hundred questions share one HTTPS connection, by GET or by POST") {
  const bool post = GENERATE(false, true);
  std::vector<Request> requests;
  const HttpsServer server([&requests](Http2Peer& peer, const Request& request) {
    requests.push_back(request);
    answer(peer, request);
  });
  const auto ended = ask_several(server.query(post), 100, quick_settings(3));
  CHECK(count(ended, Outcome::reply) == 100);
  CHECK(server.server().connections() == 1);
  for (const Exchange& exchange : ended) {
    CHECK(exchange.transport == observe::Transport::https);
    CHECK(exchange.attempts == 1);
    CHECK(exchange.reply->question == exchange.question);
    CHECK(exchange.letter_case == observe::CaseSupport::kept);
  }
  REQUIRE(requests.size() == 100);
  auto fields = requests.front().fields;
  const std::string query = query_of(requests.front());
  CHECK(query.size() % net::kPaddingBlock == 0);
  CHECK(read(query).id == 0);
  CHECK(fields[":method"] == (post ? "POST" : "GET"));
  CHECK(fields[":scheme"] == "https");
  CHECK(fields[":authority"] == "resolver.example:" + std::to_string(server.server().port()));
  CHECK(fields["accept"] == "application/dns-message");
  CHECK(fields["user-agent"] == "dcvtools/" DCV_VERSION);
  CHECK(fields["content-type"] == (post ? "application/dns-message" : ""));
  CHECK(fields[":path"].rfind(post ? "/dns-query" : "/dns-query?dns=", 0) == 0);
  CHECK(fields[":path"].find('=') == (post ? std::string::npos : fields[":path"].rfind('=')));
}

TEST_CASE("no more streams are open than the server allows") {
  std::vector<Request> waiting;
  std::size_t most = 0;
  const HttpsServer server(
      [&](Http2Peer& peer, const Request& request) {
        waiting.push_back(request);
        most = std::max(most, waiting.size());
        if (waiting.size() < 2) return;
        for (const Request& each : std::exchange(waiting, {})) answer(peer, each);
      },
      2);
  const auto ended = ask_several(server.query(), 24, quick_settings(3));
  CHECK(count(ended, Outcome::reply) == 24);
  CHECK(server.server().connections() == 1);
}

TEST_CASE("responses out of order find their questions") {
  std::vector<Request> waiting;
  const HttpsServer server([&](Http2Peer& peer, const Request& request) {
    waiting.push_back(request);
    if (waiting.size() < 10) return;
    for (auto each = waiting.rbegin(); each != waiting.rend(); ++each) answer(peer, *each);
  });
  const auto ended = ask_several(server.query(), 10, quick_settings(3));
  CHECK(count(ended, Outcome::reply) == 10);
  for (const Exchange& exchange : ended) CHECK(exchange.reply->question == exchange.question);
}

TEST_CASE("another HTTP status than 200 is told") {
  const char* const status = GENERATE("403", "404", "503");
  CHECK(ask_with_response({{":status", status}, {"content-type", "application/dns-message"}})
            .detail == std::string("HTTP status ") + status + " from SERVER");
}

TEST_CASE("a redirect is told with its target and not followed") {
  const Exchange exchange = ask_with_response(
      {{":status", "302"}, {"location", "https://else.example/" + std::string(200, 'x')}});
  CHECK(exchange.detail ==
        "HTTP status 302 from SERVER: redirects, here to \"https://else.example/" +
            std::string(79, 'x') + "\"…, are not followed");
}

TEST_CASE("another media type is told, parameters of the right one do not matter") {
  CHECK(ask_with_response({{":status", "200"}, {"content-type", "text/html"}}, "<html>").detail ==
        "the answer of SERVER has the media type \"text/html\", not application/dns-message");
  CHECK(ask_with_response({{":status", "200"}}, "x").detail ==
        "the answer of SERVER has no media type, not application/dns-message");
  const HttpsServer server([](Http2Peer& peer, const Request& request) {
    peer.respond(request.stream,
                 {{":status", "200"}, {"content-type", "Application/DNS-Message; charset=x"}},
                 good_bytes(query_of(request)));
  });
  CHECK(server.ask().outcome == Outcome::reply);
}

TEST_CASE("a body longer than a DNS message is cut off, the longest one arrives whole") {
  CHECK(ask_with_response(kGood, std::string(net::kMessageSize + 1, 'x')).detail ==
        "SERVER sent more than the 65535 bytes that a DNS message can have");
  const HttpsServer server([](Http2Peer& peer, const Request& request) {
    dns::Message reply = good_answer(read(query_of(request)));
    reply.answer.assign(4000, reply.answer.front());
    peer.respond(request.stream, kGood, dns::encode(reply));
  });
  const Exchange exchange = server.ask();
  CHECK(exchange.outcome == Outcome::reply);
  CHECK(exchange.bytes.size() > 65000);
}

TEST_CASE("a body that is no DNS message, or one for another question, is malformed") {
  const std::string other = GENERATE(std::string(), std::string("\0\0\x80\0\0", 5));
  const HttpsServer server([&other](Http2Peer& peer, const Request& request) {
    peer.respond(request.stream, kGood, other);
  });
  CHECK(server.ask().outcome == Outcome::malformed);
  const HttpsServer mistaken([](Http2Peer& peer, const Request& request) {
    dns::Message query = read(query_of(request));
    query.question->name = dns::Name::of("other.example");
    peer.respond(request.stream, kGood, dns::encode(good_answer(query)));
  });
  const Exchange exchange = mistaken.ask();
  CHECK(exchange.outcome == Outcome::malformed);
  CHECK(exchange.mismatched == 1);
  CHECK(exchange.detail == "the reply of SERVER does not belong to the question");
}

TEST_CASE("a stream that ends before a response is told as that") {
  const HttpsServer server([](Http2Peer& peer, const Request& request) {
    peer.reset(request.stream, NGHTTP2_NO_ERROR);
  });
  const Exchange exchange = server.ask();
  CHECK(exchange.outcome == Outcome::http_failed);
  CHECK(exchange.detail == "SERVER ended the HTTP/2 stream without a response");
}

TEST_CASE("a stream that the server resets is told with the error") {
  const HttpsServer server([](Http2Peer& peer, const Request& request) {
    peer.reset(request.stream, NGHTTP2_INTERNAL_ERROR);
  });
  const Exchange exchange = server.ask();
  CHECK(exchange.outcome == Outcome::http_failed);
  CHECK(exchange.attempts == 1);
  CHECK(exchange.detail == "SERVER ended the HTTP/2 stream with the error INTERNAL_ERROR");
}

TEST_CASE("a stream that the server refuses is tried once more, and only once") {
  int refusals = GENERATE(1, 1000);
  const bool for_ever = refusals > 1;
  const HttpsServer server([&refusals](Http2Peer& peer, const Request& request) {
    if (refusals-- > 0) return peer.reset(request.stream, NGHTTP2_REFUSED_STREAM);
    answer(peer, request);
  });
  const Exchange exchange = server.ask();
  CHECK(exchange.outcome == (for_ever ? Outcome::http_failed : Outcome::reply));
  CHECK(exchange.attempts == 2);
  CHECK(server.server().connections() == 1);
}

TEST_CASE("questions that a GOAWAY leaves out are asked again on a new connection") {
  int requests = 0;
  const HttpsServer server([&requests](Http2Peer& peer, const Request& request) {
    ++requests;
    if (requests == 4) peer.say_goaway(request.stream, NGHTTP2_NO_ERROR);
    const bool left_out = requests > 4 && request.stream > 7 && requests <= 10;
    if (!left_out) answer(peer, request);
    if (requests == 10) peer.hang_up();
  });
  const auto ended = ask_several(server.query(), 10, quick_settings(3));
  CHECK(count(ended, Outcome::reply) == 10);
  CHECK(server.server().connections() == 2);
}

TEST_CASE("a server that says GOAWAY to every question is not asked for ever") {
  const HttpsServer server([](Http2Peer& peer, const Request&) {
    peer.say_goaway(0, NGHTTP2_ENHANCE_YOUR_CALM);
    peer.hang_up();
  });
  const Exchange exchange = server.ask();
  CHECK(exchange.outcome == Outcome::http_failed);
  CHECK(exchange.attempts == 2);
  CHECK(exchange.detail ==
        "SERVER ended the HTTP/2 connection before it came to the question, with the error "
        "ENHANCE_YOUR_CALM");
}

TEST_CASE("a server that hangs up amid a response is closed, after a second try") {
  const HttpsServer server([](Http2Peer& peer, const Request&) { peer.hang_up(); });
  const Exchange exchange = server.ask();
  CHECK(exchange.outcome == Outcome::closed);
  CHECK(exchange.attempts == 2);
  CHECK(exchange.detail == "SERVER closed the connection before the reply was complete");
}

TEST_CASE("bytes that are no HTTP/2 are told as that") {
  const HttpsServer server([](Http2Peer& peer, const Request&) {
    peer.client().send("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n");
    peer.hang_up();
  });
  const Exchange exchange = server.ask();
  CHECK(exchange.outcome == Outcome::http_failed);
  CHECK(exchange.attempts == 1);
  CHECK(exchange.detail == "SERVER broke the rules of HTTP/2");
}

TEST_CASE("any bytes behind the handshake end in an outcome, never in a hang") {
  std::mt19937 random(GENERATE(1U, 2U, 3U, 4U, 5U));
  std::string noise(3000, '\0');
  for (char& byte : noise) byte = static_cast<char>(random());
  noise.replace(0, 9, std::string("\0\0\0\4\0\0\0\0\0", 9));  // SETTINGS, so that more is read
  const HttpsServer server([&noise](Http2Peer& peer, const Request&) {
    peer.client().send(noise);
    peer.hang_up();
  });
  const Exchange exchange = server.ask();
  CHECK((exchange.outcome == Outcome::http_failed || exchange.outcome == Outcome::closed));
  CHECK(exchange.duration < 1);
}

TEST_CASE("a server of HTTP/1.1 alone is told as that, whether it insists or shrugs") {
  const auto nothing = [](Http2Peer&, const Request&) {};
  const HttpsServer shrugging(nothing, 1, "http/1.1", false);
  const Exchange shrugged = shrugging.ask();
  CHECK(shrugged.outcome == Outcome::http_failed);
  CHECK(shrugged.detail == "SERVER does not offer HTTP/2 (ALPN h2), by which it is asked");
  const HttpsServer insisting(nothing, 1, "http/1.1", true);
  const Exchange insisted = insisting.ask();
  CHECK(insisted.outcome == Outcome::tls_failed);
  CHECK(insisted.detail == "SERVER refuses HTTP/2 (ALPN h2)");
}

TEST_CASE("a response that trickles in, or never comes, is cut off at the deadline") {
  const HttpsServer silent([](Http2Peer&, const Request&) {});
  const Exchange nothing = silent.ask(0.3);
  CHECK(nothing.outcome == Outcome::timeout);
  CHECK(nothing.detail == "no complete reply from SERVER over HTTPS within 0.3 s");
  CHECK(nothing.duration < 0.6);
  const HttpsServer slow([](Http2Peer& peer, const Request& request) {
    peer.respond(request.stream, kGood, std::string(10, 'x'));
    peer.flush();
    for (int i = 0; i < 100; ++i) {  // PING frames: the connection lives, the answer does not
      if (!peer.client().send(std::string("\0\0\x08\x06\0\0\0\0\0pingpong", 17))) return;
      pause_for(0.01);
    }
  });
  CHECK(slow.ask(0.3).duration < 0.6);
}

TEST_CASE("a server that makes us answer without end and never reads is left") {
  std::string pings;
  for (int i = 0; i < 900; ++i) pings += std::string("\0\0\x08\x06\0\0\0\0\0pingpong", 17);
  const HttpsServer server([&pings](Http2Peer& peer, const Request&) {
    for (int i = 0; i < 5000; ++i) {
      if (!peer.client().send(pings)) return;
    }
  });
  const Exchange exchange = server.ask(30);
  CHECK(exchange.outcome == Outcome::http_failed);
  CHECK(exchange.detail == "SERVER sends without reading our replies");
}

TEST_CASE("a question given up leaves the connection to the others") {
  const HttpsServer server([](Http2Peer& peer, const Request& request) {
    const dns::Message query = read(query_of(request));
    if (query.question->name != several_name(0)) answer(peer, request);
  });
  const auto ended = ask_several(server.query(), 30, quick_settings(0.5));
  CHECK(count(ended, Outcome::reply) == 29);
  CHECK(count(ended, Outcome::timeout) == 1);
  CHECK(server.server().connections() == 1);
}
