// Shifts the time of each question, and ends early.
#include "later_transport.h"

#include "waiting.h"

namespace dcv::tools {
namespace {

observe::Exchange not_asked(const net::Query& query, double now) {
  observe::Exchange exchange = net::exchange_for(query);
  exchange.sent_at = now;
  exchange.detail = "a signal ended the run";
  return exchange;
}

}  // namespace

void LaterTransport::ask(net::Query query, Done done) {
  if (on_signal_ == OnSignal::ask_nothing && interrupted_()) {
    not_asked_.emplace_back(std::move(query), std::move(done));
    return;
  }
  inner_.ask(std::move(query), [this, done = std::move(done)](observe::Exchange exchange) {
    if (on_signal_ == OnSignal::give_up && interrupted_()) throw Interrupted();
    exchange.sent_at += seconds_;
    done(std::move(exchange));
  });
}

void LaterTransport::run() {
  inner_.run();
  while (!not_asked_.empty()) {
    const auto unasked = std::exchange(not_asked_, {});
    for (const auto& [query, done] : unasked) done(not_asked(query, elapsed()));
    inner_.run();
  }
}

}  // namespace dcv::tools
