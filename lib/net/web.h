#pragma once
// The seam to web servers: fetch this URL from that address, shake hands with that address. As
// Transport is for name servers.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "observe/fetch.h"
#include "observe/observation.h"

namespace dcv::net {

// Bytes of a body that are kept; a CA reads fewer (Boulder 128), error pages are longer.
inline constexpr std::size_t kWebBody = 4096;
// Seconds for a connection to stand, if settings.query_timeout is not shorter (Boulder).
inline constexpr double kWebDialSeconds = 10;

// What is to be fetched: the fields of `fetch` up to `came_from` are set, the rest is for the
// reply. `target` is the request line's path and query; the Host header is made of host and port.
struct WebRequest {
  observe::Fetch fetch;
  std::string target;
};

class Web {
 public:
  using Fetched = std::function<void(const observe::Fetch&)>;
  using Shaken = std::function<void(const observe::Handshake&)>;

  virtual ~Web() = default;

  // Begins a GET (RFC 9112) over TCP, or over TLS without looking at the certificate. Follows
  // nothing. The connection has to stand within settings.query_timeout, and the reply has three
  // times as long (net/limits.h); all ends with the run. Calls `done` once, from run(). An address
  // of special purpose is not asked unless the settings allow it: its outcome is not_asked.
  virtual void fetch(WebRequest request, Fetched done) = 0;
  // Begins a TLS handshake (1.2 at least) with `host` as server name, offering acme-tls/1 only.
  virtual void shake(observe::Handshake handshake, Shaken done) = 0;
  // Until nothing is under way. May be called again after more was begun.
  virtual void run() = 0;
  // Connections begun so far.
  virtual int sent() const = 0;
  // The named limits that were reached, in words, each once.
  virtual std::vector<std::string> limits_reached() const = 0;
};

// One thread, Boost.Beast. `elapsed` gives the seconds since the start of the run, by which
// sent_at is told and settings.timeout is kept. It is asked at least twice a second while run()
// waits, and what it throws comes out of there: so a run is ended early.
std::unique_ptr<Web> make_web(const observe::Settings& settings, std::function<double()> elapsed);

}  // namespace dcv::net
