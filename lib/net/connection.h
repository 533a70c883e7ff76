#pragma once
// One connection on which several questions are under way at once. What its bytes look like, framed
// DNS or HTTP/2, the derived classes know. It never comes back: see Channel.

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/byte_stream.h"

namespace dcv::net {

class Connection {
 public:
  using Tag = std::uint64_t;  // names a question; the caller's choice
  // on_sent and on_failure may come from inside ask(), the others only from the event loop. The
  // connection must not be destroyed from inside one.
  struct Events {
    std::function<void(Tag)> on_sent;
    // For this question, as far as the protocol around the message tells.
    std::function<void(Tag, std::uint16_t id, std::string_view bytes)> on_message;
    // The question has no reply here; `again` when the server has not worked on it, or was gone.
    std::function<void(Tag, const Failure&, bool again)> on_failure;
    // The connection is over; told after the failures of its questions.
    std::function<void()> on_end;
  };

  Connection(asio::io_context& io, const observe::Endpoint& endpoint, TlsContext* tls,
             Events events);
  virtual ~Connection() { stream_->close(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void open() { stream_->open(); }
  // Tells nothing more.
  void close() { stream_->close(); }
  // `packet` with any id. Waits until the connection is open.
  void ask(Tag tag, std::string packet);
  // Nothing is told of this question any more.
  void forget(Tag tag);
  // New questions may come here.
  bool takes_more() const { return !retired_ && phase() != ByteStream::Phase::ended; }
  // No new questions from now on; ends with the last one.
  void retire();
  bool idle() const { return tags_.empty(); }
  ByteStream::Phase phase() const { return stream_->phase(); }

 protected:
  virtual void begin() {}  // once open
  virtual void submit(Tag tag, const std::string& packet) = 0;
  virtual void withdraw(Tag tag) = 0;
  virtual void receive(std::string_view bytes) = 0;

  void send(std::string_view bytes) { stream_->send(bytes); }
  std::size_t unsent() const { return stream_->unsent(); }
  bool open_now() const { return phase() == ByteStream::Phase::open; }
  void deliver(Tag tag, std::uint16_t id, std::string_view bytes);
  void fail(Tag tag, const Failure& failure, bool again);
  void end(const Failure& failure, bool again);

  const observe::Endpoint endpoint_;

 private:
  void on_open();

  Events events_;
  std::shared_ptr<ByteStream> stream_;
  std::set<Tag> tags_;                                // asked, and neither failed nor forgotten
  std::vector<std::pair<Tag, std::string>> waiting_;  // for the connection to open
  bool retired_ = false;
};

}  // namespace dcv::net
