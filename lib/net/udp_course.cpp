// The decisions after each reply, error and silence.

#include "net/udp_course.h"

#include <algorithm>
#include <iterator>

#include "dns/wire.h"
#include "net/failure.h"
#include "net/limits.h"
#include "net/random.h"
#include "net/seconds.h"

namespace dcv::net {
namespace {

using observe::Outcome;

constexpr std::size_t kClientCookieSize = 8;  // RFC 7873 4
constexpr std::size_t kUdpAttempts = std::size(kUdpRetryAfter);

}  // namespace

UdpCourse::UdpCourse(Run& run, const Query& query, Done done)
    : Course(run, query, std::move(done)),
      tcp_only_(query.tcp_only),
      silence_(run.io),
      cookie_(random_bytes(kClientCookieSize)) {}

void UdpCourse::begin() {
  send_again(tcp_only_ ? observe::Transport::tcp : observe::Transport::udp);
}

void UdpCourse::send_again(observe::Transport transport) {
  if (transport == observe::Transport::tcp) {
    open_tcp(!edns_rejected_);
  } else {
    send_udp();
  }
}

void UdpCourse::send_udp() {
  const bool last = udp_.size() + 1 >= kUdpAttempts;
  const bool edns = !edns_rejected_ && (edns_heard_ || !last);
  const std::uint16_t id = random_id();
  auto attempt = std::make_shared<UdpAttempt>(
      run_.io, [this, id, edns](std::string_view bytes) { on_udp(id, edns, bytes); },
      [this](const ErrorCode& error) { on_udp_error(error); });
  udp_.push_back(attempt);
  ++exchange_.attempts;
  ++run_.sent;
  const ErrorCode error = attempt->send(endpoint_.address, endpoint_.port, make_packet(id, edns));
  if (error) return on_udp_error(error);

  const double patience = kUdpRetryAfter[std::min(udp_.size(), kUdpAttempts) - 1];
  const double haste = std::min(1.0, run_.query_timeout / kDefaultQueryTimeout);
  silence_.expires_after(to_duration(patience * haste));
  silence_.async_wait([this, self = shared_from_this(), attempt](const ErrorCode& cancelled) {
    if (cancelled || ended_ || udp_.back() != attempt || tcp_) return;
    on_silence();
  });
}

void UdpCourse::open_tcp(bool edns) {
  const std::uint16_t id = random_id();
  tcp_ = std::make_shared<TcpConnection>(
      run_.io, [this, id, edns](std::string_view bytes) { on_tcp(id, edns, bytes); },
      [this](const ErrorCode& error, bool connected) { on_tcp_end(error, connected); });
  ++exchange_.attempts;
  ++run_.sent;
  tcp_->ask(endpoint_.address, endpoint_.port, make_packet(id, edns));
}

std::string UdpCourse::make_packet(std::uint16_t id, bool edns) const {
  dns::Message query = query_;
  query.id = id;
  if (edns) {
    query.edns->options.push_back({static_cast<std::uint16_t>(dns::EdnsCode::cookie), cookie_});
  } else {
    query.edns.reset();
  }
  return dns::encode(query);
}

void UdpCourse::on_deadline() {
  const std::string within = " within " + seconds_text(run_.query_timeout);
  if (over_tcp_only()) {
    const std::string why = exchange_.truncated ? ", after a truncated reply over UDP" : "";
    return end_without_reply(Outcome::timeout, observe::Transport::tcp,
                             "no complete reply over TCP" + within + why);
  }
  if (udp_closed_) {
    return end_without_reply(Outcome::refused, observe::Transport::udp,
                             "the UDP port is closed, and TCP gave no reply" + within);
  }
  const std::string tcp = tcp_failure_.empty() ? ", nor over TCP" : "; TCP: " + tcp_failure_;
  const std::string what = exchange_.mismatched > 0 ? "no matching reply" : "no reply";
  end_without_reply(Outcome::timeout, observe::Transport::udp, what + " over UDP" + within + tcp);
}

void UdpCourse::on_silence() {
  if (udp_.size() < kUdpAttempts) {
    send_udp();
  } else {
    open_tcp(!edns_rejected_);
  }
}

void UdpCourse::on_udp(std::uint16_t id, bool edns, std::string_view bytes) {
  const std::optional<dns::Message> reply = read(observe::Transport::udp, id, bytes);
  if (!reply) {
    if (!too_many_strays()) return;
    close_udp();
    if (!tcp_) open_tcp(!edns_rejected_);
    return;
  }
  if (!reply->truncated) return on_reply(observe::Transport::udp, edns, bytes, *reply);
  exchange_.truncated = true;
  ++exchange_.depth;
  exchange_.bytes = bytes;
  unreadable_.reset();
  close_all();
  open_tcp(edns);
}

void UdpCourse::on_udp_error(const ErrorCode& error) {
  if (error == asio::error::connection_refused) {
    udp_closed_ = true;
    close_udp();
    if (!tcp_) return open_tcp(!edns_rejected_);
    if (tcp_failure_.empty()) return;  // TCP is still under way
    return end_without_reply(Outcome::refused, observe::Transport::udp,
                             "the UDP port is closed; TCP: " + tcp_failure_);
  }
  const Outcome outcome = says_unreachable(error) ? Outcome::unreachable : Outcome::not_asked;
  end_without_reply(outcome, observe::Transport::udp,
                    "this machine could not send: " + error.message());
}

void UdpCourse::on_tcp(std::uint16_t id, bool edns, std::string_view bytes) {
  const std::optional<dns::Message> reply = read(observe::Transport::tcp, id, bytes);
  if (reply) return on_reply(observe::Transport::tcp, edns, bytes, *reply);
  if (!too_many_strays()) return;
  tcp_->close();
  tcp_again_ = true;
  on_tcp_end(asio::error::eof, true);
}

void UdpCourse::on_tcp_end(const ErrorCode& error, bool connected) {
  Outcome outcome = Outcome::closed;
  std::string detail = "the server closed the connection before the reply was complete";
  if (error != asio::error::eof) detail += " (" + error.message() + ")";
  if (!connected) {
    detail = "could not connect: " + error.message();
    outcome = connect_outcome(error);
  }
  // A busy server may hang up once; one that always does refuses.
  if (over_tcp_only() && connected && !tcp_again_) {
    tcp_again_ = true;
    return open_tcp(!edns_rejected_);
  }
  if (over_tcp_only()) {
    if (exchange_.truncated) detail += "; the reply over UDP was truncated";
    return end_without_reply(outcome, observe::Transport::tcp, detail);
  }
  if (udp_closed_) {
    return end_without_reply(Outcome::refused, observe::Transport::udp,
                             "the UDP port is closed; TCP: " + detail);
  }
  tcp_failure_ = detail;  // a late reply over UDP may still come until the deadline
}

void UdpCourse::on_reply(observe::Transport transport, bool edns, std::string_view bytes,
                         const dns::Message& reply) {
  edns_heard_ = edns_heard_ || reply.edns;
  if (edns && reply.rcode == dns::Rcode::badcookie && take_cookie(reply)) {
    return ask_again(transport);
  }
  const bool heard_out = !too_many_strays();  // else the reply may have been behind them
  exchange_.udp_silent = transport == observe::Transport::tcp && !over_tcp_only() && heard_out;
  judge(transport, edns, bytes, reply);
}

// True when the reply brought a server cookie and we have sent none yet.
bool UdpCourse::take_cookie(const dns::Message& reply) {
  const std::optional<std::string> cookie = reply.edns ? reply.edns->cookie() : std::nullopt;
  const bool sent_before = cookie_.size() > kClientCookieSize;
  if (sent_before || !cookie || cookie->size() <= kClientCookieSize) return false;
  if (cookie->compare(0, kClientCookieSize, cookie_) != 0) return false;  // not an echo of ours
  cookie_ = *cookie;
  return true;
}

void UdpCourse::close_udp() {
  silence_.cancel();
  for (const std::shared_ptr<UdpAttempt>& attempt : udp_) attempt->close();
}

void UdpCourse::close_all() {
  close_udp();
  if (tcp_) tcp_->close();
  tcp_.reset();
}

}  // namespace dcv::net
