#pragma once
// The two seams to the network around others: once `stop` is set, the next question or answer ends
// the run by throwing Stopped. For a probe that nobody waits for any more.

#include <atomic>

#include "net/transport.h"
#include "net/web.h"

namespace dcv::probes {

struct Stopped {};

class StoppableTransport : public net::Transport {
 public:
  // Keeps references.
  StoppableTransport(net::Transport& inner, const std::atomic<bool>& stop)
      : inner_(inner), stop_(stop) {}

  void ask(net::Query query, Done done) override;
  void run() override { inner_.run(); }
  double elapsed() const override { return inner_.elapsed(); }
  int sent() const override { return inner_.sent(); }
  std::vector<std::string> limits_reached() const override { return inner_.limits_reached(); }

 private:
  net::Transport& inner_;
  const std::atomic<bool>& stop_;
};

class StoppableWeb : public net::Web {
 public:
  // Keeps references.
  StoppableWeb(net::Web& inner, const std::atomic<bool>& stop) : inner_(inner), stop_(stop) {}

  void fetch(net::WebRequest request, Fetched done) override;
  void shake(observe::Handshake handshake, Shaken done) override;
  void run() override { inner_.run(); }
  int sent() const override { return inner_.sent(); }
  std::vector<std::string> limits_reached() const override { return inner_.limits_reached(); }

 private:
  net::Web& inner_;
  const std::atomic<bool>& stop_;
};

}  // namespace dcv::probes
