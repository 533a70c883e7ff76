// Web servers of the lab: which reply a request gets, and what comes over real connections.

#include "lab/web.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <mutex>
#include <thread>

#include "lab/web_server.h"
#include "support/catch.h"

using namespace dcv;
using lab::reply_for;
using lab::WebFault;
using lab::WebReply;
using lab::WebServer;
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

const dns::IpAddress kHere = dns::IpAddress::of("127.0.0.1");

// One server at a port of its own, as long as the object lives.
class Running {
 public:
  explicit Running(WebServer server) : port_(free_port()) {
    server.addresses = {kHere};
    server.port = port_;
    lab::start_web_server(io_, server, kHere, {}, [this](const std::string& line) {
      const std::lock_guard lock(mutex_);
      log_.push_back(line);
    });
    thread_ = std::thread([this] { io_.run(); });
  }
  ~Running() {
    io_.stop();
    thread_.join();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  tcp::socket connect() {
    tcp::socket socket(client_);
    socket.connect({asio::ip::make_address("127.0.0.1"), port_});
    return socket;
  }
  std::string at() const { return "127.0.0.1 " + std::to_string(port_); }
  std::vector<std::string> log() {
    const std::lock_guard lock(mutex_);
    return log_;
  }

 private:
  std::uint16_t free_port() {
    return tcp::acceptor(client_, {asio::ip::make_address("127.0.0.1"), 0}).local_endpoint().port();
  }

  asio::io_context io_, client_;
  std::uint16_t port_;
  std::mutex mutex_;
  std::vector<std::string> log_;
  std::thread thread_;
};

struct Got {
  std::string bytes;
  boost::system::error_code end;
};

// All bytes until the end, or until there are this many.
template <typename Stream>
Got ask(Stream& stream, const std::string& path, std::size_t most = 1 << 20) {
  asio::write(stream, asio::buffer("GET " + path + " HTTP/1.1\r\nHost: shop.example\r\n\r\n"));
  Got got;
  asio::read(stream, asio::dynamic_buffer(got.bytes, most), got.end);
  return got;
}

std::string body(const Got& got) {
  const auto end = got.bytes.find("\r\n\r\n");
  return end == std::string::npos ? "no head: " + got.bytes : got.bytes.substr(end + 4);
}

WebServer with(const WebReply& reply) {
  WebServer server;
  server.replies["/"] = reply;
  return server;
}

// A TLS client that offers protocols in ALPN's wire form.
struct TlsClient {
  asio::ssl::context context{asio::ssl::context::tls_client};
  asio::ssl::stream<tcp::socket> stream;
  boost::system::error_code failure;

  TlsClient(Running& server, const std::string& offered) : stream(server.connect(), context) {
    SSL_set_tlsext_host_name(stream.native_handle(), "shop.example");
    SSL_set_alpn_protos(stream.native_handle(),
                        reinterpret_cast<const unsigned char*>(offered.data()),
                        static_cast<unsigned>(offered.size()));
    stream.handshake(asio::ssl::stream_base::client, failure);
  }
  std::string protocol() {
    const unsigned char* data = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(stream.native_handle(), &data, &size);
    return {reinterpret_cast<const char*>(data), size};
  }
};

WebServer acme_server(bool ignores_other_protocols = false) {
  WebServer server;
  server.tls = lab::WebTls{
      {"shop.example"},        "",   lab::AcmeExtension{std::string(32, 'd'), true}, {"acme-tls/1"},
      ignores_other_protocols, false};
  return server;
}

const std::string kAcme =
                      "\x0a"
                      "acme-tls/1",
                  kHttp =
                      "\x08"
                      "http/1.1";

}  // namespace

