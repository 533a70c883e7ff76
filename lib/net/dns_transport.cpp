// The real transport: takes questions in, lets the pacer choose which go out, and ends the run.

#include "net/dns_transport.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "net/asio.h"
#include "net/channel_course.h"
#include "net/channel_pool.h"
#include "net/failure.h"
#include "net/limits.h"
#include "net/pacer.h"
#include "net/seconds.h"
#include "net/udp_course.h"

namespace dcv::net {
namespace {

using observe::Outcome;
using Clock = std::chrono::steady_clock;

// The usual limit of a process is 1024 files; what it may have beyond that, it has to ask for.
int questions_in_flight() {
  constexpr rlim_t kWanted = kQuestionsInFlight + kOtherFiles;
  rlimit files{1024, 1024};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < kWanted) {
    files.rlim_cur = std::min(kWanted, files.rlim_max);
    setrlimit(RLIMIT_NOFILE, &files);
  }
  const int room = static_cast<int>(std::min(files.rlim_cur, kWanted));
  return std::max({1, room / 2, room - kOtherFiles});
}

Pacer::Heard heard(const observe::Exchange& exchange, const observe::Endpoint& endpoint) {
  const bool udp = endpoint.transport == observe::Transport::udp;
  switch (exchange.outcome) {
    case Outcome::timeout:
      // An authority's TCP alone may be filtered, and wrong replies are replies.
      return (!udp || exchange.attempts > 1) && exchange.mismatched == 0 && !exchange.truncated
                 ? Pacer::Heard::nothing
                 : Pacer::Heard::not_asked;
    case Outcome::unreachable:
    case Outcome::not_asked:
      return Pacer::Heard::not_asked;
    default:
      return Pacer::Heard::something;
  }
}

class DnsTransport final : public Transport {
 public:
  DnsTransport(const observe::Settings& settings, std::uint16_t port)
      : settings_(settings),
        port_(port),
        course_run_{io_, [this] { return elapsed(); }, settings.query_timeout, channels_, 0},
        run_timer_(io_, started_ + to_duration(settings.timeout)) {
    run_timer_.async_wait([this](const ErrorCode& error) {
      if (!error) end_run(time_is_up());
    });
  }

  void ask(Query query, Done done) override {
    ++outstanding_;
    asio::post(io_, [this, asked = Asked{std::move(query), std::move(done), nullptr}]() mutable {
      take_in(std::move(asked));
    });
  }

  void run() override {
    io_.restart();
    while (outstanding_ > 0) io_.run_one();
    channels_.close();
    io_.poll();  // lets cancelled operations go
  }

  double elapsed() const override {
    return std::chrono::duration<double>(Clock::now() - started_).count();
  }
  int sent() const override { return course_run_.sent; }
  std::vector<std::string> limits_reached() const override { return limits_; }

 private:
  struct Asked {
    Query query;
    Done done;
    std::shared_ptr<Course> course;  // once it goes out
  };

  void take_in(Asked asked);
  void start_ready();
  void start(Pacer::Ticket ticket);
  void finish(Pacer::Ticket ticket, observe::Exchange exchange);
  void end_run(const std::string& reason);
  void take_stock(const observe::Exchange& exchange);
  void deliver_unsent(Asked& asked, Outcome outcome, const std::string& detail);
  void withdraw(const std::vector<Pacer::Ticket>& tickets, Outcome outcome,
                const std::string& detail);

  std::string reason_not_to_ask(const Query& query) const;
  void reach_limit(const std::string& limit);
  std::string time_is_up() const {
    return "the run's time-out of " + seconds_text(settings_.timeout) + " was reached";
  }

