#pragma once
// A transport around another for one look of several in a run: its times and counts go on from
// those of the looks before, and it comes to an end when a signal has come.

#include <functional>
#include <utility>
#include <vector>

#include "net/transport.h"

namespace dcv::tools {

class LaterTransport : public net::Transport {
 public:
  // What a signal does to a look.
  enum class OnSignal {
    give_up,     // the next answer throws Interrupted out of run(): what was seen before is better
    ask_nothing  // no further question is asked: what was seen so far is all there is
  };

  // `seconds` since the start of the run, `sent` by the looks before. Keeps references.
  LaterTransport(net::Transport& inner, double seconds, int sent, OnSignal on_signal,
                 const std::function<bool()>& interrupted)
      : inner_(inner),
        seconds_(seconds),
        sent_(sent),
        on_signal_(on_signal),
        interrupted_(interrupted) {}

  void ask(net::Query query, Done done) override;
  void run() override;
  double elapsed() const override { return seconds_ + inner_.elapsed(); }
  int sent() const override { return sent_ + inner_.sent(); }
  std::vector<std::string> limits_reached() const override { return inner_.limits_reached(); }

 private:
  net::Transport& inner_;
  double seconds_;
  int sent_;
  OnSignal on_signal_;
  const std::function<bool()>& interrupted_;
  std::vector<std::pair<net::Query, Done>> not_asked_;
};

}  // namespace dcv::tools
