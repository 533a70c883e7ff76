// Listeners, the bounded number of connections, signals and timers.
#include "http_server.h"

#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <charconv>
#include <list>
#include <map>
#include <stdexcept>

#include "dns/ip.h"
#include "http_session.h"
#include "http_tls.h"

namespace dcv::probes {
namespace {

using ErrorCode = boost::system::error_code;

constexpr double kPause = 0.1;  // seconds, when no connection can be accepted

std::chrono::steady_clock::duration seconds(double count) {
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(
      std::chrono::duration<double>(count));
}

}  // namespace

Result<ListenAddress> parse_listen_address(const std::string& text) {
  const Error slip{
      "an address to listen on is ADDRESS:PORT, such as 127.0.0.1:9947 or [::1]:9947, "
      "not " +
      dns::quoted(text)};
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return slip;
  ListenAddress address{text.substr(0, colon)};
  const bool bracketed = address.host.starts_with('[') && address.host.ends_with(']');
  if (bracketed) address.host = address.host.substr(1, address.host.size() - 2);
  const Result<dns::IpAddress> ip = dns::IpAddress::parse(address.host);
  if (!ip || ip->is_v4() == bracketed) return slip;
  const std::string port = text.substr(colon + 1);
  const auto [end, code] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (code != std::errc() || end != port.data() + port.size() || address.port == 0) return slip;
  return address;
}

std::string text(const ListenAddress& address) {
  const bool is_v6 = address.host.find(':') != std::string::npos;
  return (is_v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

class HttpServer::Core : public std::enable_shared_from_this<Core> {
 public:
  explicit Core(Handler handler) : handler_(std::move(handler)) {}

  void listen(const ListenAddress& address) {
    try {
      const tcp::endpoint endpoint(asio::ip::make_address(address.host), address.port);
      tcp::acceptor& acceptor = acceptors_.emplace_back(io_);
      acceptor.open(endpoint.protocol());
      acceptor.set_option(tcp::acceptor::reuse_address(true));
      if (endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only(true));
      acceptor.bind(endpoint);
      acceptor.listen();
      acceptor.non_blocking(true);
      accept(acceptor);
    } catch (const boost::system::system_error& error) {
      throw std::runtime_error("could not listen on " + text(address) + ": " +
                               error.code().message());
    }
  }

  void use_tls(const std::optional<WebTlsSettings>& settings) {
    tls_ = settings ? make_tls_context(*settings) : nullptr;
  }

  void on_signals(const std::vector<int>& signals, std::function<void(int)> handler) {
    for (const int signal : signals) signals_.add(signal);
    signal_handler_ = std::move(handler);
    await_signal();
  }

  void later(double count, std::function<void()> function) {
    const auto timer = std::make_shared<asio::steady_timer>(io_, seconds(count));
    timer->async_wait([timer, function = std::move(function)](ErrorCode error) {
      if (!error) function();
    });
  }

  void stop_listening() {
    for (tcp::acceptor& acceptor : acceptors_) {
      ErrorCode ignored;
      acceptor.close(ignored);
    }
    for (const auto& [id, session] : sessions_)
      if (const auto open = session.lock()) open->finish();
  }

  asio::io_context& io() { return io_; }
  int connections() const { return connections_; }

 private:
  void accept(tcp::acceptor& acceptor) {
    acceptor.async_wait(tcp::acceptor::wait_read, [this, &acceptor](ErrorCode error) {
      if (!acceptor.is_open()) return;
      tcp::socket socket(io_);
      if (!error && make_room()) {
        acceptor.accept(socket, error);
        if (!error) begin(std::move(socket));
        if (!error || error == asio::error::would_block) return accept(acceptor);
      }
      later(kPause, [this, &acceptor] {
        if (acceptor.is_open()) accept(acceptor);
      });
    });
  }

  // For one more connection.
  bool make_room() {
    if (sessions_.size() < kConnections) return true;
    std::optional<std::pair<std::chrono::steady_clock::time_point, int>> idlest;
    for (const auto& [id, session] : sessions_)
      if (const auto open = session.lock())
        if (const auto since = open->idle_since())
          if (const auto found = std::pair(*since, id); !idlest || found < *idlest) idlest = found;
    if (!idlest) return false;
    const auto place = sessions_.find(idlest->second);
    if (const auto open = place->second.lock()) open->close();
    sessions_.erase(place);
    return true;
  }

  void begin(tcp::socket socket) {
    ++connections_;
    const int id = next_id_++;
    ErrorCode ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    const auto ended = [weak = weak_from_this(), id] {
      if (const auto core = weak.lock()) core->end(id);
    };
    const std::shared_ptr<HttpSession> session =
        make_session(std::move(socket), tls_, handler_, ended);
    sessions_[id] = session;
    session->start();
  }

  void end(int id) {
    sessions_.erase(id);
    --connections_;
  }

  void await_signal() {
    signals_.async_wait([this](ErrorCode error, int signal) {
      if (error) return;
      signal_handler_(signal);
      await_signal();
    });
  }

  asio::io_context io_{1};
  asio::signal_set signals_{io_};
  std::function<void(int)> signal_handler_;
  Handler handler_;
  std::shared_ptr<asio::ssl::context> tls_;  // null: plain TCP
  std::list<tcp::acceptor> acceptors_;
  std::map<int, std::weak_ptr<HttpSession>> sessions_;  // without those that had to make room
  int connections_ = 0, next_id_ = 0;
};

HttpServer::HttpServer(Handler handler) : core_(std::make_shared<Core>(std::move(handler))) {}
HttpServer::~HttpServer() = default;

void HttpServer::listen(const ListenAddress& address) {
  core_->listen(address);
}

void HttpServer::use_tls(const std::optional<WebTlsSettings>& settings) {
  core_->use_tls(settings);
}

void HttpServer::on_signals(const std::vector<int>& signals, std::function<void(int)> handler) {
  core_->on_signals(signals, std::move(handler));
}

void HttpServer::run() {
  core_->io().run();
}

void HttpServer::post(std::function<void()> function) {
  asio::post(core_->io(), std::move(function));
}

void HttpServer::later(double count, std::function<void()> function) {
  core_->later(count, std::move(function));
}

void HttpServer::stop_listening() {
  core_->stop_listening();
}

void HttpServer::stop() {
  core_->io().stop();
}

int HttpServer::connections() const {
  return core_->connections();
}

}  // namespace dcv::probes
