// What all connections do with their questions.

#include "net/connection.h"

namespace dcv::net {

Connection::Connection(asio::io_context& io, const observe::Endpoint& endpoint, TlsContext* tls,
                       Events events)
    : endpoint_(endpoint),
      events_(std::move(events)),
      stream_(std::make_shared<ByteStream>(
          io, endpoint, tls,
          ByteStream::Events{[this] { on_open(); },
                             [this](std::string_view bytes) { receive(bytes); },
                             [this](const Failure& failure) {
                               end(failure, failure.outcome == observe::Outcome::closed);
                             }})) {}

void Connection::ask(Tag tag, std::string packet) {
  tags_.insert(tag);
  if (!open_now()) {
    waiting_.emplace_back(tag, std::move(packet));
    return;
  }
  events_.on_sent(tag);
  submit(tag, packet);
}

void Connection::forget(Tag tag) {
  if (tags_.erase(tag) == 0) return;
  if (std::erase_if(waiting_, [tag](const auto& each) { return each.first == tag; }) == 0) {
    withdraw(tag);
  }
}

void Connection::retire() {
  retired_ = true;
}

void Connection::on_open() {
  begin();
  for (const auto& [tag, packet] : std::exchange(waiting_, {})) {
    events_.on_sent(tag);
    submit(tag, packet);
  }
}

void Connection::deliver(Tag tag, std::uint16_t id, std::string_view bytes) {
  if (tags_.count(tag) != 0) events_.on_message(tag, id, bytes);
}

void Connection::fail(Tag tag, const Failure& failure, bool again) {
  if (tags_.erase(tag) != 0) events_.on_failure(tag, failure, again);
}

void Connection::end(const Failure& failure, bool again) {
  stream_->close();
  waiting_.clear();
  for (const Tag tag : std::set<Tag>(tags_)) fail(tag, failure, again);
  events_.on_end();
}

}  // namespace dcv::net
