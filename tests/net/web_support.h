#pragma once
// Words shared by the tests of web servers: asking one on loopback, and being one.

#include <chrono>
#include <string>
#include <vector>

#include "net/web.h"
#include "support/hostile_server.h"
#include "support/tls_peer.h"

namespace dcv::testing {

inline observe::Settings web_settings(double query_timeout = 0.4) {
  observe::Settings settings;
  settings.allow_private = true;
  settings.query_timeout = query_timeout;
  return settings;
}

// Seconds since it was made.
class Watch {
 public:
  double operator()() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

inline net::WebRequest web_request(std::uint16_t port, bool tls = false,
                                   const char* address = "127.0.0.1") {
  net::WebRequest request;
  request.fetch.url = std::string(tls ? "https" : "http") + "://app.shop.example/.well-known/x";
  request.fetch.host = dns::Name::of("app.shop.example");
  request.fetch.address = dns::IpAddress::of(address);
  request.fetch.port = port;
  request.fetch.tls = tls;
  request.target = "/.well-known/x";
  return request;
}

inline observe::Handshake web_handshake(std::uint16_t port) {
  observe::Handshake handshake;
  handshake.host = dns::Name::of("app.shop.example");
  handshake.address = dns::IpAddress::of("127.0.0.1");
  handshake.port = port;
  return handshake;
}

// Fetches, and waits for all ends.
inline std::vector<observe::Fetch> fetch_all(const std::vector<net::WebRequest>& requests,
                                             const observe::Settings& settings = web_settings()) {
  const auto web = net::make_web(settings, Watch());
  std::vector<observe::Fetch> ended;
  for (const net::WebRequest& request : requests)
    web->fetch(request, [&ended](const observe::Fetch& fetch) { ended.push_back(fetch); });
  web->run();
  return ended;
}

inline observe::Fetch fetch_one(const net::WebRequest& request,
                                const observe::Settings& settings = web_settings()) {
  return fetch_all({request}, settings).at(0);
}

inline observe::Handshake shake_one(const observe::Handshake& handshake) {
  const auto web = net::make_web(web_settings(), Watch());
  std::vector<observe::Handshake> ended;
  web->shake(handshake, [&ended](const observe::Handshake& each) { ended.push_back(each); });
  web->run();
  return ended.at(0);
}

// The request of a client, to its empty line; shorter when the client is gone.
inline std::string read_request(const Connection& client) {
  std::string request;
  char byte = 0;
  while (!request.ends_with("\r\n\r\n") && ::recv(client.number(), &byte, 1, 0) == 1)
    request += byte;
  return request;
}

// Ends the server's side and waits until the client has ended its own.
inline void hang_up(const Connection& client) {
  ::shutdown(client.number(), SHUT_WR);
  char byte = 0;
  while (::recv(client.number(), &byte, 1, 0) == 1) continue;
}

// Waits until the client has ended the connection.
inline void wait_for_client(const Connection& client) {
  char byte = 0;
  while (::recv(client.number(), &byte, 1, 0) == 1) continue;
}

// Reads a request, answers with these bytes, and ends the connection in good order.
inline HostileServer::OnConnection answering(const std::string& bytes) {
  return [bytes](Connection& client) {
    read_request(client);
    client.send(bytes);
    hang_up(client);
  };
}

// What comes of one fetch from a server that answers so; its place in the detail is "SERVER".
inline observe::Fetch fetch_from(const HostileServer::OnConnection& on_connection,
                                 bool tls = false) {
  HostileServer server({}, on_connection);
  observe::Fetch fetch = fetch_one(web_request(server.port(), tls));
  const std::string place = "127.0.0.1 (port " + std::to_string(server.port()) + ")";
  const std::size_t at = fetch.detail.find(place);
  if (at != std::string::npos) fetch.detail.replace(at, place.size(), "SERVER");
  return fetch;
}

}  // namespace dcv::testing
