// Scenarios written out for others; see scenario_export.h.

#include "lab/scenario_export.h"

#include <fstream>
#include <nlohmann/json.hpp>

namespace dcv::lab {
namespace {

namespace fs = std::filesystem;
using json = nlohmann::ordered_json;

Result<bool> write_file(const fs::path& path, const std::string& text) {
  std::error_code failure;
  fs::create_directories(path.parent_path(), failure);
  std::ofstream file(path, std::ios::binary);
  if (file << text << std::flush) return true;
  return Error{path.string() + " cannot be written"};
}

std::string zone_text(const ZoneCopy& zone) {
  std::string text;
  for (const dns::Record& record : zone.records) {  // SOA first, as some servers want it
    if (record.type == dns::RecordType::soa) text += dns::zone_line(record) + "\n";
  }
  for (const dns::Record& record : zone.records) {
    if (record.type != dns::RecordType::soa) text += dns::zone_line(record) + "\n";
  }
  return text;
}

}  // namespace

std::string list_json(const std::vector<Story>& stories) {
  json scenarios = json::array();
  for (const Story& story : stories) {
    json findings = json::array();
    for (const ExpectedFinding& finding : story.findings) findings.push_back(finding.id);
    scenarios.push_back({{"name", story.id},
                         {"title", story.title},
                         {"command", story.command},
                         {"verdict", story.verdict},
                         {"findings", findings}});
  }
  const json document = {{"kind", "dcv-lab-scenarios"}, {"version", 1}, {"scenarios", scenarios}};
  return document.dump(2) + "\n";
}

Result<bool> export_scenario(const Scenario& scenario, const fs::path& folder) {
  json servers = json::array();
  for (const Server& server : scenario.servers) {
    json addresses = json::array(), zones = json::array();
    for (const ServerAddress& each : server.addresses) addresses.push_back(each.address.text());
    for (const ZoneCopy& zone : server.zones) {
      const std::string name = zone.apex.is_root() ? "root" : zone.apex.prose();
      const std::string file = server.name + "/" + name + ".zone";
      if (auto written = write_file(folder / file, zone_text(zone)); !written) return written;
      zones.push_back({{"apex", zone.apex.text()}, {"file", file}});
    }
    servers.push_back({{"name", server.name}, {"addresses", addresses}, {"zones", zones}});
  }
  return write_file(folder / "servers.json", servers.dump(2) + "\n");
}

}  // namespace dcv::lab
