// A whole run over arbitrary replies: whatever servers say, the walk ends, and what was seen can be
// judged, told and saved.

#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "dns/wire.h"
#include "fuzz/observation_use.h"
#include "net/limits.h"
#include "net/packet.h"
#include "resolve/collect.h"
#include "resolve/root_hints.h"
#include "resolve/trust_anchors.h"

using namespace dcv;

namespace {

// A question gets a reply of the script that is one to it, if there is any, else the next of all;
// after the last it begins anew.
class Script final : public net::Transport {
 public:
  explicit Script(std::vector<std::string_view> replies) : replies_(std::move(replies)) {
    for (const std::string_view reply : replies_) {
      const Result<dns::Message> message = dns::decode(reply);
      questions_.push_back(message ? message->question : std::nullopt);
    }
  }

  void ask(net::Query query, Done done) override {
    observe::Exchange exchange = net::exchange_for(query);
    exchange.sent_at = elapsed_;
    ++asked_;
    if (asked_ <= kMost) take_reply(exchange);
    pending_.emplace_back(std::move(exchange), std::move(done));
  }
  void run() override {
    while (!pending_.empty()) {
      auto [exchange, done] = std::move(pending_.front());
      pending_.pop_front();
      elapsed_ += 0.01;
      done(std::move(exchange));
    }
  }
  double elapsed() const override { return elapsed_; }
  int sent() const override { return asked_; }
  std::vector<std::string> limits_reached() const override { return {}; }

 private:
  // Where the real one would stop; lower, so that an input takes milliseconds.
  static constexpr int kMost = net::kQuestionsPerRun / 10;

  void take_reply(observe::Exchange& exchange) {
    exchange.attempts = 1;
    exchange.outcome = observe::Outcome::timeout;
    if (replies_.empty()) return;
    exchange.bytes = reply_to(exchange.question);
    const Result<dns::Message> reply = dns::decode_reply(exchange.bytes);
    if (!reply) {
      exchange.outcome = observe::Outcome::malformed;
      exchange.detail = reply.error();
      return;
    }
    exchange.outcome = observe::Outcome::reply;
    exchange.reply = *reply;
    exchange.kind = dns::classify(*exchange.reply, exchange.question, exchange.zone);
  }

  std::string_view reply_to(const dns::Question& question) {
    std::size_t chosen = next_;
    for (std::size_t i = 0; i < replies_.size(); ++i) {
      const std::size_t at = (next_ + i) % replies_.size();
      if (questions_[at] != question) continue;
      chosen = at;
      break;
    }
    next_ = (chosen + 1) % replies_.size();
    return replies_[chosen];
  }

  std::vector<std::string_view> replies_;
  std::vector<std::optional<dns::Question>> questions_;  // that each is a reply to
  std::size_t next_ = 0;
  int asked_ = 0;
  double elapsed_ = 0;
  std::deque<std::pair<observe::Exchange, Done>> pending_;
};

resolve::Plan plan() {
  resolve::Plan plan;
  plan.targets = {{.identifier = *dns::parse_identifier("app.shop.example")}};
  plan.root_hints = resolve::builtin_root_hints();
  plan.root_hints.resize(2);
  plan.trust_anchors = resolve::builtin_trust_anchors();
  plan.started_at = plan.now = 1.8e9;
  return plan;
}

}  // namespace

// Input: replies, each behind two bytes with its length.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Parts parts(fuzz::text_of(data, size));
  std::vector<std::string_view> replies;
  while (!parts.empty()) replies.push_back(parts.block());
  Script script(std::move(replies));
  const observe::Observation seen = resolve::collect(plan(), script);
  fuzz::use(seen, fuzz::text_of(data, size));
  return 0;
}
