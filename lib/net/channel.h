#pragma once
// The way to one endpoint that all questions for it share: opens a connection when one is needed,
// and another one when that has ended before all were answered.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/connection.h"

namespace dcv::net {

class Channel {
 public:
  using Ticket = Connection::Tag;
  struct Question {
    std::string packet;             // with any id
    std::function<void()> on_sent;  // each time it goes out
    // True when the question is over: `bytes` are its reply. `id` is the one that it was sent with.
    std::function<bool(std::uint16_t id, std::string_view bytes)> on_message;
    std::function<void(const Failure&)> on_failure;  // the question is over
  };

  // `tls` for TLS and HTTPS; it outlives the channel.
  Channel(asio::io_context& io, const observe::Endpoint& endpoint, TlsContext* tls);
  ~Channel() { close(); }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  const observe::Endpoint& endpoint() const { return endpoint_; }
  // The question's functions may be called from inside.
  Ticket ask(Question question);
  // Its reply did not come in time. A connection that has said nothing since it was sent gets no
  // more questions.
  void give_up(Ticket ticket);
  // How far the connection of an outstanding question is.
  ByteStream::Phase phase(Ticket ticket) const;
  // Ends all connections; no question may be outstanding.
  void close();

 private:
  struct Line {
    std::unique_ptr<Connection> connection;
    int heard = 0;     // messages
    int answered = 0;  // questions
  };
  struct Asked {
    Question question;
    Line* line = nullptr;
    int sends = 0;
    int heard_before = 0;  // on that line
  };

  Line& open_line();
  void send(Ticket ticket);
  void on_message(Line& line, Ticket ticket, std::uint16_t id, std::string_view bytes);
  void on_failure(const Line& line, Ticket ticket, const Failure& failure, bool again);
  void drop(const Line& line);
  void drop_if_done(const Line& line);

  asio::io_context& io_;
  const observe::Endpoint endpoint_;
  TlsContext* const tls_;
  std::vector<std::unique_ptr<Line>> lines_;  // the newest one last
  std::map<Ticket, Asked> asked_;
  Ticket next_ticket_ = 0;
};

}  // namespace dcv::net
