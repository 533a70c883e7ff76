#pragma once
// A scenario of the lab as plain values: the story, the servers, their copies of the zones and
// their misbehaviour. docs/lab.md describes the folder that it is read from.

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dns/record.h"
#include "dns/zone_signer.h"
#include "lab/behaviour.h"
#include "lab/web.h"

namespace dcv::lab {

struct ExpectedFinding {
  std::string id, subject;
  std::string severity;  // empty: any
  std::string cause;     // the id of what explains it; empty: nothing does
};

// What a scenario is about; the servers know nothing of it.
struct Story {
  std::string id;  // the folder's name
  std::string title, about;
  std::vector<std::string> command;
  std::string verdict;
  std::vector<ExpectedFinding> findings;
  std::string mend;  // the verdict with all remedies applied; empty if they do not mend it
};

enum class Signing {
  good,
  expired,
  not_yet,
  expiring,  // within a day
  wrong_ds,
  no_ds,
  unsigned_with_ds,
  unknown_algorithm,  // of the DS record
  unsigned_copy,
  broken_signatures,
  other_key,
  unrectified,  // only the apex has its NSEC or NSEC3 record
};

struct ZoneSigning {
  Signing way = Signing::good;
  std::map<std::string, Signing> at;       // by server name, where it differs
  std::optional<dns::Nsec3Options> nsec3;  // instead of NSEC
};

struct ZoneChoice {
  dns::Name apex;
  std::string variant;  // empty for the plain zone file
};

// A server's own copy of a zone, so that servers can differ.
struct ZoneCopy {
  dns::Name apex;
  std::string variant;
  std::vector<dns::Record> records;
  std::map<std::string, std::vector<dns::Record>> alternates;  // by variant, for Behaviour
};

struct ServerAddress {
  dns::IpAddress address;
  Behaviour behaviour;
};

struct Server {
  std::string name;  // as people write it, without the final dot
  std::vector<ServerAddress> addresses;
  std::vector<ZoneChoice> choices;
  std::vector<ZoneCopy> zones;  // one for each choice
  bool of_base = false;         // the scenario takes it as it is in the base Internet
};

struct Scenario {
  Story story;
  bool ipv6 = true;
  std::optional<Behaviour> intercepted;  // of the one resolver that answers at every address
  std::vector<Server> servers;           // those of the base Internet included
  std::vector<WebServer> web;
  std::map<dns::Name, ZoneSigning> sign;
};

// Reads the scenario in `folder` on top of the base Internet in `base`. Errors name the file, and
// the field or line in it.
Result<Scenario> load_scenario(const std::filesystem::path& folder,
                               const std::filesystem::path& base);

// The stories of all scenarios below `folder`, in the order of their ids.
Result<std::vector<Story>> list_stories(const std::filesystem::path& folder);

}  // namespace dcv::lab
