#pragma once
// A connection as a pipe of bytes, over TCP or over TLS. Knows nothing of what the bytes mean.

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/asio_tls.h"
#include "net/failure.h"

namespace dcv::net {

class TlsContext;

class ByteStream : public std::enable_shared_from_this<ByteStream> {
 public:
  enum class Phase { connecting, handshaking, open, ended };
  // They come from the event loop, never after close() and never from inside a call, and may call
  // close(). `on_end` comes at most once, and nothing after it.
  struct Events {
    std::function<void()> on_open;
    std::function<void(std::string_view bytes)> on_bytes;
    std::function<void(const Failure&)> on_end;
  };

  // TLS when there is a context, which outlives the stream.
  ByteStream(asio::io_context& io, const observe::Endpoint& endpoint, TlsContext* tls,
             Events events);

  // Held by a shared_ptr; once.
  void open();
  // In the order of the calls; nothing before it is open and after its end.
  void send(std::string_view bytes);
  void close();
  std::size_t unsent() const { return outgoing_.size() + waiting_.size(); }
  Phase phase() const { return phase_; }
  bool connected() const { return connected_; }  // the TCP connection stood, whatever came then
  // Once open; none without TLS.
  SSL* tls() { return tls_ ? tls_->native_handle() : nullptr; }

 private:
  void shake_hands();
  void become_open();
  void read();
  void write();
  // Calls `operation` with TLS or with the bare socket.
  template <typename Operation>
  void with_stream(Operation operation);
  void end(const Failure& failure);
  void end_open(const ErrorCode& error);

  const observe::Endpoint endpoint_;
  TlsContext* const tls_context_;
  Events events_;
  Phase phase_ = Phase::connecting;
  bool connected_ = false;
  asio::ip::tcp::socket socket_;
  std::string certificate_fault_;
  std::optional<asio::ssl::stream<asio::ip::tcp::socket&>> tls_;
  std::array<char, 16384> incoming_{};  // a TLS record
  std::string outgoing_, waiting_;      // being written; to be written next
};

}  // namespace dcv::net
