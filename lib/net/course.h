#pragma once
// The course of one question, whatever the way: a deadline, replies read and judged, one end.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/asio.h"
#include "net/transport.h"

namespace dcv::net {

class ChannelPool;

class Course : public std::enable_shared_from_this<Course> {
 public:
  // What all courses of a run share; outlives them.
  struct Run {
    asio::io_context& io;
    std::function<double()> elapsed;  // seconds since the start of the run
    double query_timeout;             // seconds
    ChannelPool& channels;
    int sent;  // packets and connections, counted here
  };
  using Done = std::function<void(observe::Exchange)>;

  virtual ~Course() = default;
  Course(const Course&) = delete;
  Course& operator=(const Course&) = delete;

  // Held by a shared_ptr; once.
  void start();
  // Ends it now as not asked, whatever came so far.
  void abandon(const std::string& reason);

 protected:
  // The query must have an endpoint.
  // `done` comes exactly once after start(), from the event loop, never from inside a call.
  Course(Run& run, const Query& query, Done done);

  virtual void begin() = 0;
  virtual void on_deadline() = 0;
  // The form of the query has changed: what earlier ones still bring is of no use.
  virtual void send_again(observe::Transport transport) = 0;
  // Nothing comes in any more.
  virtual void close_all() = 0;

  // The reply in `bytes` if it is one to us; else counts or keeps what it is.
  std::optional<dns::Message> read(observe::Transport transport, std::uint16_t id,
                                   std::string_view bytes);
  // Ends it with this reply, or has the question sent again without EDNS.
  void judge(observe::Transport transport, bool edns, std::string_view bytes,
             const dns::Message& reply);
  void ask_again(observe::Transport transport);
  bool too_many_strays() const;
  // Ends it with what came on the way, if anything did, and else with this.
  void end_without_reply(observe::Outcome outcome, observe::Transport transport,
                         const std::string& detail);

  struct Unreadable {
    observe::Transport transport;
    std::string bytes;
    std::string fault;
  };

  Run& run_;
  const observe::Endpoint endpoint_;
  const dns::Message query_;  // without id and cookie
  observe::Exchange exchange_;
  bool edns_rejected_ = false;  // asked again without EDNS for an error code
  std::optional<Unreadable> unreadable_;
  bool ended_ = false;

 private:
  struct Came {  // the reply that made us ask again without EDNS
    observe::Transport transport;
    std::string bytes;
    dns::Message message;
  };
  observe::EdnsSupport edns_verdict(bool edns, const dns::Message& reply) const;
  void end_with_reply(observe::Transport transport, observe::EdnsSupport edns, std::string bytes,
                      const dns::Message& reply);
  void end(observe::Outcome outcome);

  Done done_;
  asio::steady_timer deadline_;
  int unreadable_count_ = 0;
  std::optional<Came> held_;
};

}  // namespace dcv::net
