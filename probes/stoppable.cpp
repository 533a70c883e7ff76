// Throws out of run(), which unwinds the whole collection.
#include "stoppable.h"

namespace dcv::probes {
namespace {

void check(const std::atomic<bool>& stop) {
  if (stop) throw Stopped();
}

}  // namespace

void StoppableTransport::ask(net::Query query, Done done) {
  check(stop_);
  inner_.ask(std::move(query), [this, done = std::move(done)](observe::Exchange exchange) {
    check(stop_);
    done(std::move(exchange));
  });
}

void StoppableWeb::fetch(net::WebRequest request, Fetched done) {
  check(stop_);
  inner_.fetch(std::move(request), [this, done = std::move(done)](const observe::Fetch& fetch) {
    check(stop_);
    done(fetch);
  });
}

void StoppableWeb::shake(observe::Handshake handshake, Shaken done) {
  check(stop_);
  inner_.shake(std::move(handshake),
               [this, done = std::move(done)](const observe::Handshake& seen) {
                 check(stop_);
                 done(seen);
               });
}

}  // namespace dcv::probes
