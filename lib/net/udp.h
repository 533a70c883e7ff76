#pragma once
// One UDP attempt: a socket of its own, connected (the kernel picks a random port and drops what
// other addresses send), one query sent, listening until closed. Knows nothing of DNS.

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "net/asio.h"

namespace dcv::net {

class UdpAttempt : public std::enable_shared_from_this<UdpAttempt> {
 public:
  using OnDatagram = std::function<void(std::string_view bytes)>;
  using OnError = std::function<void(const ErrorCode& error)>;

  // The callbacks come from the event loop, never after close() and never from inside send().
  // They may call close(). An error ends the listening.
  UdpAttempt(asio::io_context& io, OnDatagram on_datagram, OnError on_error);

  // Connects and sends; the error is this machine's own (no route, no socket left). Held by a
  // shared_ptr.
  ErrorCode send(const dns::IpAddress& address, std::uint16_t port, std::string_view packet);
  void close();

 private:
  void listen();
  void receive();

  asio::ip::udp::socket socket_;
  OnDatagram on_datagram_;
  OnError on_error_;
};

}  // namespace dcv::net
