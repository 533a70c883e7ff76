// Reads requests, writes replies, and watches for the end of the client meanwhile.
#include "http_session.h"

#include <array>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <optional>

namespace dcv::probes {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using ErrorCode = boost::system::error_code;
using TlsStream = asio::ssl::stream<tcp::socket>;

constexpr int kFarewellSeconds = 2;  // for a client to take the last bytes

tcp::socket& socket_of(tcp::socket& stream) {
  return stream;
}
tcp::socket& socket_of(TlsStream& stream) {
  return stream.next_layer();
}

// Stream is a TCP socket or TLS over one. All on one thread.
template <typename Stream>
class Session : public HttpSession, public std::enable_shared_from_this<Session<Stream>> {
 public:
  Session(Stream stream, const Handler& handler, std::function<void()> ended)
      : stream_(std::move(stream)),
        deadline_(stream_.get_executor()),
        handler_(handler),
        ended_(std::move(ended)) {}
  ~Session() override { ended_(); }

  void start() override {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      set_deadline(kRequestSeconds);
      stream_.async_handshake(TlsStream::server, [self = self()](ErrorCode error) {
        self->deadline_.cancel();
        if (error || !self->keep_alive_) return self->close();
        self->read();
      });
    } else {
      read();
    }
  }

  void finish() override {
    keep_alive_ = false;
    if (state_ == State::waiting || state_ == State::reading) close();
  }

  void close() override {
    ErrorCode ignored;
    deadline_.cancel();
    socket_of(stream_).shutdown(tcp::socket::shutdown_both, ignored);
    socket_of(stream_).close(ignored);
  }

  std::optional<std::chrono::steady_clock::time_point> idle_since() const override {
    return state_ == State::answering ? std::nullopt : std::optional(idle_since_);
  }

 private:
  enum class State {
    waiting,  // for the next request to begin
    reading,
    answering,
    writing
  };

  std::shared_ptr<Session> self() { return this->shared_from_this(); }

  // For the client to do its part; whatever is under way then ends with an error.
  void set_deadline(int seconds) {
    idle_since_ = std::chrono::steady_clock::now();
    deadline_.expires_after(std::chrono::seconds(seconds));
    deadline_.async_wait([weak = this->weak_from_this()](ErrorCode error) {
      if (const auto session = weak.lock(); session && !error) session->close();
    });
  }

  void read() {
    state_ = State::reading;
    set_deadline(kRequestSeconds);
    parser_.emplace();
    parser_->header_limit(kHeaderBytes);
    parser_->body_limit(kBodyBytes);
    http::async_read(stream_, buffer_, *parser_, [self = self()](ErrorCode error, std::size_t) {
      self->deadline_.cancel();
      if (!error) return self->answer();
      self->refuse(error);
    });
  }

  void refuse(ErrorCode error) {
    keep_alive_ = false;
    if (error == http::error::header_limit)
      return write({431, "the request has too long a header\n"});
    if (error == http::error::body_limit) return write({413, "the request's body is too long\n"});
    const ErrorCode end = http::error::end_of_stream;
    if (error.category() == end.category() && error != end && error != http::error::partial_message)
      return write({400, "this is no HTTP request\n"});
    close();
  }

  void answer() {
    const auto& message = parser_->get();
    keep_alive_ = keep_alive_ && message.keep_alive();
    is_head_ = message.method() == http::verb::head;
    if (message.target().size() > kTargetBytes) return write({414, "the URL is too long\n"});
    Result<HttpRequest> read = request_of(message.method_string(), message.target());
    if (!read) return write({400, read.error() + "\n"});
    HttpRequest request = std::move(read).value();
    if (is_head_) request.method = "GET";
    request.accept = message[http::field::accept];
    request.authorization = message[http::field::authorization];
    request.scrape_timeout = message["X-Prometheus-Scrape-Timeout-Seconds"];
    state_ = State::answering;
    watch();
    const auto reply = [self = self()](HttpReply made) { self->write(std::move(made)); };
    abandon_ = handler_(request, reply);
  }

