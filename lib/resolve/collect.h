#pragma once
// The authority eye, from the root to the proof of each target, every server asked; and beside it
// the CA eye, which asks as a CA does.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dns/identifier.h"
#include "net/transport.h"
#include "net/web.h"
#include "observe/observation.h"

namespace dcv::resolve {

// What a web server is asked for.
struct WebWish {
  std::string scheme = "http";
  std::uint16_t port = 80;
  std::string path;        // begins with "/"; empty: only the handshake
  bool handshake = false;  // TLS with acme-tls/1
};

struct PlannedTarget {
  dns::Identifier identifier;
  std::vector<std::string> expected = {};  // values that must be there; may be empty
  std::vector<dns::Question> places = {};  // where the CA may find the proof, and what it needs
                                           // besides; the first is where to publish it; empty: as
                                           // for dns-01
  std::string method = "dns-01";
  std::string profile = {};  // CaProfile::name to judge for; empty: all
  std::optional<WebWish> web = {};
  std::string csr_key = {}, previous_csr_key = {};  // as in Target
  std::vector<std::string> csr_other_names = {};
  std::optional<std::vector<dns::Record>> delegation = {};  // as Target::delegation
};

// The places of a target, at least one; an error when a name would be too long.
Result<std::vector<dns::Question>> places_of(const PlannedTarget& target);

struct Plan {
  std::vector<PlannedTarget> targets;  // at least one
  std::vector<observe::NameServer> root_hints;
  std::vector<observe::CaProfile> profiles;  // of the CAs to judge for; empty: the default one
  std::vector<std::string> account_uris;     // of the client's ACME accounts, as far as told
  std::vector<dns::Record> trust_anchors;    // of the root; empty: nothing is validated
  std::vector<observe::Provider> providers;  // that the user told of
  observe::Settings settings;
  double started_at = 0;  // Unix seconds, for the record
  double now = 0;         // Unix seconds: the clock to judge by
  bool caa = true;        // also asks for CAA, from each identifier upwards
  bool ca_eye = false;    // asks the network by itself, not through the transport
};

// Asks through `transport`, and web servers through `web`, until everything that matters is known
// or the limits are reached. No question is sent twice to one address, but for the samples of the
// proof (see Purpose).
observe::Observation collect(const Plan& plan, net::Transport& transport, net::Web* web = nullptr);

}  // namespace dcv::resolve
