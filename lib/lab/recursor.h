#pragma once
// A recursive resolver without a cache: answers any question from the zones of the whole lab, as
// it would find them on its way from the root. Knows no packets, no sockets and no clock.

#include <memory>
#include <string>

#include "lab/internet.h"

namespace dcv::lab {

class Recursor {
 public:
  Recursor(std::string server_name, std::shared_ptr<const Internet> internet);

  // Fills rcode, AD and the sections of `reply`; returns the code of an extended error (RFC 8914),
  // 0 for none. The zones in `own` win over those of the Internet.
  int answer(const dns::Message& query, const ZoneSet& own, dns::Message& reply) const;

 private:
  std::string server_name_;
  std::shared_ptr<const Internet> internet_;
};

}  // namespace dcv::lab
