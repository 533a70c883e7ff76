#pragma once
// DNS messages in HTTP/2 requests over TLS (RFC 8484), a stream each.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/connection.h"

struct nghttp2_session;

namespace dcv::net {

class HttpsConnection final : public Connection {
 public:
  HttpsConnection(asio::io_context& io, const observe::Endpoint& endpoint, TlsContext* tls,
                  Events events);
  ~HttpsConnection() override;

 private:
  friend struct HttpsCallbacks;  // what nghttp2 calls
  struct Exchange;               // a request and what came of it
  struct FreeSession {
    void operator()(nghttp2_session* session) const;
  };

  void begin() override;
  void submit(Tag tag, const std::string& packet) override;
  void withdraw(Tag tag) override;
  void receive(std::string_view bytes) override;

  void on_stream_end(std::int32_t stream, const std::string& fault, bool again);
  void on_goaway(std::int32_t last_stream, std::uint32_t error_code);
  // Sends what nghttp2 has to send and tells what has ended, until there is neither.
  void work();
  bool flush();
  void settle(const Exchange& ended);

  std::unique_ptr<nghttp2_session, FreeSession> session_;
  std::map<std::int32_t, Exchange> streams_;  // under way
  std::vector<Exchange> ended_;               // to be told of outside of nghttp2's calls
  bool working_ = false;
};

}  // namespace dcv::net
