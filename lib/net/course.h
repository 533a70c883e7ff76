#pragma once
// The course of one question: UDP, UDP again, UDP without EDNS, TCP; by a deadline, to one end.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/asio.h"
#include "net/tcp.h"
#include "net/transport.h"
#include "net/udp.h"

namespace dcv::net {

class Course : public std::enable_shared_from_this<Course> {
 public:
  // What all courses of a run share; outlives them.
  struct Run {
    asio::io_context& io;
    std::function<double()> elapsed;  // seconds since the start of the run
    double query_timeout;             // seconds
    int sent;                         // packets and connections, counted here
  };
  using Done = std::function<void(observe::Exchange)>;

  // The query must have an endpoint, for UDP or TCP.
  // `done` comes exactly once after start(), from the event loop, never from inside a call.
  Course(Run& run, const Query& query, Done done);

  // Held by a shared_ptr; once.
  void start();
  // Ends it now as not asked, whatever came so far.
  void abandon(const std::string& reason);

 private:
  void send_udp();
  void open_tcp(bool edns);
  std::string make_packet(std::uint16_t id, bool edns) const;

  void on_deadline();
  void on_silence();
  void on_udp(std::uint16_t id, bool edns, std::string_view bytes);
  void on_udp_error(const ErrorCode& error);
  void on_tcp(std::uint16_t id, bool edns, std::string_view bytes);
  void on_tcp_end(const ErrorCode& error, bool connected);

  // The reply in `bytes` if it is one to us; else counts or keeps what it is.
  std::optional<dns::Message> read(observe::Transport transport, std::uint16_t id,
                                   std::string_view bytes);
  void judge(observe::Transport transport, bool edns, std::string_view bytes,
             const dns::Message& reply);
  bool take_cookie(const dns::Message& reply);
  void ask_again(observe::Transport transport);
  observe::EdnsSupport edns_verdict(bool edns, const dns::Message& reply) const;

  bool over_tcp_only() const { return tcp_only_ || exchange_.truncated; }
  bool too_many_strays() const;
  void close_udp();
  void close_all();
  void end_with_reply(observe::Transport transport, observe::EdnsSupport edns, std::string bytes,
                      const dns::Message& reply);
  // Ends it with what came on the way, if anything did, and else with this.
  void end_without_reply(observe::Outcome outcome, observe::Transport transport,
                         const std::string& detail);
  void end(observe::Outcome outcome);

  struct Held {  // the reply that made us ask again without EDNS
    observe::Transport transport;
    std::string bytes;
    dns::Message message;
  };
  struct Unreadable {
    observe::Transport transport;
    std::string bytes;
    std::string fault;
  };

  Run& run_;
  Done done_;
  const dns::Message query_;  // without id and cookie
  const std::uint16_t port_;
  bool tcp_only_;
  observe::Exchange exchange_;
  asio::steady_timer deadline_;
  asio::steady_timer silence_;
  std::vector<std::shared_ptr<UdpAttempt>> udp_;  // earlier ones still listen
  std::shared_ptr<TcpConnection> tcp_;
  std::string cookie_;          // the client's part, and the server's once known
  bool edns_rejected_ = false;  // asked again without EDNS for an error code
  bool edns_heard_ = false;     // the server does speak EDNS
  bool udp_closed_ = false;     // ICMP port unreachable
  int unreadable_count_ = 0;
  bool ended_ = false;
  std::string tcp_failure_;  // why TCP after UDP silence failed
  std::optional<Held> held_;
  std::optional<Unreadable> unreadable_;
};

}  // namespace dcv::net
