#pragma once
// One question over one TCP connection (RFC 7766): connect, send the framed query, read framed
// messages until closed. Knows nothing of DNS beyond the two length bytes.

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "net/asio.h"

namespace dcv::net {

class TcpConnection : public std::enable_shared_from_this<TcpConnection> {
 public:
  using OnMessage = std::function<void(std::string_view bytes)>;
  using OnEnd = std::function<void(const ErrorCode& error, bool connected)>;

  // The callbacks come from the event loop, never after close() and never from inside ask().
  // They may call close(). on_end comes at most once, and nothing after it.
  TcpConnection(asio::io_context& io, OnMessage on_message, OnEnd on_end);

  // Held by a shared_ptr; once.
  void ask(const dns::IpAddress& address, std::uint16_t port, std::string_view query);
  void close();

 private:
  void send();
  void read_length();
  void read_message();
  // True when the connection goes on; else tells on_end, unless it was closed by us.
  bool goes_on(const ErrorCode& error);

  asio::ip::tcp::socket socket_;
  OnMessage on_message_;
  OnEnd on_end_;
  bool connected_ = false;
  bool closed_ = false;
  std::string query_;  // with its length bytes
  std::array<unsigned char, 2> length_{};
  std::string message_;
};

}  // namespace dcv::net
