// Waits for readability and reads then, so that an idle attempt needs no buffer.

#include "net/udp.h"

#include <array>

namespace dcv::net {

UdpAttempt::UdpAttempt(asio::io_context& io, OnDatagram on_datagram, OnError on_error)
    : socket_(io), on_datagram_(std::move(on_datagram)), on_error_(std::move(on_error)) {}

ErrorCode UdpAttempt::send(const dns::IpAddress& address, std::uint16_t port,
                           std::string_view packet) {
  const asio::ip::udp::endpoint server(to_asio(address), port);
  ErrorCode error;
  socket_.open(server.protocol(), error);
  if (!error) socket_.non_blocking(true, error);
  if (!error) socket_.connect(server, error);
  if (!error) socket_.send(asio::buffer(packet), 0, error);
  if (error) {
    close();
  } else {
    listen();
  }
  return error;
}

void UdpAttempt::close() {
  ErrorCode ignored;  // nothing can be done about a close that fails
  socket_.close(ignored);
}

void UdpAttempt::listen() {
  socket_.async_wait(asio::ip::udp::socket::wait_read,
                     [self = shared_from_this()](const ErrorCode& error) {
                       if (!error && self->socket_.is_open()) self->receive();
                     });
}

void UdpAttempt::receive() {
  std::array<char, 65535> buffer;
  while (socket_.is_open()) {
    ErrorCode error;
    const std::size_t size = socket_.receive(asio::buffer(buffer), 0, error);
    if (error == asio::error::would_block) return listen();
    if (error) {
      close();
      on_error_(error);
      return;
    }
    on_datagram_(std::string_view(buffer.data(), size));
  }
}

}  // namespace dcv::net
