#pragma once
// The private door to Boost.Asio for the .cpp files of the lab: sockets at addresses that no
// interface has.

#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>

#include "dns/ip.h"

namespace dcv::lab {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;
using boost::system::error_code;

asio::ip::address to_asio(const dns::IpAddress& address);

void set_option(int socket, int level, int option, const void* value, unsigned size,
                const char* what);

// Opened and bound, IPv4 and IPv6 apart; the address need not be on an interface.
void open(tcp::acceptor& socket, const tcp::endpoint& endpoint);
void open(udp::socket& socket, const udp::endpoint& endpoint);

// The kernel throws away whatever arrives: not even a TCP handshake gets an answer.
void make_black_hole(int socket);

// Calls `then` after the delay; at once when there is none.
template <typename Then>
void later(asio::io_context& io, std::chrono::milliseconds delay, Then then) {
  if (delay.count() == 0) return then();
  auto timer = std::make_shared<asio::steady_timer>(io, delay);
  timer->async_wait([timer, then](error_code) mutable { then(); });
}

}  // namespace dcv::lab