  const observe::Settings settings_;
  const std::uint16_t port_;  // of authoritative servers
  const Clock::time_point started_ = Clock::now();
  asio::io_context io_{1};
  ChannelPool channels_{io_};
  Course::Run course_run_;
  asio::steady_timer run_timer_;
  Pacer pacer_{Pacer::Bounds{.in_flight = questions_in_flight()}};
  std::map<Pacer::Ticket, Asked> asked_;  // waiting or under way
  Pacer::Ticket next_ticket_ = 0;
  int outstanding_ = 0;
  std::size_t records_ = 0, reply_bytes_ = 0;  // of all replies
  std::string over_;                           // why nothing more is asked; empty: the run goes on
  std::vector<std::string> limits_;
};

const char* const kGivenUp = "not sent: the address left all questions before it unanswered";

void DnsTransport::take_in(Asked asked) {
  const std::string reason = reason_not_to_ask(asked.query);
  Query& query = asked.query;
  if (!query.endpoint) query.endpoint = {observe::Transport::udp, query.address, port_};
  const Pacer::Door door(*query.endpoint);
  if (elapsed() >= settings_.timeout) end_run(time_is_up());  // the timer's turn may be later
  if (!over_.empty()) {
    reach_limit(over_);
    return deliver_unsent(asked, Outcome::not_asked, over_);
  }
  if (!reason.empty()) return deliver_unsent(asked, Outcome::not_asked, reason);
  if (pacer_.given_up(door)) return deliver_unsent(asked, Outcome::timeout, kGivenUp);
  if (!pacer_.add(next_ticket_, door)) {
    const std::string limit =
        "the limit of " + std::to_string(kQuestionsPerRun) + " questions a run was reached";
    reach_limit(limit);
    return deliver_unsent(asked, Outcome::not_asked, limit);
  }
  asked_.emplace(next_ticket_++, std::move(asked));
  start_ready();
}

void DnsTransport::start_ready() {
  while (const std::optional<Pacer::Ticket> ticket = pacer_.next()) start(*ticket);
}

void DnsTransport::start(Pacer::Ticket ticket) {
  Asked& asked = asked_.at(ticket);
  const auto done = [this, ticket](observe::Exchange exchange) {
    finish(ticket, std::move(exchange));
  };
  if (asked.query.endpoint->transport == observe::Transport::udp) {
    asked.course = std::make_shared<UdpCourse>(course_run_, asked.query, done);
  } else {
    asked.course = std::make_shared<ChannelCourse>(course_run_, asked.query, done);
  }
  asked.course->start();
}

void DnsTransport::finish(Pacer::Ticket ticket, observe::Exchange exchange) {
  const Asked asked = std::move(asked_.at(ticket));
  asked_.erase(ticket);
  const Pacer::Door door(*asked.query.endpoint);
  --outstanding_;
  pacer_.finished(door, heard(exchange, *asked.query.endpoint));
  if (pacer_.given_up(door)) {
    withdraw(pacer_.withdraw(door), Outcome::timeout, kGivenUp);
  }
  take_stock(exchange);
  start_ready();
  asked.done(std::move(exchange));
}

void DnsTransport::take_stock(const observe::Exchange& exchange) {
  reply_bytes_ += exchange.bytes.size();
  if (const auto& reply = exchange.reply)
    records_ += reply->answer.size() + reply->authority.size() + reply->additional.size();
  if (!over_.empty()) return;
  if (records_ > kRecordsPerRun)
    end_run("the limit of " + std::to_string(kRecordsPerRun) + " records a run was reached");
  else if (reply_bytes_ > kReplyBytesPerRun)
    end_run("the limit of " + std::to_string(kReplyBytesPerRun / 1'000'000) +
            " MB of replies a run was reached");
}

void DnsTransport::end_run(const std::string& reason) {
  if (!over_.empty()) return;
  over_ = reason;
  if (outstanding_ == 0) return;
  reach_limit(over_);
  withdraw(pacer_.withdraw_all(), Outcome::not_asked, over_);
  for (auto& [ticket, asked] : asked_) asked.course->abandon(over_);
}

// Tells of a question that never went out.
void DnsTransport::deliver_unsent(Asked& asked, Outcome outcome, const std::string& detail) {
  observe::Exchange exchange;
  exchange.purpose = asked.query.purpose;
  exchange.zone = asked.query.zone;
  exchange.server = asked.query.server;
  exchange.address = asked.query.endpoint->address;
  exchange.transport = asked.query.endpoint->transport;
  exchange.question = asked.query.question;
  exchange.sent_at = elapsed();
  exchange.depth = asked.query.depth;
  exchange.outcome = outcome;
  exchange.detail = detail;
  --outstanding_;
  asked.done(std::move(exchange));
}

void DnsTransport::withdraw(const std::vector<Pacer::Ticket>& tickets, Outcome outcome,
                            const std::string& detail) {
  for (const Pacer::Ticket ticket : tickets) {
    Asked asked = std::move(asked_.at(ticket));
    asked_.erase(ticket);
    deliver_unsent(asked, outcome, detail);
  }
}

std::string DnsTransport::reason_not_to_ask(const Query& query) const {
  const bool meant = query.endpoint || query.purpose == observe::Purpose::unused_address;
  return net::reason_not_to_ask(query.endpoint ? query.endpoint->address : query.address, settings_,
                                meant);
}

void DnsTransport::reach_limit(const std::string& limit) {
  if (std::find(limits_.begin(), limits_.end(), limit) == limits_.end()) limits_.push_back(limit);
}

}  // namespace

std::unique_ptr<Transport> make_dns_transport(const observe::Settings& settings,
                                              std::uint16_t port) {
  return std::make_unique<DnsTransport>(settings, port);
}

}  // namespace dcv::net
