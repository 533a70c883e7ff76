// Which connection a question goes to, and whether it goes out once more.

#include "net/channel.h"

#include <algorithm>

#include "net/framed_connection.h"
#include "net/https_connection.h"
#include "net/limits.h"

namespace dcv::net {

Channel::Channel(asio::io_context& io, const observe::Endpoint& endpoint, TlsContext* tls)
    : io_(io), endpoint_(endpoint), tls_(tls) {}

Channel::Ticket Channel::ask(Question question) {
  const Ticket ticket = next_ticket_++;
  asked_[ticket].question = std::move(question);
  send(ticket);
  return ticket;
}

void Channel::give_up(Ticket ticket) {
  const auto found = asked_.find(ticket);
  if (found == asked_.end()) return;
  Line& line = *found->second.line;
  if (line.heard == found->second.heard_before) line.connection->retire();
  asked_.erase(found);
  line.connection->forget(ticket);
  drop_if_done(line);
}

ByteStream::Phase Channel::phase(Ticket ticket) const {
  return asked_.at(ticket).line->connection->phase();
}

void Channel::close() {
  while (!lines_.empty()) drop(*lines_.back());
}

Channel::Line& Channel::open_line() {
  if (!lines_.empty() && lines_.back()->connection->takes_more()) return *lines_.back();
  Line& line = *lines_.emplace_back(std::make_unique<Line>());
  Connection::Events events{[this](Ticket ticket) { asked_.at(ticket).question.on_sent(); },
                            [this, &line](Ticket ticket, std::uint16_t id, std::string_view bytes) {
                              on_message(line, ticket, id, bytes);
                            },
                            [this, &line](Ticket ticket, const Failure& failure, bool again) {
                              on_failure(line, ticket, failure, again);
                            },
                            [this, &line] { drop(line); }};
  if (endpoint_.transport == observe::Transport::https) {
    line.connection = std::make_unique<HttpsConnection>(io_, endpoint_, tls_, std::move(events));
  } else {
    line.connection = std::make_unique<FramedConnection>(io_, endpoint_, tls_, std::move(events));
  }
  line.connection->open();
  return line;
}

void Channel::send(Ticket ticket) {
  Line& line = open_line();
  Asked& asked = asked_.at(ticket);
  asked.line = &line;
  asked.heard_before = line.heard;
  ++asked.sends;
  line.connection->ask(ticket, asked.question.packet);
}

void Channel::on_message(Line& line, Ticket ticket, std::uint16_t id, std::string_view bytes) {
  ++line.heard;
  const auto is_reply = asked_.at(ticket).question.on_message;
  if (!is_reply(id, bytes)) return;
  ++line.answered;
  asked_.erase(ticket);
  line.connection->forget(ticket);
  drop_if_done(line);
}

void Channel::on_failure(const Line& line, Ticket ticket, const Failure& failure, bool again) {
  const auto found = asked_.find(ticket);
  const bool progress = line.answered > 0 && !line.connection->takes_more();
  drop_if_done(line);
  if (again && (progress || found->second.sends < kSendsPerQuestion)) return send(ticket);
  const auto tell = std::move(found->second.question.on_failure);
  asked_.erase(found);
  tell(failure);
}

// Later, since one of its functions may be running.
void Channel::drop(const Line& line) {
  const auto found = std::find_if(lines_.begin(), lines_.end(),
                                  [&line](const auto& each) { return each.get() == &line; });
  if (found == lines_.end()) return;
  std::shared_ptr<Line> dropped = std::move(*found);
  lines_.erase(found);
  dropped->connection->close();
  asio::post(io_, [dropped] {});
}

void Channel::drop_if_done(const Line& line) {
  if (line.connection->idle() && !line.connection->takes_more()) drop(line);
}

}  // namespace dcv::net
