// The CA eye's resolvers; the only file that knows libunbound.
#include "resolve/ca_resolver.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unbound.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <deque>
#include <future>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

#include "dns/wire.h"
#include "resolve/ca_reason.h"
#include "resolve/limits.h"

namespace dcv::resolve {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

double seconds_since(Clock::time_point start) {
  return Seconds(Clock::now() - start).count();
}

std::runtime_error failure(const std::string& why) {
  return std::runtime_error("could not set up the CA's resolver: " + why);
}

const char* yes_or_no(bool value) {
  return value ? "yes" : "no";
}

// The form of val-override-date; the library takes it as UTC.
std::string date_text(double now) {
  const std::time_t seconds = static_cast<std::time_t>(now);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[16];
  std::strftime(text, sizeof text, "%Y%m%d%H%M%S", &parts);
  return text;
}

// A question under way and what came of it.
struct Asked {
  observe::CaAnswer answer;
  Clock::time_point start;
  int* open = nullptr;  // how many are under way
};

void take_result(observe::CaAnswer& answer, const ub_result& result) {
  // The library hands out what failed validation; a CA's resolver answers SERVFAIL.
  answer.rcode = result.bogus ? dns::Rcode::servfail : static_cast<dns::Rcode>(result.rcode);
  answer.secure = result.secure != 0;
  answer.bogus = result.bogus != 0;
  if (result.why_bogus) answer.reason = result.why_bogus;
  if (answer.bogus) answer.extended_error = extended_error_of(answer.reason);
  answer.bytes.assign(static_cast<const char*>(result.answer_packet),
                      static_cast<std::size_t>(result.answer_len));
  Result<dns::Message> reply = dns::decode(answer.bytes);
  if (reply) answer.reply = std::move(reply).value();
}

void on_answer(void* argument, int error, ub_result* result) {
  Asked& asked = *static_cast<Asked*>(argument);
  asked.answer.duration = seconds_since(asked.start);
  asked.answer.finished = error == 0;
  if (error)
    asked.answer.reason = ub_strerror(error);
  else
    take_result(asked.answer, *result);
  if (result) ub_resolve_free(result);
  --*asked.open;
}

// One libunbound context, with a thread of its own inside.
class Perspective {
 public:
  Perspective(const Plan& plan, const observe::CaProfile& profile)
      : context_(ub_ctx_create(), ub_ctx_delete) {
    if (!context_) throw failure("out of memory");
    ub_ctx_debugout(context_.get(), nullptr);
    set_behaviour(profile);
    set_world(plan);
    check(ub_ctx_async(context_.get(), 1), "threads");
  }

  int fd() const { return ub_fd(context_.get()); }
  // Calls on_answer() for what has come.
  void process() { ub_process(context_.get()); }

  // `asked` must stay where it is until it is answered or this ends.
  void ask(Asked& asked) {
    const dns::Question& question = asked.answer.question;
    const int error = ub_resolve_async(context_.get(), question.name.text().c_str(),
                                       static_cast<int>(question.type), question.record_class,
                                       &asked, on_answer, nullptr);
    if (error) on_answer(&asked, error, nullptr);
  }

 private:
  // As Let's Encrypt has published (github.com/jsha/unboundtest), where the profile says no other.
  void set_behaviour(const observe::CaProfile& profile) {
    set("module-config:", "validator iterator");
    set("use-caps-for-id:", yes_or_no(profile.random_case));
    set("qname-minimisation:", yes_or_no(profile.minimises_names));
    set("edns-buffer-size:", std::to_string(profile.edns_size));
    set("max-query-restarts:", std::to_string(profile.most_aliases));
    set("harden-glue:", "yes");
    set("harden-dnssec-stripped:", "yes");
    set("harden-below-nxdomain:", "no");
    set("harden-algo-downgrade:", "no");
    set("cache-max-ttl:", "0");
    set("cache-max-negative-ttl:", "0");
    set("neg-cache-size:", "0");
    set("val-sig-skew-min:", "0");
    set("val-sig-skew-max:", "0");
    set("outgoing-range:", "60");  // sockets at once; with the library's 16 questions would queue
  }

