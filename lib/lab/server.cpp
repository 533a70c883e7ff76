// The sockets of the lab; see server.h.

#include "lab/server.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/read.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <utility>

#include "dns/wire.h"
#include "lab/asio.h"
#include "lab/responder.h"
#include "lab/web_server.h"

namespace dcv::lab {
namespace {

constexpr std::uint16_t kPort = 53;
constexpr int kReceiveBuffer = 4 << 20;  // bytes: bulk tests send thousands of questions at once

// What the UDP and the TCP side of one address share.
struct Address {
  asio::io_context& io;
  Responder responder;
  std::chrono::milliseconds delay;
  std::string text;
  Log log;
  std::mt19937 random{std::random_device()()};

  void log_question(const std::string& transport, std::string_view packet) const {
    if (!log) return;
    const auto query = dns::decode(packet);
    if (!query || !query->question) return log(transport + " " + text + " - -");
    const dns::Question& question = *query->question;
    log(transport + " " + text + " " + question.name.lower().text() + " " +
        dns::text(question.type));
  }

  bool loses_this_one() {
    return std::uniform_real_distribution<>(0, 1)(random) < responder.behaviour().loss;
  }
};

// Each packet then tells to which address it came.
void want_address_asked(int socket, bool v6) {
  const int on = 1;
  if (v6) {
    set_option(socket, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on, "packet information");
  } else {
    set_option(socket, IPPROTO_IP, IP_PKTINFO, &on, sizeof on, "packet information");
  }
}

class UdpSide : public std::enable_shared_from_this<UdpSide> {
 public:
  UdpSide(std::shared_ptr<Address> address, const udp::endpoint& endpoint)
      : address_(std::move(address)), socket_(address_->io) {
    open(socket_, endpoint);
    error_code smaller_is_fine;
    socket_.set_option(asio::socket_base::receive_buffer_size(kReceiveBuffer), smaller_is_fine);
    if (address_->responder.behaviour().drop) make_black_hole(socket_.native_handle());
    want_address_asked(socket_.native_handle(), endpoint.address().is_v6());
    socket_.non_blocking(true);
  }

  void receive() {
    socket_.async_wait(udp::socket::wait_read, [self = shared_from_this()](error_code) {
      while (self->answer_one()) {
      }
      self->receive();
    });
  }

 private:
  // Who asked, and in a control message which address: the reply has to come from there, and a
  // socket bound to all addresses would not know.
  struct Peer {
    sockaddr_storage client;
    alignas(cmsghdr) std::array<char, 64> control;
    socklen_t client_size;
    std::size_t control_size;
  };

  // False when nothing waits.
  bool answer_one() {
    Peer peer{};
    iovec data{packet_.data(), packet_.size()};
    msghdr message{&peer.client,        sizeof peer.client,  &data, 1,
                   peer.control.data(), peer.control.size(), 0};
    const ssize_t size = recvmsg(socket_.native_handle(), &message, 0);
    if (size < 0) return errno != EAGAIN && errno != EWOULDBLOCK;
    peer.client_size = message.msg_namelen;
    peer.control_size = message.msg_controllen;
    const std::string_view query(packet_.data(), static_cast<std::size_t>(size));
    address_->log_question("udp", query);
    if (address_->loses_this_one()) return true;
    auto reply = address_->responder.respond(query, Transport::udp);
    if (!reply) return true;
    later(address_->io, address_->delay,
          [self = shared_from_this(), peer, bytes = std::move(*reply)]() mutable {
            iovec out{bytes.data(), bytes.size()};
            const msghdr answer{&peer.client,        peer.client_size,  &out, 1,
                                peer.control.data(), peer.control_size, 0};
            sendmsg(self->socket_.native_handle(), &answer, 0);  // the client may be gone
          });
    return true;
  }

  std::shared_ptr<Address> address_;
  udp::socket socket_;
  std::array<char, 65535> packet_;
};

// One connection: queries are answered one after the other until the client closes it.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(std::shared_ptr<Address> address, tcp::socket socket)
      : address_(std::move(address)), socket_(std::move(socket)) {}

  void read_length() {
    asio::async_read(socket_, asio::buffer(length_),
                     [self = shared_from_this()](error_code error, std::size_t) {
                       if (!error) self->read_query();
                     });
  }

 private:
  void read_query() {
    query_.resize(static_cast<std::size_t>(length_[0] << 8 | length_[1]));
    asio::async_read(socket_, asio::buffer(query_),
                     [self = shared_from_this()](error_code error, std::size_t) {
                       if (!error) self->answer();
                     });
  }

