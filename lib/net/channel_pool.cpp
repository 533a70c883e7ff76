// Channels come when they are first asked for.

#include "net/channel_pool.h"

#include <algorithm>

namespace dcv::net {

Channel& ChannelPool::to(const observe::Endpoint& endpoint) {
  const auto found = std::find_if(channels_.begin(), channels_.end(), [&](const auto& channel) {
    return channel->endpoint() == endpoint;
  });
  if (found != channels_.end()) return **found;
  const bool plain = endpoint.transport == observe::Transport::tcp;
  if (!plain && !tls_) tls_.emplace();
  return *channels_.emplace_back(
      std::make_unique<Channel>(io_, endpoint, plain ? nullptr : &*tls_));
}

void ChannelPool::close() {
  for (const auto& channel : channels_) channel->close();
}

}  // namespace dcv::net
