// A thread a probe: next to what a probe costs, starting one is nothing.
#include "probe_desk.h"

#include <algorithm>
#include <system_error>

#include "stoppable.h"

namespace dcv::probes {

ProbeDesk::ProbeDesk(Run run, Post post, Clock clock)
    : run_(std::move(run)), post_(std::move(post)), clock_(std::move(clock)) {}

ProbeDesk::~ProbeDesk() {
  for (Running& each : runs_) each.stop = true;
  for (Running& each : runs_) each.thread.join();
}

std::optional<ProbeDesk::Ticket> ProbeDesk::ask(const ProbeWish& wish, int most, Done done) {
  Place place = shared(wish);
  if (place == runs_.end()) {
    if (running() >= most) return std::nullopt;
    place = runs_.emplace(runs_.end());
    place->wish = wish;
    place->ends_at = clock_() + wish.timeout;
    if (!begin(place)) return std::nullopt;
  }
  const Ticket ticket = next_++;
  place->waiting.emplace(ticket, std::move(done));
  return ticket;
}

ProbeDesk::Place ProbeDesk::shared(const ProbeWish& wish) {
  return std::ranges::find_if(runs_, [&](const Running& each) {
    return !each.stop && each.wish.module == wish.module && each.wish.name == wish.name &&
           each.ends_at <= clock_() + wish.timeout;
  });
}

// False when the system gives no thread.
bool ProbeDesk::begin(Place place) {
  const auto work = [this, place] {
    auto result = std::make_shared<ProbeResult>();
    try {
      *result = run_(place->wish, place->stop);
    } catch (const Stopped&) {
      *result = failed(Failure::shutting_down);
    } catch (const std::exception& error) {
      *result = failed(Failure::internal, error.what());
    }
    post_([this, place, result] { finish(place, result); });
  };
  try {
    place->thread = std::thread(work);
    return true;
  } catch (const std::system_error&) {
    runs_.erase(place);
    return false;
  }
}

void ProbeDesk::finish(Place place, const Result& result) {
  place->thread.join();
  const std::map<Ticket, Done> waiting = std::move(place->waiting);
  runs_.erase(place);
  for (const auto& [ticket, done] : waiting) done(result);
}

void ProbeDesk::leave(Ticket ticket) {
  for (Running& each : runs_)
    if (each.waiting.erase(ticket) > 0 && each.waiting.empty()) each.stop = true;
}

void ProbeDesk::stop_all() {
  for (Running& each : runs_) each.stop = true;
}

}  // namespace dcv::probes
