#pragma once
// Web servers whose answers a test makes up: no sockets, no waiting.

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "net/web.h"

namespace dcv::testing {

class ScriptedWeb : public net::Web {
 public:
  // Fills in what comes of the request; what it leaves as it is was not asked.
  using Answer = std::function<void(observe::Fetch&)>;
  using Show = std::function<void(observe::Handshake&)>;

  explicit ScriptedWeb(Answer answer, Show show = {})
      : answer_(std::move(answer)), show_(std::move(show)) {}

  void fetch(net::WebRequest request, Fetched done) override {
    asked.push_back(request.fetch.address.text() + " " + request.fetch.url);
    pending_.push_back([this, request = std::move(request), done = std::move(done)]() mutable {
      answer_(request.fetch);
      done(request.fetch);
    });
  }
  void shake(observe::Handshake handshake, Shaken done) override {
    asked.push_back(handshake.address.text() + " TLS " + handshake.host.prose());
    pending_.push_back([this, handshake = std::move(handshake), done = std::move(done)]() mutable {
      show_(handshake);
      done(handshake);
    });
  }
  void run() override {
    ++runs;
    while (!pending_.empty())
      for (const auto& each : std::exchange(pending_, {})) each();
  }
  int sent() const override { return static_cast<int>(asked.size()); }
  std::vector<std::string> limits_reached() const override { return limits; }

  std::vector<std::string> asked;  // "192.0.2.1 http://…", in the order of asking
  int runs = 0;
  std::vector<std::string> limits;

 private:
  Answer answer_;
  Show show_;
  std::vector<std::function<void()>> pending_;
};

}  // namespace dcv::testing
