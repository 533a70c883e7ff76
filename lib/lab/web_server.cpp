// The sockets of the lab's web servers; see web_server.h.

#include "lab/web_server.h"

#include <array>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <memory>

#include "lab/web_tls.h"

namespace dcv::lab {
namespace {

namespace beast = boost::beast;
using TlsStream = asio::ssl::stream<tcp::socket>;

constexpr std::chrono::milliseconds kBetweenDrops(200);  // of a reply that trickles
constexpr std::size_t kPiece = 16384;                    // bytes of a reply without end
const std::string kGarbage = "\x15\x03zzz\r\n\r\n\xff\xfe no HTTP\r\n";

// What nginx says to those who speak plain HTTP to a TLS server.
const std::string kPlainRequest =
    "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/html\r\n\r\n"
    "<center>The plain HTTP request was sent to HTTPS port</center>\r\n";

// What the connections of one address share.
struct Site {
  asio::io_context& io;
  WebServer server;
  std::string address;
  std::chrono::milliseconds delay;
  Log log;
  std::shared_ptr<WebIdentity> identity = {};  // none: no TLS

  void write_log(const std::string& line) const {
    if (log) log(line);
  }
};

std::string or_dash(std::string_view text) {
  return text.empty() ? "-" : std::string(text);
}

tcp::socket& socket_of(tcp::socket& stream) {
  return stream;
}
tcp::socket& socket_of(TlsStream& stream) {
  return stream.next_layer();
}

// One connection: one request, one reply, the end. Stream is a TCP socket or TLS over one.
template <typename Stream>
class WebSession : public std::enable_shared_from_this<WebSession<Stream>> {
 public:
  WebSession(std::shared_ptr<Site> site, Stream stream)
      : site_(std::move(site)), stream_(std::move(stream)) {}

  void start() {
    if (site_->server.fault != WebFault::none) return perform(site_->server.fault);
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      stream_.async_handshake(TlsStream::server, [self = self()](error_code error) {
        self->log_handshake(error);
        if (!error) return self->read();
        const auto code = static_cast<unsigned long>(error.value());
        if (ERR_GET_REASON(code) == SSL_R_HTTP_REQUEST) self->write_below_tls(kPlainRequest);
      });
    } else {
      read();
    }
  }

 private:
  using Request = beast::http::request<beast::http::empty_body>;

  std::shared_ptr<WebSession> self() { return this->shared_from_this(); }

  void log_handshake(error_code error) {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      SSL* const tls = stream_.native_handle();
      const char* const name = SSL_get_servername(tls, TLSEXT_NAMETYPE_host_name);
      const unsigned char* protocol = nullptr;
      unsigned size = 0;
      SSL_get0_alpn_selected(tls, &protocol, &size);
      site_->write_log(
          "tls " + site_->address + " " + or_dash(name == nullptr ? "" : name) + " " +
          (error ? "failed" : or_dash({reinterpret_cast<const char*>(protocol), size})));
    }
  }

  void read() {
    namespace http = beast::http;
    http::async_read(stream_, buffer_, request_, [self = self()](error_code error, std::size_t) {
      if (!error) return self->answer();
      const error_code end = http::error::end_of_stream;
      if (error.category() == end.category() && error != end) self->refuse();
    });
  }

  // What is no HTTP, such as a TLS handshake, gets what most servers say then.
  void refuse() {
    reply_ = {400, {}, "Bad Request\n", WebFault::none};
    site_->write_log("http " + site_->address + " - - 400");
    write(reply_head(reply_) + reply_.body);
  }

  void answer() {
    const std::string host(request_[beast::http::field::host]);
    const std::string path(request_.target());
    reply_ = reply_for(site_->server, host, path);
    site_->write_log("http " + site_->address + " " + or_dash(host) + " " + path + " " +
                     std::to_string(reply_.status));
    later(site_->io, site_->delay, [self = self()] { self->perform(self->reply_.fault); });
  }

