// Shifts the time of each question.
#include "later_transport.h"

#include "waiting.h"

namespace dcv::tools {

void LaterTransport::ask(net::Query query, Done done) {
  inner_.ask(std::move(query), [this, done = std::move(done)](observe::Exchange exchange) {
    if (interrupted_()) throw Interrupted();
    exchange.sent_at += seconds_;
    done(std::move(exchange));
  });
}

}  // namespace dcv::tools
