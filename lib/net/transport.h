#pragma once
// The one seam to the network: ask one question of one address by a deadline. Small, so that
// tests script it. No Asio here.

#include <functional>

#include "observe/exchange.h"
#include "observe/observation.h"

namespace dcv::net {

struct Query {
  // Special-purpose addresses are refused unless allowed, but for Purpose::unused_address.
  observe::Purpose purpose = observe::Purpose::proof;
  dns::Name zone;
  dns::Name server;
  dns::IpAddress address;
  dns::Question question;  // in any case; the transport mixes it (0x20)
  bool tcp_only = false;   // no UDP first
  // A resolver, asked as told here; without it an authoritative server at `address`, port 53.
  // Whoever names an endpoint wants it asked: special-purpose addresses are not refused then.
  std::optional<observe::Endpoint> endpoint = std::nullopt;
  bool recursion_desired = false;
  bool checking_disabled = false;                                 // DNSSEC unchecked (RFC 4035)
  std::optional<dns::ClientSubnet> client_subnet = std::nullopt;  // ECS (RFC 7871)
  int depth = 1;  // where the exchange's depth starts
};

// What every exchange about it begins with, before anything is sent.
inline observe::Exchange exchange_for(const Query& query) {
  observe::Exchange exchange;
  exchange.purpose = query.purpose;
  exchange.zone = query.zone;
  exchange.server = query.server;
  exchange.address = query.address;
  exchange.question = query.question;
  exchange.depth = query.depth;
  return exchange;
}

class Transport {
 public:
  // Receives the finished exchange. reply, kind, timings and outcome are set.
  using Done = std::function<void(observe::Exchange)>;

  virtual ~Transport() = default;

  // Queues one question. `done` is called exactly once, from run(), never from inside ask();
  // after the run's deadline at once with Outcome::not_asked.
  virtual void ask(Query query, Done done) = 0;

  // Serves until no question is outstanding. Callbacks may ask more.
  virtual void run() = 0;

  // Seconds since the start of the run.
  virtual double elapsed() const = 0;
  // Packets and connections sent so far.
  virtual int sent() const = 0;
  // The named limits that were reached, in words, each once.
  virtual std::vector<std::string> limits_reached() const = 0;
};

}  // namespace dcv::net