TEST_CASE("an exact path wins over prefixes, the longest prefix over others, a host over none") {
  WebServer server;
  server.replies = {{"/a/b", {200, {}, "exact", {}}},
                    {"/a/*", {200, {}, "longer", {}}},
                    {"/*", {200, {}, "short", {}}},
                    {"www.shop.example/*", {200, {}, "host", {}}}};
  CHECK(reply_for(server, "shop.example", "/a/b").body == "exact");
  CHECK(reply_for(server, "shop.example", "/a/b?x=1").body == "exact");
  CHECK(reply_for(server, "shop.example", "/a/c").body == "longer");
  CHECK(reply_for(server, "shop.example", "/").body == "short");
  CHECK(reply_for(server, "www.shop.example:80", "/a/b").body == "host");
}

TEST_CASE("where no reply fits there is 404") {
  CHECK(reply_for({}, "shop.example", "/a").status == 404);
}

TEST_CASE("a location can repeat host and path of the request") {
  WebServer server;
  server.replies["/*"] = {301, {{"Location", "https://{host}{path}"}}, "", {}};
  CHECK(reply_for(server, "shop.example:80", "/a?b").headers.at("Location") ==
        "https://shop.example/a?b");
}

TEST_CASE("a reply comes with status, headers and body, and is logged") {
  Running server(with({203, {{"Server", "nginx"}}, "hello", {}}));
  auto client = server.connect();
  const Got got = ask(client, "/");
  CHECK(got.end == asio::error::eof);
  CHECK(got.bytes ==
        "HTTP/1.1 203 Non-Authoritative Information\r\nConnection: close\r\nContent-Length: 5\r\n"
        "Content-Type: text/plain\r\nServer: nginx\r\n\r\nhello");
  CHECK(server.log() == std::vector<std::string>{"http " + server.at() + " shop.example / 203"});
}

TEST_CASE("what is no HTTP request gets 400") {
  Running server(WebServer{});
  auto client = server.connect();
  asio::write(client, asio::buffer(std::string("\x16\x03\x01 hello\r\n\r\n")));
  std::string bytes;
  boost::system::error_code end;
  asio::read(client, asio::dynamic_buffer(bytes), end);
  CHECK(bytes.starts_with("HTTP/1.1 400 "));
}

TEST_CASE("web servers misbehave as told") {
  SECTION("a reset") {
    Running server(with({200, {}, "", WebFault::reset}));
    auto client = server.connect();
    CHECK(ask(client, "/").end == asio::error::connection_reset);
  }
  SECTION("an end without a word") {
    Running server(with({200, {}, "", WebFault::close}));
    auto client = server.connect();
    const Got got = ask(client, "/");
    CHECK(got.end == asio::error::eof);
    CHECK(got.bytes.empty());
  }
  SECTION("garbage") {
    Running server(with({200, {}, "", WebFault::garbage}));
    auto client = server.connect();
    const Got got = ask(client, "/");
    CHECK(got.end == asio::error::eof);
    CHECK_FALSE(got.bytes.starts_with("HTTP"));
    CHECK_FALSE(got.bytes.empty());
  }
  SECTION("a body that is shorter than announced") {
    Running server(with({200, {}, "short", WebFault::cut}));
    auto client = server.connect();
    const Got got = ask(client, "/");
    CHECK(got.bytes.find("Content-Length: 105\r\n") != std::string::npos);
    CHECK(body(got) == "short");
  }
  SECTION("a body without end") {
    Running server(with({200, {}, "", WebFault::endless}));
    auto client = server.connect();
    CHECK(ask(client, "/", 300000).bytes.size() == 300000);
  }
  SECTION("a head without end") {
    Running server(with({200, {}, "", WebFault::endless_head}));
    auto client = server.connect();
    const Got got = ask(client, "/", 300000);
    CHECK(got.bytes.size() == 300000);
    CHECK(got.bytes.find("\r\n\r\n") == std::string::npos);
  }
  SECTION("a body that comes byte by byte") {
    Running server(with({200, {}, "ab", WebFault::trickle}));
    auto client = server.connect();
    asio::write(client, asio::buffer(std::string("GET / HTTP/1.1\r\nHost: a\r\n\r\n")));
    std::string bytes;
    asio::read_until(client, asio::dynamic_buffer(bytes), "\r\n\r\nab..");
    CHECK(bytes.ends_with("ab.."));
  }
  SECTION("silence, until the client gives up") {
    Running server(with({200, {}, "", WebFault::stall}));
    auto client = server.connect();
    asio::write(client, asio::buffer(std::string("GET / HTTP/1.1\r\nHost: a\r\n\r\n")));
    while (server.log().empty()) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    CHECK(client.available() == 0);
  }
}

