#pragma once
// The channels of a run, one an endpoint.

#include <memory>
#include <optional>
#include <vector>

#include "net/channel.h"
#include "net/tls_context.h"

namespace dcv::net {

class ChannelPool {
 public:
  explicit ChannelPool(asio::io_context& io) : io_(io) {}

  // For TCP, TLS and HTTPS.
  Channel& to(const observe::Endpoint& endpoint);
  // Ends all connections; no question may be outstanding. TLS sessions are kept.
  void close();

 private:
  asio::io_context& io_;
  std::optional<TlsContext> tls_;  // once it is needed
  std::vector<std::unique_ptr<Channel>> channels_;
};

}  // namespace dcv::net
