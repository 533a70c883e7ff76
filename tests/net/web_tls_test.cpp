// Fetching over TLS from servers with any certificate, and looking for tls-alpn-01.

#include "net/web_support.h"

#include "support/catch.h"

using namespace dcv;
using namespace dcv::testing;
using observe::Fetch;
using observe::Handshake;
using observe::Outcome;

namespace {

const std::string kDigest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

// The extension's value for OpenSSL.
std::string octets(const std::string& header, const std::string& hex) {
  std::string text = "DER:" + header;
  for (std::size_t i = 0; i < hex.size(); i += 2) text += ":" + hex.substr(i, 2);
  return text;
}

Handshake shake_with(const TlsSettings& settings, std::string* name = nullptr) {
  HostileServer server({}, [&](Connection& connection) {
    TlsPeer client(settings, connection);
    if (name) *name = client.server_name();
    client.read_some();
  });
  Handshake handshake = shake_one(web_handshake(server.port()));
  const std::string place = "127.0.0.1 (port " + std::to_string(server.port()) + ")";
  const std::size_t at = handshake.detail.find(place);
  if (at != std::string::npos) handshake.detail.replace(at, place.size(), "SERVER");
  return handshake;
}

}  // namespace

TEST_CASE("over TLS any certificate will do, and the host is the server name") {
  const Identity expired = make_identity({"other.example", "DNS:other.example", -200, -100});
  const TlsSettings settings(expired, "");
  std::string name, request;
  const Fetch fetch = fetch_from(
      [&](Connection& connection) {
        TlsPeer client(settings, connection);
        name = client.server_name();
        request = client.read_some();
        client.send("HTTP/1.1 301 Moved\r\nLocation: http://a.example/\r\n\r\nto the end");
        client.hang_up();  // without TLS's goodbye
      },
      true);
  CHECK(fetch.outcome == Outcome::reply);
  CHECK(fetch.status == 301);
  CHECK(fetch.location == "http://a.example/");
  CHECK(fetch.body == "to the end");
  CHECK(name == "app.shop.example");
  CHECK(request.starts_with("GET /.well-known/x HTTP/1.1\r\nHost: app.shop.example:"));
}

TEST_CASE("a web server that does not speak TLS, or only an old one, is told so") {
  const Fetch plain = fetch_from(
      [](Connection& client) {
        client.send("HTTP/1.1 400 Bad Request\r\n\r\n");
        hang_up(client);
      },
      true);
  CHECK(plain.outcome == Outcome::tls_failed);
  CHECK(plain.connected);
  CHECK(plain.detail == "SERVER does not speak TLS");

  const Identity identity = make_identity({"", "DNS:app.shop.example"});
  const TlsSettings old(identity, "");
  SSL_CTX_set_security_level(old.native(), 0);
  SSL_CTX_set_min_proto_version(old.native(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(old.native(), TLS1_1_VERSION);
  const Fetch outdated =
      fetch_from([&](Connection& connection) { TlsPeer(old, connection); }, true);
  CHECK(outdated.outcome == Outcome::tls_failed);
  CHECK(outdated.detail == "SERVER does not offer TLS 1.2 or newer");

  const Fetch closed = fetch_from([](Connection& client) { hang_up(client); }, true);
  CHECK(closed.outcome == Outcome::tls_failed);
  CHECK(closed.detail == "SERVER closed the connection in the TLS handshake");
  const Fetch silent = fetch_from([](Connection& client) { wait_for_client(client); }, true);
  CHECK(silent.outcome == Outcome::timeout);
  CHECK(silent.connected);
  CHECK(silent.detail == "SERVER did not complete the TLS handshake within 1.2 s");
}

TEST_CASE("the certificate for tls-alpn-01 is told with its extension") {
  const Identity identity =
      make_identity({.common_name = "challenge",
                     .alternative_names = "DNS:app.shop.example",
                     .acme_identifier = "critical," + octets("04:20", kDigest)});
  const TlsSettings settings(identity, "acme-tls/1", true);
  std::string name;
  const Handshake handshake = shake_with(settings, &name);
  CHECK(handshake.outcome == Outcome::reply);
  CHECK(handshake.connected);
  CHECK(handshake.detail.empty());
  CHECK(name == "app.shop.example");
  CHECK(handshake.tls_version == "TLSv1.3");
  CHECK(handshake.protocol == "acme-tls/1");
  REQUIRE(handshake.certificate);
  CHECK(*handshake.certificate == observe::ShownCertificate{.subject = "CN = challenge",
                                                            .issuer = "CN = challenge",
                                                            .self_signed = true,
                                                            .dns_names = {"app.shop.example"},
                                                            .acme_identifier = true,
                                                            .acme_critical = true,
                                                            .acme_digest = kDigest});
}

TEST_CASE("a certificate without the extension, or with a malformed one, is told as it is") {
  const TrustedAuthority authority;
  const Identity plain = authority.issue({"shop", "DNS:a.example,DNS:b.example,IP:192.0.2.1"});
  const TlsSettings no_alpn(plain, "");
  const Handshake handshake = shake_with(no_alpn);
  CHECK(handshake.outcome == Outcome::reply);
  CHECK(handshake.protocol.empty());
  REQUIRE(handshake.certificate);
  CHECK(*handshake.certificate == observe::ShownCertificate{.subject = "CN = shop",
                                                            .issuer = "CN = Test authority",
                                                            .dns_names = {"a.example", "b.example"},
                                                            .other_names = 1});
  for (const std::string& value : {octets("04:1f", kDigest.substr(2)),
                                   octets("04:20", kDigest + "00"), octets("05:20", kDigest)}) {
    const Identity odd =
        make_identity({.common_name = "odd", .alternative_names = "", .acme_identifier = value});
    const Handshake seen = shake_with(TlsSettings(odd, "acme-tls/1"));
    REQUIRE(seen.certificate);
    CHECK(seen.certificate->acme_identifier);
    CHECK_FALSE(seen.certificate->acme_critical);
    CHECK(seen.certificate->acme_digest.empty());
  }
}

TEST_CASE("a server that refuses the protocol of tls-alpn-01 is told so") {
  const Identity identity = make_identity({"", "DNS:app.shop.example"});
  const Handshake handshake = shake_with(TlsSettings(identity, "h2", true));
  CHECK(handshake.outcome == Outcome::tls_failed);
  CHECK(handshake.connected);
  CHECK(handshake.detail == "SERVER refuses tls-alpn-01 (ALPN acme-tls/1)");
  CHECK(handshake.alert == SSL_AD_NO_APPLICATION_PROTOCOL);
  CHECK_FALSE(handshake.certificate);
}

TEST_CASE("a server that has no version of TLS that a CA takes is told so by the alert") {
  const Identity identity = make_identity({"", "DNS:app.shop.example"});
  const TlsSettings old(identity, "acme-tls/1");
  SSL_CTX_set_security_level(old.native(), 0);
  SSL_CTX_set_min_proto_version(old.native(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(old.native(), TLS1_1_VERSION);
  const Handshake handshake = shake_with(old);
  CHECK(handshake.outcome == Outcome::tls_failed);
  CHECK(handshake.detail == "SERVER does not offer TLS 1.2 or newer");
  CHECK(handshake.alert == SSL_AD_PROTOCOL_VERSION);
}
