// The real web: takes visits in, lets the pacer choose which begin, and ends the run.

#include "net/web.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <utility>

#include "net/asio.h"
#include "net/limits.h"
#include "net/pacer.h"
#include "net/seconds.h"
#include "net/tls_context.h"
#include "net/web_visit.h"

namespace dcv::net {
namespace {

using observe::Outcome;

constexpr std::chrono::milliseconds kLongestRest(500);

Pacer::Heard heard(Outcome outcome, bool connected) {
  if (outcome == Outcome::unreachable || outcome == Outcome::not_asked)
    return Pacer::Heard::not_asked;
  return connected || outcome != Outcome::timeout ? Pacer::Heard::something : Pacer::Heard::nothing;
}

Failure given_up(const observe::Endpoint& endpoint) {
  return {Outcome::timeout, "not tried: no earlier connection to " + place(endpoint) + " stood"};
}

class BeastWeb final : public Web {
 public:
  BeastWeb(const observe::Settings& settings, std::function<double()> elapsed)
      : settings_(settings),
        visit_run_{io_, std::move(elapsed), std::min(kWebDialSeconds, settings.query_timeout),
                   kWebReplyPatience * settings.query_timeout} {}

  void fetch(WebRequest request, Fetched done) override;
  void shake(observe::Handshake handshake, Shaken done) override;
  void run() override;
  int sent() const override { return sent_; }
  std::vector<std::string> limits_reached() const override { return limits_; }

 private:
  // Gives a visit its end without having begun it, or takes it in.
  void take_in(const std::shared_ptr<WebVisit>& visit, Pacer::Ticket ticket);
  // What to do once a visit is over; the visit itself goes later, as it is still at work.
  template <typename Seen>
  auto ending(Pacer::Ticket ticket, std::function<void(const Seen&)> done);
  void finish(Pacer::Ticket ticket, Outcome outcome, bool connected);
  void start_ready();
  void abandon(const std::vector<Pacer::Ticket>& tickets, const Failure& failure);
  // Why it does not begin; nothing when it may.
  std::optional<Failure> hindrance(const observe::Endpoint& endpoint);
  void end_run();
  void reach_limit(const std::string& limit);
  std::string time_is_up() const {
    return "the run's time-out of " + seconds_text(settings_.timeout) + " was reached";
  }

  const observe::Settings settings_;
  asio::io_context io_{1};
  WebVisit::Run visit_run_;
  TlsContext fetch_tls_{TlsUse::web};
  TlsContext acme_tls_{TlsUse::acme};
  Pacer pacer_{Pacer::Bounds{kWebConnectionsPerRun, kWebConnectionsAtOnce,
                             kWebConnectionsPerAddress, kWebSilencesPerAddress}};
  std::map<Pacer::Ticket, std::shared_ptr<WebVisit>> visits_;  // waiting or under way
  std::map<Pacer::Ticket, Pacer::Door> under_way_;
  Pacer::Ticket next_ticket_ = 0;
  int sent_ = 0;
  std::vector<std::string> limits_;
};

template <typename Seen>
auto BeastWeb::ending(Pacer::Ticket ticket, std::function<void(const Seen&)> done) {
  return [this, ticket, done = std::move(done)](const Seen& seen) {
    finish(ticket, seen.outcome, seen.connected);
    done(seen);
  };
}

void BeastWeb::fetch(WebRequest request, Fetched done) {
  const Pacer::Ticket ticket = next_ticket_++;
  take_in(std::make_shared<FetchVisit>(visit_run_, std::move(request), fetch_tls_,
                                       ending<observe::Fetch>(ticket, std::move(done))),
          ticket);
}

void BeastWeb::shake(observe::Handshake handshake, Shaken done) {
  const Pacer::Ticket ticket = next_ticket_++;
  take_in(std::make_shared<ShakeVisit>(visit_run_, std::move(handshake), acme_tls_,
                                       ending<observe::Handshake>(ticket, std::move(done))),
          ticket);
}

void BeastWeb::take_in(const std::shared_ptr<WebVisit>& visit, Pacer::Ticket ticket) {
  visits_.emplace(ticket, visit);
  asio::post(io_, [this, visit, ticket] {
    std::optional<Failure> failure = hindrance(visit->endpoint());
    if (!failure && !pacer_.add(ticket, Pacer::Door(visit->endpoint()))) {
      failure = {Outcome::not_asked, "the limit of " + std::to_string(kWebConnectionsPerRun) +
                                         " connections to web servers a run was reached"};
      reach_limit(failure->detail);
    }
    if (failure) return visit->abandon(*failure);
    start_ready();
  });
}

std::optional<Failure> BeastWeb::hindrance(const observe::Endpoint& endpoint) {
  const std::string reason = reason_not_to_ask(endpoint.address, settings_);
  if (!reason.empty()) return Failure{Outcome::not_asked, reason};
  if (visit_run_.elapsed() >= settings_.timeout) {
    reach_limit(time_is_up());
    return Failure{Outcome::not_asked, time_is_up()};
  }
  if (pacer_.given_up(Pacer::Door(endpoint))) return given_up(endpoint);
  return std::nullopt;
}

void BeastWeb::run() {
  asio::steady_timer timer(io_);
  timer.expires_after(to_duration(std::max(0.0, settings_.timeout - visit_run_.elapsed())));
  timer.async_wait([this](const ErrorCode& error) {
    if (!error && !visits_.empty()) end_run();
  });
  io_.restart();
  while (!visits_.empty()) {
    io_.run_one_for(kLongestRest);
    visit_run_.elapsed();  // may throw
  }
  timer.cancel();
  io_.poll();  // lets cancelled operations go
}

void BeastWeb::start_ready() {
  while (const std::optional<Pacer::Ticket> ticket = pacer_.next()) {
    const std::shared_ptr<WebVisit> visit = visits_.at(*ticket);
    under_way_.emplace(*ticket, Pacer::Door(visit->endpoint()));
    ++sent_;
    visit->start();
  }
}

void BeastWeb::finish(Pacer::Ticket ticket, Outcome outcome, bool connected) {
  asio::post(io_, [over = std::move(visits_.at(ticket))] {});
  visits_.erase(ticket);
  const auto begun = under_way_.find(ticket);
  if (begun == under_way_.end()) return;
  const Pacer::Door door = begun->second;
  under_way_.erase(begun);
  pacer_.finished(door, heard(outcome, connected));
  if (pacer_.given_up(door))
    abandon(pacer_.withdraw(door), given_up({door.transport, door.address, door.port}));
  start_ready();
}

void BeastWeb::abandon(const std::vector<Pacer::Ticket>& tickets, const Failure& failure) {
  for (const Pacer::Ticket ticket : tickets) {
    const std::shared_ptr<WebVisit> visit = visits_.at(ticket);
    visit->abandon(failure);
  }
}

void BeastWeb::end_run() {
  reach_limit(time_is_up());
  const Failure late{Outcome::not_asked, time_is_up()};
  abandon(pacer_.withdraw_all(), late);
  const std::map<Pacer::Ticket, std::shared_ptr<WebVisit>> left = visits_;
  for (const auto& [ticket, visit] : left) visit->abandon(late);
}

void BeastWeb::reach_limit(const std::string& limit) {
  if (std::find(limits_.begin(), limits_.end(), limit) == limits_.end()) limits_.push_back(limit);
}

}  // namespace

std::unique_ptr<Web> make_web(const observe::Settings& settings, std::function<double()> elapsed) {
  return std::make_unique<BeastWeb>(settings, std::move(elapsed));
}

}  // namespace dcv::net
