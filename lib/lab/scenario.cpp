// Reads scenario folders on top of the base Internet; see scenario.h. The JSON itself is read in
// scenario_json.cpp.

#include "lab/scenario.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "dns/zone_file.h"
#include "lab/scenario_json.h"

namespace dcv::lab {
namespace {

namespace fs = std::filesystem;

Result<std::string> read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) return Error{path.string() + " cannot be read"};
  return text.str();
}

// The zone files of a scenario over those of the base Internet; each is read once.
class ZoneFiles {
 public:
  ZoneFiles(fs::path folder, fs::path base) : folder_(std::move(folder)), base_(std::move(base)) {}

  static std::string file_name(const dns::Name& apex, const std::string& variant) {
    const std::string zone = apex.is_root() ? "root" : apex.lower().prose();
    return zone + (variant.empty() ? "" : "." + variant) + ".zone";
  }

  bool has(const dns::Name& apex, const std::string& variant) const {
    const std::string file = file_name(apex, variant);
    return fs::exists(folder_ / file) || fs::exists(base_ / file);
  }

  Result<std::vector<dns::Record>> read(const dns::Name& apex, const std::string& variant) {
    const std::string file = file_name(apex, variant);
    if (const auto known = records_.find(file); known != records_.end()) return known->second;
    const bool own = fs::exists(folder_ / file);
    auto records = parse((own ? folder_ : base_) / file, apex);
    if (!records) return records;
    std::vector<dns::Record> all = *records;
    if (const fs::path more = folder_ / (file + ".add"); fs::exists(more)) {
      const auto added = parse(more, apex);
      if (!added) return added;
      all.insert(all.end(), added->begin(), added->end());
    }
    return records_[file] = std::move(all);
  }

  // A file in the scenario's folder that no server asked for is a slip.
  Result<bool> check_all_used() const {
    for (const auto& entry : fs::directory_iterator(folder_)) {
      std::string file = entry.path().filename().string();
      if (file.ends_with(".add")) file.resize(file.size() - 4);
      if (file.ends_with(".zone") && !records_.contains(file)) {
        return Error{entry.path().string() + " is a zone that no server has"};
      }
    }
    return true;
  }

 private:
  static Result<std::vector<dns::Record>> parse(const fs::path& path, const dns::Name& apex) {
    const auto text = read_file(path);
    if (!text) return Error{text.error()};
    auto records = dns::parse_zone(*text, apex);
    if (!records) return Error{path.string() + ": " + records.error()};
    return records;
  }

  fs::path folder_, base_;
  std::map<std::string, std::vector<dns::Record>> records_;  // by file name
};

// The base's servers, those of the same name replaced, then the others of the scenario.
std::vector<Server> overlay(std::vector<Server> base, const std::vector<Server>& own) {
  for (Server& server : base) server.of_base = true;
  for (const Server& server : own) {
    const auto same = [&](const Server& each) { return each.name == server.name; };
    const auto at = std::find_if(base.begin(), base.end(), same);
    if (at != base.end()) {
      *at = server;
    } else {
      base.push_back(server);
    }
  }
  return base;
}

Result<bool> read_alternates(Server& server, const std::string& variant, ZoneFiles& files) {
  bool found = false;
  for (ZoneCopy& zone : server.zones) {
    if (!files.has(zone.apex, variant)) continue;
    auto records = files.read(zone.apex, variant);
    if (!records) return Error{records.error()};
    zone.alternates[variant] = std::move(records).value();
    found = true;
  }
  if (found) return true;
  return Error{"server " + server.name + ": alternate \"" + variant +
               "\" is no variant of its zones"};
}

Result<bool> read_zones(Server& server, ZoneFiles& files) {
  for (const ZoneChoice& choice : server.choices) {
    auto records = files.read(choice.apex, choice.variant);
    if (!records) return Error{"server " + server.name + ": " + records.error()};
    server.zones.push_back({choice.apex, choice.variant, std::move(records).value(), {}});
  }
  for (const ServerAddress& each : server.addresses) {
    if (each.behaviour.alternate.empty()) continue;
    if (auto read = read_alternates(server, each.behaviour.alternate, files); !read) return read;
  }
  return true;
}

Result<bool> check_addresses_unique(const std::vector<Server>& servers) {
  std::map<dns::IpAddress, std::string> owners;
  for (const Server& server : servers) {
    for (const ServerAddress& each : server.addresses) {
      const auto [at, fresh] = owners.emplace(each.address, server.name);
      if (fresh) continue;
      return Error{each.address.text() + " belongs to both " + at->second + " and " + server.name};
    }
  }
  return true;
}

Result<bool> check_ports_unique(const std::vector<WebServer>& servers) {
  std::set<std::pair<dns::IpAddress, std::uint16_t>> taken;
  for (const WebServer& server : servers) {
    for (const dns::IpAddress& each : server.addresses) {
      if (taken.emplace(each, server.port).second) continue;
      return Error{"two web servers have port " + std::to_string(server.port) + " of " +
                   each.text()};
    }
  }
  return true;
}

Result<Scenario> read_story_and_servers(const fs::path& folder) {
  const auto text = read_file(folder / "scenario.json");
  if (!text) return Error{text.error()};
  auto scenario = parse_scenario_json(*text);
  if (!scenario) return Error{(folder / "scenario.json").string() + ": " + scenario.error()};
  Scenario read = std::move(scenario).value();
  read.story.id = fs::weakly_canonical(folder).filename().string();
  return read;
}

Result<std::vector<Server>> read_base(const fs::path& base) {
  const auto text = read_file(base / "base.json");
  if (!text) return Error{text.error()};
  auto servers = parse_base_json(*text);
  if (!servers) return Error{(base / "base.json").string() + ": " + servers.error()};
  return servers;
}

}  // namespace

Result<Scenario> load_scenario(const fs::path& folder, const fs::path& base) {
  auto read = read_story_and_servers(folder);
  if (!read) return read;
  auto base_servers = read_base(base);
  if (!base_servers) return Error{base_servers.error()};
  Scenario scenario = std::move(read).value();
  scenario.servers = overlay(std::move(base_servers).value(), scenario.servers);
  ZoneFiles files(folder, base);
  for (Server& server : scenario.servers) {
    if (auto zones = read_zones(server, files); !zones) return Error{zones.error()};
  }
  const std::string file = (folder / "scenario.json").string();
  if (auto unique = check_addresses_unique(scenario.servers); !unique) {
    return Error{file + ": " + unique.error()};
  }
  if (auto unique = check_ports_unique(scenario.web); !unique) {
    return Error{file + ": " + unique.error()};
  }
  if (auto used = files.check_all_used(); !used) return Error{used.error()};
  return scenario;
}

Result<std::vector<Story>> list_stories(const fs::path& folder) {
  std::error_code failure;
  std::set<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(folder, failure)) {
    if (fs::exists(entry.path() / "scenario.json")) folders.insert(entry.path());
  }
  if (failure) return Error{folder.string() + " cannot be read: " + failure.message()};
  std::vector<Story> stories;
  for (const fs::path& each : folders) {
    auto scenario = read_story_and_servers(each);
    if (!scenario) return Error{scenario.error()};
    stories.push_back(std::move(scenario).value().story);
  }
  return stories;
}

}  // namespace dcv::lab
