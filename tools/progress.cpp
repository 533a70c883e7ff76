// One status line on the terminal, rewritten in place.
#include "progress.h"

namespace dcv::tools {

void Progress::ask(net::Query query, Done done) {
  if (!enabled_) return inner_.ask(std::move(query), std::move(done));
  ++asked_;
  const dns::Name zone = query.zone;
  show(zone);
  inner_.ask(std::move(query), [this, zone, done = std::move(done)](observe::Exchange exchange) {
    ++answered_;
    show(zone);
    done(std::move(exchange));
  });
}

void Progress::show(const dns::Name& zone) {
  constexpr double kSecondsBetween = 0.1;
  if (inner_.elapsed() - shown_at_ < kSecondsBetween) return;
  shown_at_ = inner_.elapsed();
  terminal_ << "\r\033[K" << answered_ << " of " << asked_ << " questions answered, asking "
            << zone.prose() << std::flush;
}

void Progress::clear() {
  if (enabled_ && shown_at_ >= 0) terminal_ << "\r\033[K" << std::flush;
}

}  // namespace dcv::tools
