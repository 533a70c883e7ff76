#pragma once
// A transport that asks the lab's servers in memory, with a clock of its own: no sockets, no
// waiting. For tests of the walker.

#include <filesystem>
#include <map>
#include <optional>
#include <queue>
#include <set>
#include <stdexcept>

#include "dns/wire.h"
#include "lab/responder.h"
#include "lab/scenario.h"
#include "net/transport.h"

namespace dcv::testing {

class LabTransport : public net::Transport {
 public:
  explicit LabTransport(const std::string& scenario, double round_trip = 0.05)
      : round_trip_(round_trip) {
    const std::filesystem::path folder = DCV_SOURCE_DIR "/tests/scenarios";
    Result<lab::Scenario> loaded = lab::load_scenario(folder / scenario, folder / "base");
    if (!loaded) throw std::runtime_error(loaded.error());
    add(*loaded);
  }
  explicit LabTransport(const lab::Scenario& scenario, double round_trip = 0.05)
      : round_trip_(round_trip) {
    add(scenario);
  }

  void ask(net::Query query, Done done) override {
    ++sent_;
    observe::Exchange exchange = exchange_for(query);
    const std::string key = query.address.text() + " " + query.question.name.lower().text() +
                            dns::text(query.question.type) + (query.tcp_only ? " tcp" : "");
    ++asked[key];
    exchange.duration = answer(query, exchange);
    const double at = elapsed_ + exchange.duration;
    pending_.push({at, sent_, std::make_shared<observe::Exchange>(std::move(exchange)),
                   std::make_shared<Done>(std::move(done))});
  }

  void run() override {
    while (!pending_.empty()) {
      const Pending next = pending_.top();
      pending_.pop();
      elapsed_ = next.at;
      (*next.done)(std::move(*next.exchange));
    }
  }

  double elapsed() const override { return elapsed_; }
  int sent() const override { return sent_; }
  std::vector<std::string> limits_reached() const override { return {}; }

  std::map<std::string, int> asked;  // by address, question and transport

 private:
  struct Pending {
    double at;
    int order;
    std::shared_ptr<observe::Exchange> exchange;
    std::shared_ptr<Done> done;
    bool operator<(const Pending& other) const {
      return at != other.at ? at > other.at : order > other.order;
    }
  };

  void add(const lab::Scenario& scenario) {
    if (scenario.intercepted) interceptor_ = lab::make_interceptor(scenario);
    for (lab::Host& host : lab::make_hosts(scenario))
      responders_.insert_or_assign(host.address, std::move(host.responder));
  }

  // Null where nobody lives.
  lab::Responder* responder(const dns::IpAddress& address) {
    if (interceptor_) return &*interceptor_;
    const auto found = responders_.find(address);
    return found == responders_.end() ? nullptr : &found->second;
  }

  observe::Exchange exchange_for(const net::Query& query) const {
    observe::Exchange exchange = net::exchange_for(query);
    exchange.sent_at = elapsed_;
    exchange.attempts = 1;
    exchange.transport = query.tcp_only ? observe::Transport::tcp : observe::Transport::udp;
    return exchange;
  }

  // Fills in the outcome; returns the seconds that it takes.
  double answer(const net::Query& query, observe::Exchange& exchange) {
    constexpr double kTimeout = 3;
    lab::Responder* const found = responder(query.address);
    dns::Edns edns;
    edns.dnssec_ok = true;
    const std::string packet = dns::encode_query(1, query.question, false, edns);
    std::optional<std::string> reply;
    if (found != nullptr && !found->behaviour().drop)
      reply = found->respond(packet, query.tcp_only ? lab::Transport::tcp : lab::Transport::udp);
    if (reply && !query.tcp_only && dns::decode_reply(*reply) &&
        dns::decode_reply(*reply)->truncated) {
      exchange.truncated = true;
      exchange.transport = observe::Transport::tcp;
      reply = found->respond(packet, lab::Transport::tcp);
    }
    if (!reply) {
      exchange.outcome = observe::Outcome::timeout;
      return kTimeout;
    }
    Result<dns::Message> decoded = dns::decode_reply(*reply);
    if (!decoded) throw std::runtime_error(decoded.error());
    exchange.outcome = observe::Outcome::reply;
    exchange.bytes = *reply;
    exchange.reply = std::move(decoded).value();
    exchange.kind = dns::classify(*exchange.reply, exchange.question, exchange.zone);
    return round_trip_;
  }

  double round_trip_;
  double elapsed_ = 0;
  int sent_ = 0;
  std::map<dns::IpAddress, lab::Responder> responders_;
  std::optional<lab::Responder> interceptor_;
  std::priority_queue<Pending> pending_;
};

}  // namespace dcv::testing
