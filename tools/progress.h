#pragma once
// A transport around another that shows on a terminal how far the run has come.

#include <ostream>

#include "net/transport.h"

namespace dcv::tools {

class Progress : public net::Transport {
 public:
  // Keeps references. Shows nothing unless `enabled`.
  Progress(net::Transport& inner, std::ostream& terminal, bool enabled)
      : inner_(inner), terminal_(terminal), enabled_(enabled) {}

  void ask(net::Query query, Done done) override;
  void run() override { inner_.run(); }
  double elapsed() const override { return inner_.elapsed(); }
  int sent() const override { return inner_.sent(); }
  std::vector<std::string> limits_reached() const override { return inner_.limits_reached(); }

  // Wipes the line.
  void clear();

 private:
  void show(const dns::Name& zone);

  net::Transport& inner_;
  std::ostream& terminal_;
  bool enabled_;
  int asked_ = 0, answered_ = 0;
  double shown_at_ = -1;  // seconds
};

}  // namespace dcv::tools
