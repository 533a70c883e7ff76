#pragma once
// One question over the channel that it shares with others: TCP, TLS or HTTPS.

#include <optional>
#include <string>
#include <string_view>

#include "net/channel.h"
#include "net/course.h"

namespace dcv::net {

class ChannelCourse final : public Course {
 public:
  ChannelCourse(Run& run, const Query& query, Done done);

 private:
  void begin() override;
  void on_deadline() override;
  void send_again(observe::Transport transport) override;
  void close_all() override;

  void on_sent();
  bool on_message(bool edns, std::uint16_t id, std::string_view bytes);

  Channel& channel_;
  std::optional<Channel::Ticket> ticket_;  // while the question is outstanding
  bool sent_ = false;
};

}  // namespace dcv::net
