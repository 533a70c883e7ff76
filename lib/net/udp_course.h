#pragma once
// One question over UDP: again, again without EDNS, then TCP on a connection of its own.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/course.h"
#include "net/tcp.h"
#include "net/udp.h"

namespace dcv::net {

class UdpCourse final : public Course {
 public:
  UdpCourse(Run& run, const Query& query, Done done);

 private:
  void begin() override;
  void on_deadline() override;
  void send_again(observe::Transport transport) override;
  void close_all() override;

  void send_udp();
  void open_tcp(bool edns);
  std::string make_packet(std::uint16_t id, bool edns) const;

  void on_silence();
  void on_udp(std::uint16_t id, bool edns, std::string_view bytes);
  void on_udp_error(const ErrorCode& error);
  void on_tcp(std::uint16_t id, bool edns, std::string_view bytes);
  void on_tcp_end(const ErrorCode& error, bool connected);
  void on_reply(observe::Transport transport, bool edns, std::string_view bytes,
                const dns::Message& reply);
  bool take_cookie(const dns::Message& reply);

  bool over_tcp_only() const { return tcp_only_ || exchange_.truncated; }
  void close_udp();

  const bool tcp_only_;
  asio::steady_timer silence_;
  std::vector<std::shared_ptr<UdpAttempt>> udp_;  // earlier ones still listen
  std::shared_ptr<TcpConnection> tcp_;
  std::string cookie_;       // the client's part, and the server's once known
  bool edns_heard_ = false;  // the server does speak EDNS
  bool udp_closed_ = false;  // ICMP port unreachable
  bool tcp_again_ = false;   // a connection that ended too early was repeated
  std::string tcp_failure_;  // why TCP after UDP silence failed
};

}  // namespace dcv::net