TEST_CASE("over TLS the reply is the same, and the handshake is logged") {
  WebServer wish = with({200, {}, "inside", {}});
  wish.tls = lab::WebTls{{"shop.example", "IP:9.9.9.9"}};
  Running server(wish);
  TlsClient client(server, kHttp);
  REQUIRE_FALSE(client.failure);
  CHECK(client.protocol().empty());
  CHECK(body(ask(client.stream, "/")) == "inside");
  CHECK(server.log() == std::vector<std::string>{"tls " + server.at() + " shop.example -",
                                                 "http " + server.at() + " shop.example / 200"});
}

TEST_CASE("a TLS server tells those who speak plain HTTP") {
  WebServer wish;
  wish.tls = lab::WebTls{{"shop.example"}};
  Running server(wish);
  auto client = server.connect();
  CHECK(ask(client, "/").bytes.find("was sent to HTTPS port") != std::string::npos);
}

TEST_CASE("a server of tls-alpn-01 shows its certificate to those who offer acme-tls/1") {
  Running server(acme_server());
  TlsClient client(server, kAcme);
  REQUIRE_FALSE(client.failure);
  CHECK(client.protocol() == "acme-tls/1");
  X509* const shown = SSL_get0_peer_certificate(client.stream.native_handle());
  REQUIRE(shown != nullptr);
  CHECK(X509_check_host(shown, "shop.example", 0, 0, nullptr) == 1);
  CHECK(X509_NAME_cmp(X509_get_subject_name(shown), X509_get_issuer_name(shown)) == 0);
  ASN1_OBJECT* const kind = OBJ_txt2obj("1.3.6.1.5.5.7.1.31", 1);
  const int at = X509_get_ext_by_OBJ(shown, kind, -1);
  ASN1_OBJECT_free(kind);
  REQUIRE(at >= 0);
  X509_EXTENSION* const extension = X509_get_ext(shown, at);
  CHECK(X509_EXTENSION_get_critical(extension) == 1);
  const ASN1_OCTET_STRING* const value = X509_EXTENSION_get_data(extension);
  CHECK(std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                    static_cast<std::size_t>(ASN1_STRING_length(value))) ==
        "\x04\x20" + std::string(32, 'd'));
}

TEST_CASE("clients without one of the server's protocols get an alert, or none is agreed on") {
  Running strict(acme_server());
  TlsClient refused(strict, kHttp);
  CHECK(refused.failure);
  while (strict.log().empty()) std::this_thread::yield();
  CHECK(strict.log() == std::vector<std::string>{"tls " + strict.at() + " shop.example failed"});
  Running lax(acme_server(true));
  TlsClient welcome(lax, kHttp);
  CHECK_FALSE(welcome.failure);
  CHECK(welcome.protocol().empty());
}

TEST_CASE("a server of old TLS versions refuses those that want TLS 1.2") {
  WebServer wish;
  wish.tls = lab::WebTls{{"shop.example"}};
  wish.tls->only_old_versions = true;
  Running server(wish);
  TlsClient client(server, kHttp);
  CHECK(client.failure);
}

TEST_CASE("a certificate of an authority names its issuer") {
  WebServer wish;
  wish.tls = lab::WebTls{{"shop.example"}, "Some CA"};
  Running server(wish);
  TlsClient client(server, kHttp);
  X509* const shown = SSL_get0_peer_certificate(client.stream.native_handle());
  REQUIRE(shown != nullptr);
  CHECK(X509_NAME_cmp(X509_get_subject_name(shown), X509_get_issuer_name(shown)) != 0);
}