  void perform(WebFault fault) {
    switch (fault) {
      case WebFault::none:
      case WebFault::cut:
        return write(reply_head(reply_) + reply_.body);
      case WebFault::garbage:
        return write_below_tls(kGarbage);
      case WebFault::trickle:
        return write_on(reply_head(reply_) + reply_.body, ".", kBetweenDrops);
      case WebFault::endless:
        return write_on(reply_head(reply_), std::string(kPiece, '.'), {});
      case WebFault::endless_head:
        return write_on("HTTP/1.1 200 OK\r\n", "X-More: " + std::string(1000, '.') + "\r\n", {});
      case WebFault::reset:
        socket_of(stream_).set_option(asio::socket_base::linger(true, 0), ignored_);
        socket_of(stream_).close(ignored_);
        return;
      case WebFault::stall:
        return wait_for_end();
      case WebFault::drop:
      case WebFault::close:
        return;
    }
  }

  void write(std::string bytes) {
    bytes_ = std::move(bytes);
    asio::async_write(stream_, asio::buffer(bytes_),
                      [self = self()](error_code error, std::size_t) {
                        if (!error) self->hang_up();
                      });
  }

  void write_below_tls(const std::string& constant) {
    asio::async_write(socket_of(stream_), asio::buffer(constant),
                      [self = self()](error_code error, std::size_t) {
                        if (!error) self->end_of_sending();
                      });
  }

  // Writes `first`, then `piece` again and again until the client is gone.
  void write_on(std::string first, std::string piece, std::chrono::milliseconds pause) {
    bytes_ = std::move(first);
    asio::async_write(
        stream_, asio::buffer(bytes_),
        [self = self(), piece = std::move(piece), pause](error_code error, std::size_t) {
          if (error) return;
          later(self->site_->io, pause,
                [self, piece, pause] { self->write_on(piece, piece, pause); });
        });
  }

  void hang_up() {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      stream_.async_shutdown([self = self()](error_code) { self->end_of_sending(); });
    } else {
      end_of_sending();
    }
  }

  // Ends our side and waits for the client's: an end at once could be a reset.
  void end_of_sending() {
    socket_of(stream_).shutdown(tcp::socket::shutdown_send, ignored_);
    wait_for_end();
  }

  void wait_for_end() {
    socket_of(stream_).async_read_some(asio::buffer(rest_),
                                       [self = self()](error_code error, std::size_t) {
                                         if (!error) self->wait_for_end();
                                       });
  }

  std::shared_ptr<Site> site_;
  Stream stream_;
  beast::flat_buffer buffer_;
  Request request_;
  WebReply reply_;
  std::string bytes_;
  std::array<char, 4096> rest_{};
  error_code ignored_;
};

class WebSide : public std::enable_shared_from_this<WebSide> {
 public:
  WebSide(std::shared_ptr<Site> site, const tcp::endpoint& endpoint)
      : site_(std::move(site)), acceptor_(site_->io) {
    open(acceptor_, endpoint);
    if (site_->server.fault == WebFault::drop) make_black_hole(acceptor_.native_handle());
    acceptor_.listen();
  }

  void accept() {
    acceptor_.async_accept([self = shared_from_this()](error_code error, tcp::socket socket) {
      if (!error) self->begin(std::move(socket));
      self->accept();
    });
  }

 private:
  void begin(tcp::socket socket) {
    if (site_->identity) {
      TlsStream stream(std::move(socket), site_->identity->context());
      std::make_shared<WebSession<TlsStream>>(site_, std::move(stream))->start();
    } else {
      std::make_shared<WebSession<tcp::socket>>(site_, std::move(socket))->start();
    }
  }

  std::shared_ptr<Site> site_;
  tcp::acceptor acceptor_;
};

}  // namespace

void start_web_server(asio::io_context& io, const WebServer& server, const dns::IpAddress& address,
                      std::chrono::milliseconds delay, const Log& log) {
  const auto site =
      std::make_shared<Site>(Site{io, server, address.text() + " " + std::to_string(server.port),
                                  delay + std::chrono::milliseconds(server.delay_ms), log});
  if (server.tls) site->identity = std::make_shared<WebIdentity>(*server.tls);
  std::make_shared<WebSide>(site, tcp::endpoint(to_asio(address), server.port))->accept();
}

}  // namespace dcv::lab
