#pragma once
// Finding one's way in an observation. Pure; results point into the observation and live as long.

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "observe/observation.h"

namespace dcv::observe {

const Zone* find_zone(const Observation& observation, const dns::Name& apex);

// The zones from the registrable domain's (the topmost probed one) down to `apex`, top first.
std::vector<const Zone*> probed_path(const Observation& observation, const dns::Name& apex);

struct Selection {
  const dns::Name* zone = nullptr;  // asked as a server of this zone
  const dns::Name* name = nullptr;  // the question's name
  std::optional<Purpose> purpose = std::nullopt;
  const dns::IpAddress* address = nullptr;
  std::optional<dns::RecordType> type = std::nullopt;  // the question's type
};
// All exchanges that match every field set, in the order sent.
std::vector<const Exchange*> select(const Observation& observation, const Selection& selection);

// The same for many selections from one observation, which must not change meanwhile: those with a
// name or a zone look only at its exchanges.
class Index {
 public:
  explicit Index(const Observation& observation);

  std::vector<const Exchange*> select(const Selection& selection) const;

 private:
  struct Entry {
    const Exchange* exchange = nullptr;
    std::size_t zone = 0, name = 0;  // from numbers_
  };
  using Entries = std::vector<Entry>;

  std::size_t number(const dns::Name& name);
  std::size_t known_number(const dns::Name& name) const;  // 0 for a name that was never met

  std::map<std::string, std::size_t> numbers_;  // by the name's wire form in lower case
  Entries all_;
  std::vector<Entries> of_zone_{1}, of_name_{1};  // by number
};

// Every address of the zone: glue and own addresses of all servers, each with its server; sorted
// by server name, then address, without repetition.
struct ServerAddress {
  const NameServer* server = nullptr;
  dns::IpAddress address;
};
std::vector<ServerAddress> addresses_of(const Zone& zone);

// "ns1.shop.example (192.0.2.1)": how a server is named to people everywhere.
std::string label(const Exchange& exchange);
std::string label(const dns::Name& server, const dns::IpAddress& address);

}  // namespace dcv::observe
