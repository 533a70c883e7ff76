// The steps of a connection: connect, shake hands, then read and write at once.

#include "net/byte_stream.h"

#include "net/tls_context.h"

namespace dcv::net {

using observe::Outcome;

ByteStream::ByteStream(asio::io_context& io, const observe::Endpoint& endpoint, TlsContext* tls,
                       Events events)
    : endpoint_(endpoint), tls_context_(tls), events_(std::move(events)), socket_(io) {}

void ByteStream::open() {
  const asio::ip::tcp::endpoint server(to_asio(endpoint_.address), endpoint_.port);
  socket_.async_connect(server, [this, self = shared_from_this()](const ErrorCode& error) {
    if (phase_ == Phase::ended) return;
    if (error) {
      return end({connect_outcome(error),
                  "could not connect to " + place(endpoint_) + ": " + error.message()});
    }
    connected_ = true;
    ErrorCode ignored;  // slower without, not worse
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    if (tls_context_) {
      shake_hands();
    } else {
      become_open();
    }
  });
}

void ByteStream::shake_hands() {
  phase_ = Phase::handshaking;
  tls_.emplace(socket_, tls_context_->native());
  if (!tls_context_->prepare(*tls_->native_handle(), endpoint_)) {
    return end({Outcome::tls_failed, "no certificate can be for the name of " + place(endpoint_)});
  }
  tls_->set_verify_callback([this](bool trusted, asio::ssl::verify_context& context) {
    if (!trusted) certificate_fault_ = certificate_fault(*context.native_handle(), endpoint_);
    return trusted;
  });
  tls_->async_handshake(
      asio::ssl::stream_base::client, [this, self = shared_from_this()](const ErrorCode& error) {
        if (phase_ == Phase::ended) return;
        if (error) {
          const std::string& fault = certificate_fault_;
          Failure failure{Outcome::tls_failed, fault};
          if (fault.empty())
            failure.detail = handshake_fault(error, endpoint_, tls_context_->offered(endpoint_));
          failure.alert = handshake_alert(error);
          return end(failure);
        }
        if (endpoint_.transport == observe::Transport::https &&
            agreed_protocol(*tls_->native_handle()) != "h2") {
          return end({Outcome::http_failed,
                      place(endpoint_) + " does not offer HTTP/2 (ALPN h2), by which it is asked"});
        }
        become_open();
      });
}

void ByteStream::become_open() {
  phase_ = Phase::open;
  events_.on_open();
  if (phase_ == Phase::open) read();
}

template <typename Operation>
void ByteStream::with_stream(Operation operation) {
  if (tls_) {
    operation(*tls_);
  } else {
    operation(socket_);
  }
}

void ByteStream::read() {
  const auto on_read = [this, self = shared_from_this()](const ErrorCode& error,
                                                         std::size_t count) {
    if (phase_ == Phase::ended) return;
    if (error) return end_open(error);
    events_.on_bytes({incoming_.data(), count});
    if (phase_ == Phase::open) read();
  };
  with_stream([&](auto& stream) { stream.async_read_some(asio::buffer(incoming_), on_read); });
}

void ByteStream::send(std::string_view bytes) {
  if (phase_ != Phase::open) return;
  waiting_ += bytes;
  if (outgoing_.empty() && !waiting_.empty()) write();
}

void ByteStream::write() {
  outgoing_.swap(waiting_);
  const auto on_written = [this, self = shared_from_this()](const ErrorCode& error, std::size_t) {
    if (phase_ == Phase::ended) return;
    outgoing_.clear();
    // Why it failed, and what was sent before that, reading tells.
    if (!error && !waiting_.empty()) write();
  };
  with_stream(
      [&](auto& stream) { asio::async_write(stream, asio::buffer(outgoing_), on_written); });
}

void ByteStream::close() {
  if (phase_ == Phase::open && tls_) {
    tls_context_->remember(*tls_->native_handle(), endpoint_);
    // A polite goodbye goes out with this call; nobody waits for the other side's.
    tls_->async_shutdown([self = shared_from_this()](const ErrorCode&) {});
  }
  phase_ = Phase::ended;
  ErrorCode ignored;  // nothing can be done about a close that fails
  socket_.close(ignored);
}

void ByteStream::end(const Failure& failure) {
  close();
  events_.on_end(failure);
}

void ByteStream::end_open(const ErrorCode& error) {
  std::string detail = place(endpoint_) + " closed the connection before the reply was complete";
  const bool plain_end = error == asio::error::eof || error == asio::ssl::error::stream_truncated;
  if (!plain_end) detail += " (" + error.message() + ")";
  end({Outcome::closed, detail, plain_end});
}

}  // namespace dcv::net
