// The root servers: the built-in table and files in the format of named.root.
#include "resolve/root_hints.h"

#include <algorithm>

#include "dns/zone_file.h"

namespace dcv::resolve {
namespace {

struct Hint {
  const char* letter;
  const char* ipv4;
  const char* ipv6;
};

constexpr Hint kHints[] = {
    {"a", "198.41.0.4", "2001:503:ba3e::2:30"}, {"b", "170.247.170.2", "2801:1b8:10::b"},
    {"c", "192.33.4.12", "2001:500:2::c"},      {"d", "199.7.91.13", "2001:500:2d::d"},
    {"e", "192.203.230.10", "2001:500:a8::e"},  {"f", "192.5.5.241", "2001:500:2f::f"},
    {"g", "192.112.36.4", "2001:500:12::d0d"},  {"h", "198.97.190.53", "2001:500:1::53"},
    {"i", "192.36.148.17", "2001:7fe::53"},     {"j", "192.58.128.30", "2001:503:c27::2:30"},
    {"k", "193.0.14.129", "2001:7fd::1"},       {"l", "199.7.83.42", "2001:500:9f::42"},
    {"m", "202.12.27.33", "2001:dc3::35"},
};

}  // namespace

std::vector<observe::NameServer> builtin_root_hints() {
  std::vector<observe::NameServer> servers;
  for (const Hint& hint : kHints) {
    observe::NameServer server;
    server.name = dns::Name::of(std::string(hint.letter) + ".root-servers.net");
    server.glue = {dns::IpAddress::of(hint.ipv4), dns::IpAddress::of(hint.ipv6)};
    servers.push_back(std::move(server));
  }
  return servers;
}

Result<std::vector<observe::NameServer>> parse_root_hints(const std::string& text) {
  Result<std::vector<dns::Record>> records = dns::parse_zone(text, dns::Name());
  if (!records) return Error{records.error()};
  std::vector<observe::NameServer> servers;
  for (const dns::Record& record : *records) {
    if (record.type != dns::RecordType::ns || !record.owner.is_root()) continue;
    const std::optional<dns::Name> name = dns::as_target(record);
    if (!name) continue;
    observe::NameServer server;
    server.name = *name;
    for (const dns::Record& other : *records) {
      const std::optional<dns::IpAddress> address = dns::as_address(other);
      if (address && other.owner == *name) server.glue.push_back(*address);
    }
    std::sort(server.glue.begin(), server.glue.end());
    if (!server.glue.empty()) servers.push_back(std::move(server));
  }
  if (servers.empty()) return Error{"there is no root server with an address in it"};
  return servers;
}

}  // namespace dcv::resolve
