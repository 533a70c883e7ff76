#pragma once
// A transport whose answers a test makes up, with a clock of its own: no sockets, no waiting.

#include <algorithm>
#include <functional>
#include <memory>
#include <queue>
#include <vector>

#include "dns/wire.h"
#include "net/transport.h"

namespace dcv::testing {

class ScriptedTransport : public net::Transport {
 public:
  // The reply to a question; none: silence until the query time-out.
  using Answer = std::function<std::optional<dns::Message>(const net::Query&)>;

  static constexpr double kRoundTrip = 0.05, kTimeout = 3;

  explicit ScriptedTransport(Answer answer) : answer_(std::move(answer)) {}

  void ask(net::Query query, Done done) override {
    asked.push_back(query);
    const std::optional<dns::Message> message = answer_(query);
    const auto exchange = std::make_shared<observe::Exchange>(exchange_for(query));
    exchange->duration = message ? kRoundTrip : kTimeout;
    if (message) take_reply(*message, *exchange);
    pending_.push({elapsed_ + exchange->duration, asked.size(), exchange, std::move(done)});
  }

  void run() override {
    while (!pending_.empty()) {
      const Pending next = pending_.top();
      pending_.pop();
      elapsed_ = next.at;
      next.done(std::move(*next.exchange));
    }
  }

  double elapsed() const override { return elapsed_; }
  int sent() const override { return static_cast<int>(asked.size()); }
  std::vector<std::string> limits_reached() const override { return limits; }

  std::vector<net::Query> asked;  // in the order of asking
  std::vector<std::string> limits;

 private:
  struct Pending {
    double at = 0;
    std::size_t order = 0;
    std::shared_ptr<observe::Exchange> exchange;
    Done done;
    bool operator<(const Pending& other) const {
      return at != other.at ? at > other.at : order > other.order;
    }
  };

  observe::Exchange exchange_for(const net::Query& query) const {
    observe::Exchange exchange = net::exchange_for(query);
    exchange.sent_at = elapsed_;
    exchange.attempts = 1;
    if (query.endpoint) exchange.transport = query.endpoint->transport;
    exchange.outcome = observe::Outcome::timeout;
    return exchange;
  }

  static void take_reply(dns::Message message, observe::Exchange& exchange) {
    message.response = true;
    message.question = exchange.question;
    exchange.outcome = observe::Outcome::reply;
    exchange.bytes = dns::encode(message);
    exchange.reply = *dns::decode_reply(exchange.bytes);
    exchange.kind = dns::classify(*exchange.reply, exchange.question, exchange.zone);
  }

  Answer answer_;
  double elapsed_ = 0;
  std::priority_queue<Pending> pending_;
};

}  // namespace dcv::testing
