#pragma once
// One connection of the HTTP server; private to http*.cpp.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "http_server.h"

namespace dcv::probes {

namespace asio = boost::asio;
using asio::ip::tcp;

class HttpSession {
 public:
  virtual ~HttpSession() = default;
  virtual void start() = 0;
  // Closes the connection unless a request is being answered; then after its reply.
  virtual void finish() = 0;
  virtual void close() = 0;
  // Since when it has been the client's turn to send or to take something; nothing while its
  // request is being answered.
  virtual std::optional<std::chrono::steady_clock::time_point> idle_since() const = 0;
};

// Calls `ended` once, when the connection is over. With a context over TLS.
std::shared_ptr<HttpSession> make_session(tcp::socket socket,
                                          std::shared_ptr<asio::ssl::context> context,
                                          const Handler& handler, std::function<void()> ended);

}  // namespace dcv::probes
