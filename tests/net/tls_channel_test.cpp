// DNS over TLS: whom it trusts, what it says when it does not, and several questions at once.

#include <set>

#include "net/ask_support.h"
#include "net/limits.h"
#include "support/catch.h"
#include "support/tls_peer.h"

using namespace dcv;
using namespace dcv::testing;
using observe::Exchange;
using observe::Outcome;

namespace {

constexpr const char* kName = "resolver.example";

net::Query tls_query(const HostileServer& server, const std::string& host = kName) {
  net::Query query = resolver_query(server.port(), observe::Transport::tls);
  query.endpoint->host = host;
  return query;
}

void answer_all(TlsPeer& client) {
  for (std::string query = client.read_query(); !query.empty(); query = client.read_query()) {
    client.send(framed(good_bytes(query)));
  }
}

HostileServer::OnConnection well_behaved(const TlsSettings& settings) {
  return [&settings](Connection& connection) {
    TlsPeer client(settings, connection);
    answer_all(client);
  };
}

// What comes of one question to a server with this certificate.
Exchange ask_identity(const Identity& identity, const std::string& host) {
  const TlsSettings settings(identity, "dot");
  HostileServer server({}, well_behaved(settings));
  Exchange exchange = ask_one(53, quick_settings(3), tls_query(server, host));
  const std::size_t at = exchange.detail.find(place_of(server));
  if (at != std::string::npos) exchange.detail.replace(at, place_of(server).size(), "SERVER");
  CHECK(exchange.transport == observe::Transport::tls);
  CHECK(exchange.attempts == 1);
  return exchange;
}

std::string today_plus(long seconds) {
  const std::time_t then = std::time(nullptr) + seconds;
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d", std::gmtime(&then))};
}

}  // namespace

TEST_CASE("a hundred questions share one TLS connection, each padded to a whole block") {
  const TrustedAuthority authority;
  const Identity identity = authority.issue({"", "DNS:resolver.example"});
  const TlsSettings settings(identity, "dot", true);
  std::string name;
  std::set<std::size_t> sizes;
  HostileServer server({}, [&](Connection& connection) {
    TlsPeer client(settings, connection);
    name = client.server_name();
    for (std::string query = client.read_query(); !query.empty(); query = client.read_query()) {
      sizes.insert(query.size() % net::kPaddingBlock);
      client.send(framed(good_bytes(query)));
    }
  });
  const auto ended = ask_several(tls_query(server), 100, quick_settings(3));
  CHECK(count(ended, Outcome::reply) == 100);
  CHECK(server.connections() == 1);
  CHECK(name == kName);
  CHECK(sizes == std::set<std::size_t>{0});
  for (const Exchange& exchange : ended) {
    CHECK(exchange.transport == observe::Transport::tls);
    CHECK_FALSE(exchange.truncated);
    CHECK(exchange.letter_case == observe::CaseSupport::kept);
  }
}

TEST_CASE("a certificate is good by name, or by address where no name is known") {
  const TrustedAuthority authority;
  const Identity named = authority.issue({"", "DNS:resolver.example"});
  const Identity numbered = authority.issue({"", "DNS:resolver.example,IP:127.0.0.1"});
  CHECK(ask_identity(named, kName).outcome == Outcome::reply);
  CHECK(ask_identity(numbered, "127.0.0.1").outcome == Outcome::reply);
  CHECK(ask_identity(numbered, "").outcome == Outcome::reply);
}

TEST_CASE("a certificate for another name is told with the names that it is for") {
  const TrustedAuthority authority;
  const Identity other =
      authority.issue({"", "DNS:a.example,DNS:*.b.example,IP:192.0.2.1,DNS:c.example"});
  const Exchange exchange = ask_identity(other, kName);
  CHECK(exchange.outcome == Outcome::tls_failed);
  CHECK(exchange.detail ==
        "the certificate of SERVER is for a.example, *.b.example, 192.0.2.1 and 1 more, not "
        "resolver.example");
  CHECK(ask_identity(other, "").detail ==
        "the certificate of SERVER is for a.example, *.b.example, 192.0.2.1 and 1 more, not "
        "127.0.0.1");
  CHECK(ask_identity(authority.issue({"old.example", ""}), kName).detail ==
        "the certificate of SERVER is for old.example, not resolver.example");
}

TEST_CASE("a name that no certificate can be checked for does not leave it unchecked") {
  const TrustedAuthority authority;
  const Identity other = authority.issue({"", "DNS:a.example"});
  const Exchange exchange = ask_identity(other, std::string("a\0.example", 10));
  CHECK(exchange.outcome == Outcome::tls_failed);
  CHECK(exchange.detail == "no certificate can be for the name of SERVER");
}

TEST_CASE("names in a certificate cannot write on the terminal") {
  const TrustedAuthority authority;
  const Identity rude = authority.issue({"\x1b[2Jevil", ""});
  CHECK(ask_identity(rude, kName).detail ==
        "the certificate of SERVER is for \\027[2Jevil, not resolver.example");
}

