// The decisions after each reply, error and silence.

#include "net/course.h"

#include <algorithm>
#include <iterator>

#include "dns/wire.h"
#include "net/limits.h"
#include "net/packet.h"
#include "net/random.h"
#include "net/random_case.h"
#include "net/seconds.h"

namespace dcv::net {
namespace {

using observe::EdnsSupport;
using observe::Outcome;

constexpr std::size_t kClientCookieSize = 8;  // RFC 7873 4
constexpr std::size_t kUdpAttempts = std::size(kUdpRetryAfter);

bool says_unreachable(const ErrorCode& error) {
  return error == asio::error::network_unreachable || error == asio::error::host_unreachable ||
         error == asio::error::network_down || error == asio::error::access_denied ||
         error == asio::error::no_permission ||
         error == asio::error::address_family_not_supported ||
         error == boost::system::errc::address_not_available;
}

}  // namespace

Course::Course(Run& run, const Query& query, Done done)
    : run_(run),
      done_(std::move(done)),
      query_(query_message(query)),
      port_(query.endpoint->port),
      tcp_only_(query.tcp_only || query.endpoint->transport == observe::Transport::tcp),
      deadline_(run.io),
      silence_(run.io),
      cookie_(random_bytes(kClientCookieSize)) {
  exchange_.purpose = query.purpose;
  exchange_.zone = query.zone;
  exchange_.server = query.server;
  exchange_.address = query.endpoint->address;
  exchange_.question = *query_.question;
  exchange_.depth = query.depth;
}

void Course::start() {
  exchange_.sent_at = run_.elapsed();
  deadline_.expires_after(to_duration(run_.query_timeout));
  deadline_.async_wait([self = shared_from_this()](const ErrorCode& error) {
    if (!error && !self->ended_) self->on_deadline();
  });
  if (tcp_only_) {
    open_tcp(true);
  } else {
    send_udp();
  }
}

void Course::abandon(const std::string& reason) {
  if (ended_) return;
  exchange_.detail = reason;
  end(Outcome::not_asked);
}

void Course::send_udp() {
  const bool last = udp_.size() + 1 >= kUdpAttempts;
  const bool edns = !edns_rejected_ && (edns_heard_ || !last);
  const std::uint16_t id = random_id();
  auto attempt = std::make_shared<UdpAttempt>(
      run_.io, [this, id, edns](std::string_view bytes) { on_udp(id, edns, bytes); },
      [this](const ErrorCode& error) { on_udp_error(error); });
  udp_.push_back(attempt);
  ++exchange_.attempts;
  ++run_.sent;
  const ErrorCode error = attempt->send(exchange_.address, port_, make_packet(id, edns));
  if (error) return on_udp_error(error);

  const double patience = kUdpRetryAfter[std::min(udp_.size(), kUdpAttempts) - 1];
  const double haste = std::min(1.0, run_.query_timeout / kDefaultQueryTimeout);
  silence_.expires_after(to_duration(patience * haste));
  silence_.async_wait([self = shared_from_this(), attempt](const ErrorCode& cancelled) {
    if (cancelled || self->ended_ || self->udp_.back() != attempt || self->tcp_) return;
    self->on_silence();
  });
}

void Course::open_tcp(bool edns) {
  const std::uint16_t id = random_id();
  tcp_ = std::make_shared<TcpConnection>(
      run_.io, [this, id, edns](std::string_view bytes) { on_tcp(id, edns, bytes); },
      [this](const ErrorCode& error, bool connected) { on_tcp_end(error, connected); });
  ++exchange_.attempts;
  ++run_.sent;
  tcp_->ask(exchange_.address, port_, make_packet(id, edns));
}

std::string Course::make_packet(std::uint16_t id, bool edns) const {
  dns::Message query = query_;
  query.id = id;
  if (edns) {
    query.edns->options.push_back({static_cast<std::uint16_t>(dns::EdnsCode::cookie), cookie_});
  } else {
    query.edns.reset();
  }
  return dns::encode(query);
}

void Course::on_deadline() {
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

void Course::on_silence() {
  if (udp_.size() < kUdpAttempts) {
    send_udp();
  } else {
    open_tcp(!edns_rejected_);
  }
}

void Course::on_udp(std::uint16_t id, bool edns, std::string_view bytes) {
  const std::optional<dns::Message> reply = read(observe::Transport::udp, id, bytes);
  if (!reply) {
    if (!too_many_strays()) return;
    close_udp();
    if (!tcp_) open_tcp(!edns_rejected_);
    return;
  }
  if (!reply->truncated) return judge(observe::Transport::udp, edns, bytes, *reply);
  exchange_.truncated = true;
  ++exchange_.depth;
  exchange_.bytes = bytes;
  unreadable_.reset();
  close_all();
  open_tcp(edns);
}

void Course::on_udp_error(const ErrorCode& error) {
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

void Course::on_tcp(std::uint16_t id, bool edns, std::string_view bytes) {
  const std::optional<dns::Message> reply = read(observe::Transport::tcp, id, bytes);
  if (reply) return judge(observe::Transport::tcp, edns, bytes, *reply);
  if (!too_many_strays()) return;
  tcp_->close();
  on_tcp_end(asio::error::eof, true);
}

void Course::on_tcp_end(const ErrorCode& error, bool connected) {
  Outcome outcome = Outcome::closed;
  std::string detail = "the server closed the connection before the reply was complete";
  if (error != asio::error::eof) detail += " (" + error.message() + ")";
  if (!connected) {
    detail = "could not connect: " + error.message();
    outcome = says_unreachable(error)                ? Outcome::unreachable
              : error == asio::error::timed_out      ? Outcome::timeout
              : error == asio::error::no_descriptors ? Outcome::not_asked
                                                     : Outcome::refused;
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

std::optional<dns::Message> Course::read(observe::Transport transport, std::uint16_t id,
                                         std::string_view bytes) {
  Reading reading = read_reply(bytes, id, exchange_.question);
  if (reading.fit == Fit::ours) return std::move(reading.message);
  if (reading.fit == Fit::foreign) {
    ++exchange_.mismatched;
  } else {
    ++unreadable_count_;
    unreadable_ = Unreadable{transport, std::string(bytes), reading.fault};
  }
  return std::nullopt;
}

void Course::judge(observe::Transport transport, bool edns, std::string_view bytes,
                   const dns::Message& reply) {
  edns_heard_ = edns_heard_ || reply.edns;
  if (edns && may_blame_edns(reply.rcode)) {
    held_ = Held{transport, std::string(bytes), reply};
    edns_rejected_ = true;
    return ask_again(transport);
  }
  if (edns && reply.rcode == dns::Rcode::badcookie && take_cookie(reply)) {
    return ask_again(transport);
  }
  exchange_.udp_silent = transport == observe::Transport::tcp && !over_tcp_only();
  end_with_reply(transport, edns_verdict(edns, reply), std::string(bytes), reply);
}

// True when the reply brought a server cookie and we have sent none yet.
bool Course::take_cookie(const dns::Message& reply) {
  const std::optional<std::string> cookie = reply.edns ? reply.edns->cookie() : std::nullopt;
  const bool sent_before = cookie_.size() > kClientCookieSize;
  if (sent_before || !cookie || cookie->size() <= kClientCookieSize) return false;
  if (cookie->compare(0, kClientCookieSize, cookie_) != 0) return false;  // not an echo of ours
  cookie_ = *cookie;
  return true;
}

// The form of the query has changed: what earlier ones still bring is of no use.
void Course::ask_again(observe::Transport transport) {
  ++exchange_.depth;
  close_all();
  if (transport == observe::Transport::tcp) {
    open_tcp(!edns_rejected_);
  } else {
    send_udp();
  }
}

EdnsSupport Course::edns_verdict(bool edns, const dns::Message& reply) const {
  if (edns) return edns_support(reply);
  if (!held_) return EdnsSupport::dropped;
  if (held_->message.rcode != reply.rcode) return EdnsSupport::rejected;
  return edns_support(held_->message);  // the error has another cause than EDNS
}

bool Course::too_many_strays() const {
  return exchange_.mismatched + unreadable_count_ >= kStrayRepliesPerQuestion;
}

void Course::close_udp() {
  silence_.cancel();
  for (const std::shared_ptr<UdpAttempt>& attempt : udp_) attempt->close();
}

void Course::close_all() {
  close_udp();
  if (tcp_) tcp_->close();
  tcp_.reset();
}

void Course::end_with_reply(observe::Transport transport, EdnsSupport edns, std::string bytes,
                            const dns::Message& reply) {
  exchange_.transport = transport;
  exchange_.edns = edns;
  exchange_.letter_case = letter_case(exchange_.question, reply);
  exchange_.bytes = std::move(bytes);
  exchange_.kind = dns::classify(reply, exchange_.question, exchange_.zone);
  exchange_.reply = reply;
  end(Outcome::reply);
}

void Course::end_without_reply(Outcome outcome, observe::Transport transport,
                               const std::string& detail) {
  if (held_ && !exchange_.truncated) {
    return end_with_reply(held_->transport, edns_support(held_->message), held_->bytes,
                          held_->message);
  }
  exchange_.transport = transport;
  exchange_.detail = detail;
  if (unreadable_) {
    exchange_.transport = unreadable_->transport;
    exchange_.bytes = unreadable_->bytes;
    exchange_.detail = "the reply could not be read: " + unreadable_->fault;
    outcome = Outcome::malformed;
  }
  end(outcome);
}

void Course::end(Outcome outcome) {
  ended_ = true;
  close_all();
  deadline_.cancel();
  exchange_.outcome = outcome;
  exchange_.duration = run_.elapsed() - exchange_.sent_at;
  asio::post(run_.io, [self = shared_from_this()] { self->done_(std::move(self->exchange_)); });
}

}  // namespace dcv::net
