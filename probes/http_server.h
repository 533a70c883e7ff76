#pragma once
// HTTP/1.1 for few clients on one thread: listening, limits, deadlines, and who went away. What is
// answered is the handler's business.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http_message.h"
#include "web_config.h"

namespace dcv::probes {

// Connections at once. For one more the server closes that whose client has been silent longest;
// when all are being answered, it waits unaccepted.
inline constexpr std::size_t kConnections = 256;
// Seconds for a request to arrive whole, the first from the connection on, and for its reply to be
// taken.
inline constexpr int kRequestSeconds = 10;
// Seconds until the next request on a connection begins: longer than the usual interval of scrapes.
inline constexpr int kNextRequestSeconds = 90;

struct ListenAddress {
  std::string host;  // an IP address
  std::uint16_t port = 0;
};

// "127.0.0.1:9947", "[::1]:9947"; an error is one sentence.
Result<ListenAddress> parse_listen_address(const std::string& text);
// As it stands in a URL.
std::string text(const ListenAddress& address);

using Reply = std::function<void(HttpReply)>;
// Answers by calling the reply once, at once or later from the same thread. What it returns is
// called, if not empty, when the client goes before that.
using Handler = std::function<std::function<void()>(const HttpRequest&, Reply)>;

class HttpServer {
 public:
  explicit HttpServer(Handler handler);
  ~HttpServer();

  // Throws std::runtime_error that says what is wrong with the address.
  void listen(const ListenAddress& address);
  // New connections speak TLS from now on, or do not. Throws std::runtime_error that names the file
  // that cannot be used; all stays as it was then.
  void use_tls(const std::optional<WebTlsSettings>& settings);
  // Called from run() for each of these signals. Before run().
  void on_signals(const std::vector<int>& signals, std::function<void(int)> handler);
  // Serves until stop().
  void run();
  // Runs a function on the thread of run(); from any thread.
  void post(std::function<void()> function);
  // The same after some seconds.
  void later(double seconds, std::function<void()> function);
  // Takes no new connection and closes those that wait for a request.
  void stop_listening();
  // Ends run().
  void stop();
  int connections() const;

  class Core;

 private:
  std::shared_ptr<Core> core_;
};

}  // namespace dcv::probes
