// The steps of a TCP connection, each started by the one before it.

#include "net/tcp.h"

namespace dcv::net {

TcpConnection::TcpConnection(asio::io_context& io, OnMessage on_message, OnEnd on_end)
    : socket_(io), on_message_(std::move(on_message)), on_end_(std::move(on_end)) {}

void TcpConnection::ask(const dns::IpAddress& address, std::uint16_t port, std::string_view query) {
  query_ = {static_cast<char>(query.size() >> 8), static_cast<char>(query.size() & 0xff)};
  query_ += query;
  const asio::ip::tcp::endpoint server(to_asio(address), port);
  socket_.async_connect(server, [self = shared_from_this()](const ErrorCode& error) {
    if (!self->goes_on(error)) return;
    self->connected_ = true;
    self->send();
  });
}

void TcpConnection::close() {
  closed_ = true;
  ErrorCode ignored;  // nothing can be done about a close that fails
  socket_.close(ignored);
}

void TcpConnection::send() {
  asio::async_write(socket_, asio::buffer(query_),
                    [self = shared_from_this()](const ErrorCode& error, std::size_t) {
                      if (self->goes_on(error)) self->read_length();
                    });
}

void TcpConnection::read_length() {
  asio::async_read(socket_, asio::buffer(length_),
                   [self = shared_from_this()](const ErrorCode& error, std::size_t) {
                     if (self->goes_on(error)) self->read_message();
                   });
}

void TcpConnection::read_message() {
  message_.resize(static_cast<std::size_t>(length_[0] << 8 | length_[1]));
  asio::async_read(socket_, asio::buffer(message_),
                   [self = shared_from_this()](const ErrorCode& error, std::size_t) {
                     if (!self->goes_on(error)) return;
                     self->on_message_(self->message_);
                     if (!self->closed_) self->read_length();
                   });
}

bool TcpConnection::goes_on(const ErrorCode& error) {
  if (closed_) return false;
  if (!error) return true;
  close();
  on_end_(error, connected_);
  return false;
}

}  // namespace dcv::net