TEST_CASE("a certificate out of its time is told with the day") {
  const TrustedAuthority authority;
  constexpr long kDay = 86400;
  const Exchange expired =
      ask_identity(authority.issue({"", "DNS:resolver.example", -30 * kDay, -2 * kDay}), kName);
  CHECK(expired.outcome == Outcome::tls_failed);
  CHECK(expired.detail == "the certificate of SERVER expired on " + today_plus(-2 * kDay));
  const Exchange early =
      ask_identity(authority.issue({"", "DNS:resolver.example", 2 * kDay, 30 * kDay}), kName);
  CHECK(early.detail ==
        "the certificate of SERVER is valid only from " + today_plus(2 * kDay) + " on");
}

TEST_CASE("a certificate that no known authority signed is told with who did") {
  const TrustedAuthority authority;
  const Exchange own = ask_identity(make_identity({kName, "DNS:resolver.example"}), kName);
  CHECK(own.outcome == Outcome::tls_failed);
  CHECK(own.detail == "the certificate of SERVER is signed by itself, not by a known authority");
  const Identity stranger = make_identity({"Somebody", "", -3600, 3600, true});
  CHECK(ask_identity(make_identity({"", "DNS:resolver.example"}, &stranger), kName).detail ==
        "the certificate of SERVER is not signed by a known authority, but by Somebody");
}

TEST_CASE("a later connection resumes the TLS session of the earlier one") {
  const TrustedAuthority authority;
  const Identity identity = authority.issue({"", "DNS:resolver.example"});
  const TlsSettings settings(identity, "dot");
  std::vector<bool> resumed;
  HostileServer server({}, [&](Connection& connection) {
    TlsPeer client(settings, connection);
    resumed.push_back(client.resumed());
    client.send(framed(good_bytes(client.read_query())));
    client.hang_up();
  });
  const auto ended = ask_several(tls_query(server), 3, quick_settings(3));
  CHECK(count(ended, Outcome::reply) == 3);
  CHECK(resumed == std::vector<bool>{false, true, true});
}

TEST_CASE("a TLS connection ends with a goodbye") {
  const TrustedAuthority authority;
  const Identity identity = authority.issue({"", "DNS:resolver.example"});
  const TlsSettings settings(identity, "dot");
  std::atomic<bool> goodbye = false;
  HostileServer server({}, [&](Connection& connection) {
    TlsPeer client(settings, connection);
    answer_all(client);
    goodbye = client.said_goodbye();
  });
  CHECK(ask_one(53, quick_settings(3), tls_query(server)).outcome == Outcome::reply);
  for (int i = 0; i < 200 && !goodbye; ++i) pause_for(0.01);
  CHECK(goodbye);
}

TEST_CASE("a port that does not speak TLS is told as that") {
  const char* const greeting =
      GENERATE("220 mail.example ESMTP\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n");
  HostileServer server({}, [greeting](Connection& client) {
    client.send(greeting);
    client.read_query();
  });
  const Exchange exchange = ask_one(53, quick_settings(3), tls_query(server));
  CHECK(exchange.outcome == Outcome::tls_failed);
  CHECK(exchange.detail == place_of(server) + " does not speak TLS");
}

TEST_CASE("a server that hangs up in the handshake, or never ends it, is told as that") {
  HostileServer hanging_up({}, [](Connection&) {});
  const Exchange gone = ask_one(53, quick_settings(3), tls_query(hanging_up));
  CHECK(gone.outcome == Outcome::tls_failed);
  CHECK(gone.detail.rfind(place_of(hanging_up) + " closed the connection in the TLS handshake",
                          0) == 0);
  HostileServer stalling({}, [](Connection& client) {
    while (!client.read_query().empty()) continue;
  });
  const Exchange stalled = ask_one(53, quick_settings(0.3), tls_query(stalling));
  CHECK(stalled.outcome == Outcome::timeout);
  CHECK(stalled.detail ==
        "the TLS handshake with " + place_of(stalling) + " was not over within 0.3 s");
}

TEST_CASE("a server for other protocols only refuses DNS over TLS") {
  const TrustedAuthority authority;
  const Identity identity = authority.issue({"", "DNS:resolver.example"});
  const TlsSettings settings(identity, "http/1.1", true);
  HostileServer server({}, well_behaved(settings));
  const Exchange exchange = ask_one(53, quick_settings(3), tls_query(server));
  CHECK(exchange.outcome == Outcome::tls_failed);
  CHECK(exchange.detail == place_of(server) + " refuses DNS over TLS (ALPN dot)");
}

TEST_CASE("a server of an old TLS version is told as that") {
  const TrustedAuthority authority;
  const Identity identity = authority.issue({"", "DNS:resolver.example"});
  const TlsSettings settings(identity, "");
  SSL_CTX_set_min_proto_version(settings.native(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(settings.native(), TLS1_1_VERSION);
  HostileServer server({}, well_behaved(settings));
  const Exchange exchange = ask_one(53, quick_settings(3), tls_query(server));
  CHECK(exchange.outcome == Outcome::tls_failed);
  CHECK(exchange.detail == place_of(server) + " does not offer TLS 1.2 or newer");
}