  void answer() {
    address_->log_question("tcp", query_);
    auto reply = address_->responder.respond(query_, Transport::tcp);
    if (!reply) return read_length();
    const auto size = static_cast<std::uint16_t>(reply->size());
    reply_ = {static_cast<char>(size >> 8), static_cast<char>(size & 0xff)};
    reply_ += *reply;
    later(address_->io, address_->delay, [self = shared_from_this()] { self->write(); });
  }

  void write() {
    asio::async_write(socket_, asio::buffer(reply_),
                      [self = shared_from_this()](error_code error, std::size_t) {
                        if (!error) self->read_length();
                      });
  }

  std::shared_ptr<Address> address_;
  tcp::socket socket_;
  std::array<unsigned char, 2> length_{};
  std::string query_, reply_;
};

class TcpSide : public std::enable_shared_from_this<TcpSide> {
 public:
  TcpSide(std::shared_ptr<Address> address, const tcp::endpoint& endpoint)
      : address_(std::move(address)), acceptor_(address_->io) {
    open(acceptor_, endpoint);
    if (address_->responder.behaviour().drop) make_black_hole(acceptor_.native_handle());
    acceptor_.listen();
  }

  void accept() {
    acceptor_.async_accept([self = shared_from_this()](error_code error, tcp::socket socket) {
      if (!error) std::make_shared<Session>(self->address_, std::move(socket))->read_length();
      self->accept();
    });
  }

 private:
  std::shared_ptr<Address> address_;
  tcp::acceptor acceptor_;
};

// What every server of a run is started with.
struct Start {
  asio::io_context& io;
  const Scenario& scenario;
  int delay_ms;
  const Log& log;
};

void start_address(const Start& start, const asio::ip::address& host, Responder responder) {
  const Behaviour behaviour = responder.behaviour();
  if (behaviour.closed) return;
  const std::chrono::milliseconds delay(behaviour.delay_ms + start.delay_ms);
  const auto address = std::make_shared<Address>(
      Address{start.io, std::move(responder), delay, host.to_string(), start.log});
  std::make_shared<UdpSide>(address, udp::endpoint(host, kPort))->receive();
  if (behaviour.tcp == TcpFault::refuse) return;
  std::make_shared<TcpSide>(address, tcp::endpoint(host, kPort))->accept();
}

[[noreturn]] void fail_to_serve(const std::string& what, const dns::IpAddress& address,
                                const std::system_error& error) {
  throw std::runtime_error("cannot serve " + what + " at " + address.text() + ": " + error.what());
}

void start_hosts(const Start& start) {
  for (Host& host : make_hosts(start.scenario)) {
    if (host.address.is_v6() && !start.scenario.ipv6) continue;
    try {
      start_address(start, to_asio(host.address), std::move(host.responder));
    } catch (const std::system_error& error) {
      fail_to_serve(host.server, host.address, error);
    }
  }
}

// One resolver in the place of whoever is asked.
void start_interceptor(const Start& start) {
  start_address(start, asio::ip::address_v4::any(), make_interceptor(start.scenario));
  if (start.scenario.ipv6)
    start_address(start, asio::ip::address_v6::any(), make_interceptor(start.scenario));
}

void start_web(const Start& start) {
  for (const WebServer& server : start.scenario.web) {
    for (const dns::IpAddress& address : server.addresses) {
      if (address.is_v6() && !start.scenario.ipv6) continue;
      try {
        start_web_server(start.io, server, address, std::chrono::milliseconds(start.delay_ms),
                         start.log);
      } catch (const std::system_error& error) {
        fail_to_serve("port " + std::to_string(server.port), address, error);
      }
    }
  }
}

void wait_for_signal(asio::signal_set& signals, asio::io_context& io, const ServeHooks& hooks) {
  signals.async_wait([&](error_code error, int signal) {
    if (error || !hooks.on_signal(signal)) return io.stop();
    wait_for_signal(signals, io, hooks);
  });
}

}  // namespace

void serve(const Scenario& scenario, int delay_ms, const ServeHooks& hooks) {
  asio::io_context io(1);
  const Start start{io, scenario, delay_ms, hooks.log};
  scenario.intercepted ? start_interceptor(start) : start_hosts(start);
  start_web(start);
  asio::signal_set signals(io);
  for (const int signal : hooks.signals) signals.add(signal);
  wait_for_signal(signals, io, hooks);
  hooks.ready();
  io.run();
}

}  // namespace dcv::lab
