#pragma once
// What a trace tells, whatever its format: the zones on the way of each step and who said what of
// the name. Points into the observation and lives as long.

#include <optional>
#include <string>
#include <vector>

#include "observe/lookup.h"
#include "observe/observation.h"

namespace dcv::report {

// One address of a zone, and the exchange that shows best how it fares there.
struct AddressView {
  const observe::NameServer* server = nullptr;
  dns::IpAddress address;
  const observe::Exchange* exchange = nullptr;  // null: nothing was asked there
  const observe::Exchange* tcp = nullptr;       // the question over TCP, if that was tried
};

struct ZoneView {
  const observe::Zone* zone = nullptr;
  std::vector<AddressView> addresses;
  std::size_t servers_asked = 0;
  std::size_t addresses_serving = 0;  // gave a usable reply
  bool is_heard = false;              // some address replied, if only uselessly
};

// What one or more addresses said of a name.
struct Saying {
  std::string what;  // in words, harmless to print
  std::optional<dns::Name> target;
  bool is_data = false;             // records of the type asked for
  std::vector<std::string> values;  // TXT values as bytes
  std::vector<const observe::Exchange*> exchanges;
};

struct Hop {
  const observe::Step* step = nullptr;
  std::vector<ZoneView> path;  // from the root to the zone that holds the name
  std::vector<Saying> said;    // by most addresses first
};

struct Trace {
  const observe::Target* target = nullptr;
  std::vector<Hop> hops;
};

Trace trace(const observe::Observation& observation, const observe::Target& target);

// Why a walk ended, in words.
std::string_view words(observe::StepEnd end);
// "no answer", "not authoritative": how an exchange ended, in words.
std::string words(const observe::Exchange& exchange);

}  // namespace dcv::report
