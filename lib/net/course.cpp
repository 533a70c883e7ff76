// Deadline, reading, judging and the end of one question.

#include "net/course.h"

#include "net/limits.h"
#include "net/packet.h"
#include "net/random_case.h"
#include "net/seconds.h"

namespace dcv::net {

using observe::EdnsSupport;
using observe::Outcome;

Course::Course(Run& run, const Query& query, Done done)
    : run_(run),
      endpoint_(*query.endpoint),
      query_(query_message(query)),
      done_(std::move(done)),
      deadline_(run.io) {
  exchange_.purpose = query.purpose;
  exchange_.zone = query.zone;
  exchange_.server = query.server;
  exchange_.address = endpoint_.address;
  exchange_.question = *query_.question;
  exchange_.depth = query.depth;
}

void Course::start() {
  exchange_.sent_at = run_.elapsed();
  deadline_.expires_after(to_duration(run_.query_timeout));
  deadline_.async_wait([self = shared_from_this()](const ErrorCode& error) {
    if (!error && !self->ended_) self->on_deadline();
  });
  begin();
}

void Course::abandon(const std::string& reason) {
  if (ended_) return;
  exchange_.detail = reason;
  end(Outcome::not_asked);
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
  if (edns && may_blame_edns(reply.rcode)) {
    held_ = Came{transport, std::string(bytes), reply};
    edns_rejected_ = true;
    return ask_again(transport);
  }
  end_with_reply(transport, edns_verdict(edns, reply), std::string(bytes), reply);
}

void Course::ask_again(observe::Transport transport) {
  ++exchange_.depth;
  close_all();
  send_again(transport);
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