  // Reads on while the reply is made and after it: the end of the client's side, or the beginning
  // of its next request. What was read goes into the buffer, from which read() takes it.
  void watch() {
    if (watching_ || buffer_.size() > 0) return;
    watching_ = true;
    stream_.async_read_some(buffer_.prepare(512),
                            [self = self()](ErrorCode error, std::size_t size) {
                              self->watching_ = false;
                              self->buffer_.commit(size);
                              if (error) return self->client_is_gone();
                              if (self->state_ == State::waiting) self->read();
                            });
  }

  void client_is_gone() {
    if (const auto abandon = std::exchange(abandon_, nullptr)) abandon();
    close();
  }

  void write(HttpReply reply) {
    abandon_ = nullptr;
    state_ = State::writing;
    keep_alive_ = keep_alive_ && !reply.is_last;
    response_ = {};
    response_.result(static_cast<unsigned>(reply.status));
    response_.set(http::field::server, "dcv-exporter/" DCV_VERSION);
    response_.set(http::field::content_type, reply.content_type);
    response_.set(http::field::cache_control, "no-store");
    for (const auto& [name, value] : reply.fields) response_.set(name, value);
    response_.keep_alive(keep_alive_);
    const std::size_t size = reply.body.size();
    if (!is_head_) response_.body() = std::move(reply.body);
    response_.content_length(size);
    set_deadline(kRequestSeconds);
    http::async_write(stream_, response_, [self = self()](ErrorCode error, std::size_t) {
      self->deadline_.cancel();
      if (error) return self->close();
      if (!self->keep_alive_) return self->say_farewell();
      self->next();
    });
  }

  // What the client still sends would turn an end at once into a reset, which takes the reply away.
  void say_farewell() {
    set_deadline(kFarewellSeconds);
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      if (!watching_)
        return stream_.async_shutdown([self = self()](ErrorCode) { self->end_of_sending(); });
    }
    end_of_sending();
  }

  void end_of_sending() {
    ErrorCode ignored;
    socket_of(stream_).shutdown(tcp::socket::shutdown_send, ignored);
    wait_for_end();
  }

  void wait_for_end() {
    socket_of(stream_).async_read_some(asio::buffer(rest_),
                                       [self = self()](ErrorCode error, std::size_t) {
                                         if (error) return self->close();
                                         self->wait_for_end();
                                       });
  }

  void next() {
    if (buffer_.size() > 0) return read();
    state_ = State::waiting;
    set_deadline(kNextRequestSeconds);
    watch();
  }

  Stream stream_;
  asio::steady_timer deadline_;
  const Handler& handler_;
  std::function<void()> ended_;
  beast::flat_buffer buffer_{kHeaderBytes + kBodyBytes + 1024};
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
  std::function<void()> abandon_;
  State state_ = State::reading;
  bool keep_alive_ = true, is_head_ = false;
  bool watching_ = false;
  std::chrono::steady_clock::time_point idle_since_;
  std::array<char, 4096> rest_{};
};

// Keeps the context as long as the session.
class TlsSession : public Session<TlsStream> {
 public:
  TlsSession(tcp::socket socket, std::shared_ptr<asio::ssl::context> context,
             const Handler& handler, std::function<void()> ended)
      : Session(TlsStream(std::move(socket), *context), handler, std::move(ended)),
        context_(std::move(context)) {}

 private:
  std::shared_ptr<asio::ssl::context> context_;
};

}  // namespace

std::shared_ptr<HttpSession> make_session(tcp::socket socket,
                                          std::shared_ptr<asio::ssl::context> context,
                                          const Handler& handler, std::function<void()> ended) {
  if (context)
    return std::make_shared<TlsSession>(std::move(socket), std::move(context), handler,
                                        std::move(ended));
  return std::make_shared<Session<tcp::socket>>(std::move(socket), handler, std::move(ended));
}

}  // namespace dcv::probes