  void set_world(const Plan& plan) {
    set("do-ip4:", yes_or_no(plan.settings.ipv4));
    set("do-ip6:", yes_or_no(plan.settings.ipv6));
    if (!plan.settings.allow_private) {
      for (const std::string& block : dns::special_purpose_blocks()) {
        set("private-address:", block);
        set("do-not-query-address:", block);
      }
    }
    if (plan.now != plan.started_at) set("val-override-date:", date_text(plan.now));
    for (const observe::NameServer& server : plan.root_hints)
      for (const dns::IpAddress& address : server.glue)
        check(ub_ctx_set_stub(context_.get(), ".", address.text().c_str(), 1), "root servers");
    for (const dns::Record& anchor : plan.trust_anchors)
      check(ub_ctx_add_ta(context_.get(), dns::zone_line(anchor).c_str()), "trust anchors");
  }

  void set(const std::string& option, const std::string& value) {
    check(ub_ctx_set_option(context_.get(), option.c_str(), value.c_str()), option + " " + value);
  }

  static void check(int error, const std::string& what) {
    if (error) throw failure(what + ": " + ub_strerror(error));
  }

  std::unique_ptr<ub_ctx, void (*)(ub_ctx*)> context_;
};

}  // namespace

// Takes answers in while the caller does something else, in a thread of its own so that their
// times are right. The other thread does not touch a thing from start() to stop().
class CaResolver::Collector {
 public:
  Collector() : wake_(eventfd(0, EFD_CLOEXEC)) {
    if (wake_ < 0) throw failure("no file descriptor left");
  }
  ~Collector() {
    stop();
    close(wake_);
  }
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  void ask(const Plan& plan, const CaQuestion& question) {
    auto& perspective = perspectives_[{question.profile.name, question.perspective}];
    if (!perspective) perspective = std::make_unique<Perspective>(plan, question.profile);
    Asked& asked = asked_.emplace_back();
    asked.answer.profile = question.profile.name;
    asked.answer.perspective = question.perspective;
    asked.answer.question = question.question;
    asked.start = Clock::now();
    asked.open = &open_;
    ++open_;
    perspective->ask(asked);
  }

  void start() {
    collecting_ = std::async(std::launch::async, [this] { collect(); });
  }
  void wait(double seconds) {
    collecting_.wait_for(Seconds(std::min(seconds, kCaPatience - seconds_since(start_))));
  }
  void stop() {
    if (!collecting_.valid()) return;
    eventfd_write(wake_, 1);
    collecting_.get();
  }

  std::vector<observe::CaAnswer> take() {
    std::vector<observe::CaAnswer> answers;
    for (Asked& asked : asked_) {
      if (!asked.answer.finished && asked.answer.reason.empty())
        asked.answer.duration = seconds_since(asked.start);
      answers.push_back(std::move(asked.answer));
    }
    return answers;
  }

 private:
  void collect() {
    std::vector<pollfd> ready = {{wake_, POLLIN, 0}};
    std::vector<Perspective*> perspectives = {nullptr};
    for (const auto& [key, perspective] : perspectives_) {
      ready.push_back({perspective->fd(), POLLIN, 0});
      perspectives.push_back(perspective.get());
    }
    while (open_ > 0) {
      if (poll(ready.data(), ready.size(), -1) < 0) continue;  // a signal
      if (ready[0].revents) return;
      for (std::size_t i = 1; i < ready.size(); ++i)
        if (ready[i].revents) perspectives[i]->process();
    }
  }

  const Clock::time_point start_ = Clock::now();
  std::deque<Asked> asked_;  // must outlive the perspectives, which hold their addresses
  int open_ = 0;
  std::map<std::pair<std::string, int>, std::unique_ptr<Perspective>> perspectives_;
  int wake_;
  std::future<void> collecting_;
};

CaResolver::CaResolver(const Plan& plan, const std::vector<CaQuestion>& questions)
    : collector_(std::make_unique<Collector>()) {
  for (const CaQuestion& question : questions) collector_->ask(plan, question);
  collector_->start();
}

CaResolver::~CaResolver() = default;

std::vector<observe::CaAnswer> CaResolver::finish(double seconds) {
  collector_->wait(seconds);
  collector_->stop();
  return collector_->take();
}

}  // namespace dcv::resolve
