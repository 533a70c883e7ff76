// What is asked and what comes back, without the ups and downs of connections.

#include "net/channel_course.h"

#include "dns/wire.h"
#include "net/channel_pool.h"
#include "net/packet.h"
#include "net/seconds.h"

namespace dcv::net {
namespace {

using observe::Outcome;

std::string way(observe::Transport transport) {
  switch (transport) {
    case observe::Transport::tls:
      return "TLS";
    case observe::Transport::https:
      return "HTTPS";
    default:
      return "TCP";
  }
}

}  // namespace

ChannelCourse::ChannelCourse(Run& run, const Query& query, Done done)
    : Course(run, query, std::move(done)), channel_(run.channels.to(*query.endpoint)) {}

void ChannelCourse::begin() {
  send_again(endpoint_.transport);
}

void ChannelCourse::send_again(observe::Transport transport) {
  const bool edns = !edns_rejected_;
  dns::Message query = query_;
  if (!edns) query.edns.reset();
  const bool pad = edns && transport != observe::Transport::tcp;
  sent_ = false;
  ++exchange_.attempts;
  ++run_.sent;
  const Channel::Ticket ticket =
      channel_.ask({pad ? padded(query) : dns::encode(query), [this] { on_sent(); },
                    [this, edns](std::uint16_t id, std::string_view bytes) {
                      return on_message(edns, id, bytes);
                    },
                    [this, transport](const Failure& failure) {
                      ticket_.reset();
                      end_without_reply(failure.outcome, transport, failure.detail);
                    }});
  if (!ended_) ticket_ = ticket;
}

// The first time is counted as it is asked: a connection is an attempt, too.
void ChannelCourse::on_sent() {
  if (sent_) {
    ++exchange_.attempts;
    ++run_.sent;
  } else if (exchange_.attempts == 1) {
    exchange_.sent_at = run_.elapsed();  // the duration is the question's, not the connection's
  }
  sent_ = true;
}

bool ChannelCourse::on_message(bool edns, std::uint16_t id, std::string_view bytes) {
  const bool last = endpoint_.transport == observe::Transport::https;  // one reply a request
  const std::optional<dns::Message> reply = read(endpoint_.transport, id, bytes);
  if (!reply && !unreadable_ && !last && !too_many_strays()) return false;
  ticket_.reset();
  if (reply) {
    judge(endpoint_.transport, edns, bytes, *reply);
  } else {
    end_without_reply(Outcome::malformed, endpoint_.transport,
                      "the reply of " + place(endpoint_) + " does not belong to the question");
  }
  return true;
}

void ChannelCourse::on_deadline() {
  const std::string within = " within " + seconds_text(run_.query_timeout);
  const std::string over = " over " + way(endpoint_.transport);
  std::string detail;
  switch (ticket_ ? channel_.phase(*ticket_) : ByteStream::Phase::ended) {
    case ByteStream::Phase::connecting:
      detail = "no connection to " + place(endpoint_) + within;
      break;
    case ByteStream::Phase::handshaking:
      detail = "the TLS handshake with " + place(endpoint_) + " was not over" + within;
      break;
    default:
      detail = (exchange_.mismatched > 0 ? "no matching reply from " : "no complete reply from ") +
               place(endpoint_) + over + within;
  }
  end_without_reply(Outcome::timeout, endpoint_.transport, detail);
}

void ChannelCourse::close_all() {
  if (ticket_) channel_.give_up(*ticket_);
  ticket_.reset();
}

}  // namespace dcv::net
