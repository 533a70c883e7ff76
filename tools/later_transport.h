#pragma once
// A transport around another for a look later in a run: its times and counts go on from those of
// the looks before, and it gives up when a signal has come.

#include <functional>

#include "net/transport.h"

namespace dcv::tools {

class LaterTransport : public net::Transport {
 public:
  // `seconds` since the start of the run, `sent` by the looks before. Keeps references.
  LaterTransport(net::Transport& inner, double seconds, int sent,
                 const std::function<bool()>& interrupted)
      : inner_(inner), seconds_(seconds), sent_(sent), interrupted_(interrupted) {}

  // The answer throws Interrupted out of run() when a signal has come.
  void ask(net::Query query, Done done) override;
  void run() override { inner_.run(); }
  double elapsed() const override { return seconds_ + inner_.elapsed(); }
  int sent() const override { return sent_ + inner_.sent(); }
  std::vector<std::string> limits_reached() const override { return inner_.limits_reached(); }

 private:
  net::Transport& inner_;
  double seconds_;
  int sent_;
  const std::function<bool()>& interrupted_;
};

}  // namespace dcv::tools
